package io.paxoslog.cli;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.log.ChosenSlots;
import java.time.Instant;

/**
 * Compares the values that two nodes hold in the slots which both know chosen: origin ballot,
 * timestamp, kind and bytes.
 */
final class LogComparison {
    private final ChosenSlots left;
    private final ChosenSlots right;
    private final Batch leftPart = new Batch();
    private final Batch leftSlot = new Batch();
    private final Batch rightSlot = new Batch();
    private long differing;
    private long firstDiffering;
    private String leftValue = "";
    private String rightValue = "";

    private LogComparison(ChosenSlots left, ChosenSlots right) {
        this.left = left;
        this.right = right;
    }

    /** Reads both from the first slot that both have to the last. */
    static LogComparison of(ChosenSlots left, ChosenSlots right) {
        LogComparison comparison = new LogComparison(left, right);
        if (comparison.first() <= comparison.last()) {
            left.read(comparison.first(), comparison.last(), comparison::compare);
        }
        return comparison;
    }

    private void compare(Batch ofLeft) {
        right.read(ofLeft.firstSlot(), ofLeft.lastSlot(), ofRight -> compareParts(ofLeft, ofRight));
    }

    private void compareParts(Batch ofLeft, Batch ofRight) {
        leftPart.slice(ofLeft, ofRight.firstSlot(), ofRight.lastSlot());
        if (isSame(leftPart, ofRight)) {
            return;
        }
        for (long slot = ofRight.firstSlot(); slot <= ofRight.lastSlot(); slot++) {
            leftSlot.slice(leftPart, slot, slot);
            rightSlot.slice(ofRight, slot, slot);
            if (!isSame(leftSlot, rightSlot)) {
                differs(slot);
            }
        }
    }

    private static boolean isSame(Batch one, Batch other) {
        return one.kind() == other.kind()
                && one.originBallot() == other.originBallot()
                && one.timestamp() == other.timestamp()
                && one.buffer().equals(other.buffer());
    }

    private void differs(long slot) {
        if (differing == 0) {
            firstDiffering = slot;
            leftValue = text(leftSlot);
            rightValue = text(rightSlot);
        }
        differing++;
    }

    private static String text(Batch slot) {
        String kind =
                switch (slot.kind()) {
                    case Batch.NO_OP -> "no-op";
                    case Batch.COMMANDS -> "command";
                    case Batch.MEMBERSHIP -> "membership";
                    default -> "decision";
                };
        return "%s of %d bytes, origin ballot %s, time %s"
                .formatted(
                        kind,
                        Math.max(0, slot.length() - Batch.ENTRY_PREFIX_BYTES),
                        Ballot.text(slot.originBallot()),
                        Instant.ofEpochSecond(0, slot.timestamp()));
    }

    /** First slot that both hold; above {@link #last} when there is none. */
    long first() {
        return Math.max(left.first(), right.first());
    }

    /** Last slot that both know chosen. */
    long last() {
        return Math.min(left.last(), right.last());
    }

    /** How many slots were compared. */
    long compared() {
        return Math.max(0, last() - first() + 1);
    }

    /** How many of them differ. */
    long differing() {
        return differing;
    }

    /** The first slot that differs; 0 for none. */
    long firstDiffering() {
        return firstDiffering;
    }

    /** What the first node holds in the first slot that differs, for people. */
    String leftValue() {
        return leftValue;
    }

    /** What the second node holds in the first slot that differs, for people. */
    String rightValue() {
        return rightValue;
    }
}
