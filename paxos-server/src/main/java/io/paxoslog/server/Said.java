package io.paxoslog.server;

/**
 * What somebody said about a setting.
 *
 * @param text the value
 * @param origin where it came from, as a refusal names it
 */
record Said(String text, String origin) {}
