package io.paxoslog.spec;

import io.paxoslog.testkit.sim.BatchCopy;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes values and slots that hold them in TLA+. */
final class HeldText {
    private HeldText() {}

    /** The number of the value a batch holds at a slot. */
    static int value(BallotNumbers numbers, BatchCopy batch, long slot) {
        return numbers.value(slot, batch.view().originBallot(), batch.value(slot));
    }

    /** A set of slot, ballot and value. */
    static String of(Map<Long, BatchCopy> held, BallotNumbers numbers) {
        return held.entrySet().stream()
                .map(
                        e ->
                                "<<%d, %d, %d>>"
                                        .formatted(
                                                e.getKey(),
                                                numbers.of(e.getValue().ballot()),
                                                value(numbers, e.getValue(), e.getKey())))
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
