/**
 * Loads a client and measures it: when commands are meant to leave, what they hold, whether replies
 * are right and how long they took. Nothing in here knows what is behind the client.
 */
package io.paxoslog.bench.load;
