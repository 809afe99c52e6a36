package io.paxoslog.spec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Puts steps into lines, as many from the first on as TLC can follow in seconds. */
final class TraceText {
    private static final int MOST_LINES = 1_000;
    private static final int MOST_SLOTS = 40;
    private static final int MOST_BALLOTS = 20;

    private final String settings;
    private final List<Step> steps = new ArrayList<>();
    private final TreeSet<Long> ballots = new TreeSet<>();
    private final Map<String, Long> voted = new HashMap<>();
    private long lastSlot = 1;

    TraceText(String settings, List<Step> all) {
        this.settings = settings;
        for (Step step : all) {
            boolean isSeen = step.counts() || step.isForcedBefore();
            if (isSeen && !take(step)) {
                return;
            }
        }
    }

    private boolean take(Step step) {
        long slot = Math.max(lastSlot, step.slot);
        boolean isNewBallot = step.ballot != 0 && !ballots.contains(step.ballot);
        if (slot > MOST_SLOTS
                || steps.size() >= MOST_LINES
                || (isNewBallot && ballots.size() >= MOST_BALLOTS)) {
            return false;
        }
        lastSlot = slot;
        if (step.ballot != 0) {
            ballots.add(step.ballot);
        }
        steps.add(step);
        return true;
    }

    /** Nodes, quorums, limit, ballots and slots; then the steps. */
    List<String> lines() {
        BallotNumbers numbers = new BallotNumbers(ballots);
        List<String> lines = new ArrayList<>();
        lines.add(settings + " " + numbers.count() + " " + lastSlot);
        for (Step step : steps) {
            if (step.isForcedBefore()) {
                lines.add("Forced(" + step.node + ")");
            }
            String line = step.counts() ? step.text(numbers) : "";
            if (!line.isEmpty() && !isRepeatedVote(step, line)) {
                lines.add(line);
            }
        }
        return lines;
    }

    /** A vote is told again with every heartbeat. */
    private boolean isRepeatedVote(Step step, String line) {
        if (!line.startsWith("Voted")) {
            return false;
        }
        Long before = voted.put(step.node + " " + step.ballot, step.slot);
        return before != null && before == step.slot;
    }
}
