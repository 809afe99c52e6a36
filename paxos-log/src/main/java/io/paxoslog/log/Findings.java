package io.paxoslog.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with the files of a node: the first of it in full, all of it counted. */
final class Findings {
    static final int MOST_KEPT = 1_000;

    private static final String REPLACE =
            "start no node on it, and replace the node, or put the file back from a copy of this"
                    + " directory that was made after its node was stopped";
    private static final String MADE_GOOD =
            "made good since: what it held stands in a later record, or in a snapshot; check the"
                    + " disk";
    private static final String KEEP =
            "a rule of the node was broken: keep the directory and the logs, and start no node on"
                    + " it";

    private final List<JournalVerifier.Finding> kept = new ArrayList<>();
    private long count;

    /** Bytes are not as they were written, or not there. */
    void damage(Path file, long offset, long firstSlot, long lastSlot, String what) {
        add(new JournalVerifier.Finding(file, offset, firstSlot, lastSlot, what, REPLACE));
    }

    /** Bytes are not as they were written, and what they said stands elsewhere. */
    void repaired(Path file, long offset, long firstSlot, long lastSlot, String what) {
        add(new JournalVerifier.Finding(file, offset, firstSlot, lastSlot, what, MADE_GOOD));
    }

    /** Records are as they were written, and must not have been. */
    void breach(Path file, long offset, long firstSlot, long lastSlot, String what) {
        add(new JournalVerifier.Finding(file, offset, firstSlot, lastSlot, what, KEEP));
    }

    /** A snapshot cannot be used. */
    void snapshot(Path file, long slot, String what, String todo) {
        add(new JournalVerifier.Finding(file, -1, 1, slot, what, todo));
    }

    private void add(JournalVerifier.Finding finding) {
        count++;
        if (kept.size() < MOST_KEPT) {
            kept.add(finding);
        }
    }

    long count() {
        return count;
    }

    List<JournalVerifier.Finding> kept() {
        return List.copyOf(kept);
    }
}
