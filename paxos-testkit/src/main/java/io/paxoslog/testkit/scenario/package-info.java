/**
 * The scenario language: stories of a few messages, written by hand, played on the production
 * classes. What the commands mean lives here; how nodes, disks and messages behave does not.
 */
package io.paxoslog.testkit.scenario;
