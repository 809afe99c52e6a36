package io.paxoslog.service;

/**
 * The agreed stopwatch: for how long leaders were in touch with a quorum and took commands, as the
 * log has it. What time it is follows wall clocks; this does not, and stands while nobody leads.
 */
final class Stopwatch {
    private long readingMs;
    private long ballot;
    private long ballotSinceMs;

    /** A leader says that so much has passed since it said so last. */
    void advance(long originBallot, long ms) {
        noteLeader(originBallot);
        readingMs += Math.max(0, ms);
    }

    /** Clients have to find another leader first. */
    void noteLeader(long originBallot) {
        if (originBallot != ballot) {
            ballot = originBallot;
            ballotSinceMs = readingMs;
        }
    }

    /** A snapshot says how it stands. */
    void recover(long newReadingMs, long newBallot, long newBallotSinceMs) {
        readingMs = newReadingMs;
        ballot = newBallot;
        ballotSinceMs = newBallotSinceMs;
    }

    long readingMs() {
        return readingMs;
    }

    /** The ballot under which it was heard of last; 0 before the first. */
    long ballot() {
        return ballot;
    }

    /** What it showed when it was heard of under that ballot first. */
    long ballotSinceMs() {
        return ballotSinceMs;
    }
}
