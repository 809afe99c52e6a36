package io.paxoslog.spec;

import java.util.function.Function;

/**
 * One line of a trace in the making: what a node did, and whether it counts is known only later.
 */
final class Step {
    final int node;
    final long ballot;
    final long slot;
    private final int recordIndex;
    private Function<BallotNumbers, String> text;
    private boolean isForcedBefore;
    private boolean isLost;
    private boolean hasLeft;
    private final boolean needsDiskOrWire;

    private Step(
            int node,
            long ballot,
            long slot,
            int recordIndex,
            boolean needsDiskOrWire,
            Function<BallotNumbers, String> text) {
        this.node = node;
        this.ballot = ballot;
        this.slot = slot;
        this.recordIndex = recordIndex;
        this.needsDiskOrWire = needsDiskOrWire;
        this.text = text;
    }

    /** Something that happened, whatever becomes of the node. */
    static Step done(int node, long ballot, long slot, Function<BallotNumbers, String> text) {
        return new Step(node, ballot, slot, Integer.MAX_VALUE, false, text);
    }

    /** Something that the node remembers after a crash if this record of its journal is kept. */
    static Step recorded(
            int node,
            long ballot,
            long slot,
            int recordIndex,
            Function<BallotNumbers, String> text) {
        return new Step(node, ballot, slot, recordIndex, false, text);
    }

    /** A promise: happened when it is remembered, or when anybody was told. */
    static Step promise(
            int node, long ballot, int recordIndex, Function<BallotNumbers, String> text) {
        return new Step(node, ballot, 0, recordIndex, true, text);
    }

    /** A vote: happened when it left. */
    static Step vote(int node, long ballot, long slot, Function<BallotNumbers, String> text) {
        Step vote = new Step(node, ballot, slot, Integer.MAX_VALUE, true, text);
        vote.isLost = true;
        return vote;
    }

    /** More is known of what it said. */
    void said(Function<BallotNumbers, String> fullText) {
        text = fullText;
    }

    void left() {
        hasLeft = true;
    }

    /**
     * The node crashed, and the first {@code kept} records of its journal are left.
     *
     * @return whether this step is among what it forgot
     */
    boolean isForgotten(int kept) {
        return recordIndex != Integer.MAX_VALUE && recordIndex >= kept;
    }

    void lose() {
        isLost = true;
    }

    /** All that the node did before is forced, as this step is the first that it forgets. */
    void forceBefore() {
        isForcedBefore = true;
    }

    boolean isForcedBefore() {
        return isForcedBefore;
    }

    boolean counts() {
        return !needsDiskOrWire || hasLeft || !isLost;
    }

    String text(BallotNumbers ballots) {
        return text.apply(ballots);
    }
}
