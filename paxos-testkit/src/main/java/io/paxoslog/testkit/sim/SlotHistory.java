package io.paxoslog.testkit.sim;

import java.util.ArrayList;
import java.util.List;

/** All that was ever proposed and accepted at one slot: one line a ballot. */
final class SlotHistory {
    /** One ballot's proposal and those who hold it. */
    static final class Line {
        final long ballot;
        final long value;
        int holders;

        Line(long ballot, long value) {
            this.ballot = ballot;
            this.value = value;
        }
    }

    private final List<Line> lines = new ArrayList<>(2);
    private long chosenValue;
    private long chosenBallot;
    private boolean isChosen;

    /** The line of a ballot, or null. */
    Line find(long ballot) {
        for (Line line : lines) {
            if (line.ballot == ballot) {
                return line;
            }
        }
        return null;
    }

    /** The line of a ballot, a new one if there is none. */
    Line of(long ballot, long value) {
        Line line = find(ballot);
        if (line == null) {
            line = new Line(ballot, value);
            lines.add(line);
        }
        return line;
    }

    List<Line> lines() {
        return lines;
    }

    boolean isChosen() {
        return isChosen;
    }

    long chosenValue() {
        return chosenValue;
    }

    /** Lowest ballot under which a quorum is known to have accepted it. */
    long chosenBallot() {
        return chosenBallot;
    }

    void choose(Line line) {
        if (!isChosen || line.ballot < chosenBallot) {
            chosenBallot = line.ballot;
        }
        chosenValue = line.value;
        isChosen = true;
    }
}
