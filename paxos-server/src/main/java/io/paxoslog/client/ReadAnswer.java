package io.paxoslog.client;

/**
 * The state machine's answer to a query.
 *
 * @param slot the state that answered was that of every command up to it, and of none above
 * @param bytes the answer
 */
public record ReadAnswer(long slot, byte[] bytes) {}
