package io.paxoslog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.paxoslog.cli.ReadHistory.Input;

/** A store whose keys hold numbers: how it is asked for what a history notes, and what it says. */
interface Registers {
    /** What a node is started with to serve it. */
    String app();

    /** A command that writes. */
    byte[] command(String key, Input input);

    /** Whether it was done. */
    boolean isDone(Input input, byte[] reply);

    byte[] query(String key);

    /** What a query saw. */
    long seen(byte[] answer);

    static byte[] bytes(String key) {
        return key.getBytes(UTF_8);
    }

    static byte[] bytes(long value) {
        return bytes(Long.toString(value));
    }

    static long number(byte[] text, int from) {
        return Long.parseLong(new String(text, from, text.length - from, UTF_8));
    }
}
