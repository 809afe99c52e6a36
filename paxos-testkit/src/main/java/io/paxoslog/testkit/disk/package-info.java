/**
 * A disk in memory for journals: files and names that are durable only once they are forced, and
 * all that a real disk does to them. Nothing here knows what a journal writes.
 */
package io.paxoslog.testkit.disk;
