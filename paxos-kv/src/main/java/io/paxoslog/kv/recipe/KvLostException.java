package io.paxoslog.kv.recipe;

/** The lease is gone, and with it what was held by it. */
public final class KvLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    KvLostException(String message) {
        super(message);
    }
}
