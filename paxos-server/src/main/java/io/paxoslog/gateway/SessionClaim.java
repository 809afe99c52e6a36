package io.paxoslog.gateway;

import io.paxoslog.codecs.SecretHash;

/** A client says that a session is its own. Open until it is known whether that is so. */
final class SessionClaim {
    private boolean isOpen;
    private boolean hasMissedCommands;
    private long session;
    private SecretHash secret = SecretHash.NONE;
    private long awaited;
    private int attempt;

    /** The newest word counts. */
    void make(long newSession, SecretHash newSecret, long newAwaited, int newAttempt) {
        isOpen = true;
        hasMissedCommands = false;
        session = newSession;
        secret = newSecret;
        awaited = newAwaited;
        attempt = newAttempt;
    }

    void settle() {
        isOpen = false;
    }

    boolean isOpen() {
        return isOpen;
    }

    boolean isOpenFor(long someSession) {
        return isOpen && session == someSession;
    }

    /** Commands came before it was known whether they may be taken: they must come again. */
    void missCommands() {
        hasMissedCommands = true;
    }

    boolean hasMissedCommands() {
        return hasMissedCommands;
    }

    long session() {
        return session;
    }

    SecretHash secret() {
        return secret;
    }

    long awaited() {
        return awaited;
    }

    int attempt() {
        return attempt;
    }
}
