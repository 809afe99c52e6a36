/**
 * Carries the peer messages of a replica over Aeron, and holds back what the disk does not hold
 * yet. Bytes and connections live here, decisions of the protocol do not.
 */
package io.paxoslog.transport;
