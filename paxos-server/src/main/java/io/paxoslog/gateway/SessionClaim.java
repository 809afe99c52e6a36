package io.paxoslog.gateway;

/** A client says that a session is its own. Open until it is known whether that is so. */
final class SessionClaim {
    private Claim claim;
    private boolean isOpen;
    private boolean hasMissedCommands;

    /** The newest word counts. */
    void make(Claim newClaim) {
        claim = newClaim;
        isOpen = true;
        hasMissedCommands = false;
    }

    void settle() {
        isOpen = false;
    }

    boolean isOpen() {
        return isOpen;
    }

    boolean isOpenFor(long someSession) {
        return isOpen && claim.session() == someSession;
    }

    /** Commands came before it was known whether they may be taken: they must come again. */
    void missCommands() {
        hasMissedCommands = true;
    }

    boolean hasMissedCommands() {
        return hasMissedCommands;
    }

    /** What was said; null before anything was. */
    Claim claim() {
        return claim;
    }
}
