/**
 * The simulator from the command line: plays seeds, plays one again, makes a short scenario of it.
 * Nothing of how a simulation works lives here.
 */
package io.paxoslog.testkit.cli;
