package io.paxoslog.gateway;

import io.paxoslog.codecs.SecretHash;

/**
 * What a client says who brings a session.
 *
 * @param secret the hash of what shows that it is his
 * @param awaited the first reply that he lacks
 * @param attempt counts what one process of the client says
 * @param life which process that is: attempts of different ones do not count together
 * @param eventSlot slot of the last event that he has; 0: none
 * @param eventIndex which event of that slot it is
 */
record Claim(
        long session,
        SecretHash secret,
        long awaited,
        int attempt,
        long life,
        long eventSlot,
        int eventIndex) {}
