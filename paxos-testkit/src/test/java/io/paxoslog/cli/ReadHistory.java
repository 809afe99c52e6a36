package io.paxoslog.cli;

import io.paxoslog.client.ReadMode;
import io.paxoslog.testkit.linearizability.LinearizabilityChecker;
import io.paxoslog.testkit.linearizability.Operation;
import io.paxoslog.testkit.linearizability.SequentialModel;
import io.paxoslog.testkit.linearizability.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What clients of a store asked for and saw, key by key. Writes and linearizable reads of a key are
 * to be one register's; and every read, of whatever kind, is to show what the log says of the slot
 * that it names. Thread-safe.
 */
final class ReadHistory {
    private static final int MOST_CONFIGURATIONS = 2_000_000;

    /** A value; absent at first. Values are never 0 and never written twice. */
    static final long ABSENT = 0;

    /** One request: a read, a write of a value, or of one in the place of another, a deletion. */
    record Input(boolean isRead, Long expected, long value) {
        static Input read() {
            return new Input(true, null, ABSENT);
        }

        static Input write(long value) {
            return new Input(false, null, value);
        }

        static Input swap(long expected, long value) {
            return new Input(false, expected, value);
        }

        static Input delete() {
            return new Input(false, null, ABSENT);
        }

        boolean isDelete() {
            return !isRead && value == ABSENT;
        }
    }

    /** What came back: what a read saw, or whether a write was done. */
    record Output(long seen, boolean isDone) {}

    private static final class Register implements SequentialModel<Long, Input, Output> {
        @Override
        public Long initial() {
            return ABSENT;
        }

        @Override
        public Long apply(Long state, Input input) {
            return input.isRead || !isDone(state, input) ? state : Long.valueOf(input.value);
        }

        private static boolean isDone(Long state, Input input) {
            return input.expected == null || input.expected.equals(state);
        }

        @Override
        public boolean isPossible(Long state, Input input, Output output) {
            return input.isRead ? output.seen == state : output.isDone == isDone(state, input);
        }
    }

    /** A read, and the slot whose state it says that it saw. */
    private record Seen(ReadMode mode, long slot, long value) {}

    private static final class Key {
        final List<Operation<Input, Output>> operations = new ArrayList<>();
        final NavigableMap<Long, Long> written = new TreeMap<>();
        final Map<Long, Long> slots = new HashMap<>();
        final List<Seen> seen = new ArrayList<>();
        boolean mayBeDeleted;
    }

    private final Map<String, Key> keys = new TreeMap<>();
    private final Map<ReadMode, Integer> counts = new EnumMap<>(ReadMode.class);
    private int writes;
    private int unknown;

    synchronized void wrote(
            String key, Input input, boolean isDone, long slot, long invoked, long returned) {
        Key of = of(key);
        of.operations.add(new Operation<>(input, new Output(ABSENT, isDone), invoked, returned));
        writes++;
        if (isDone) {
            of.written.put(slot, input.value);
            of.slots.put(input.value, slot);
        }
    }

    synchronized void mayHaveWritten(String key, Input input, long invoked) {
        Key of = of(key);
        of.operations.add(Operation.unknown(input, invoked));
        of.mayBeDeleted |= input.isDelete();
        unknown++;
    }

    synchronized void read(
            String key, ReadMode mode, long slot, long value, long invoked, long returned) {
        Key of = of(key);
        if (mode.isLinearizable()) {
            of.operations.add(
                    new Operation<>(Input.read(), new Output(value, true), invoked, returned));
        }
        of.seen.add(new Seen(mode, slot, value));
        counts.merge(mode, 1, Integer::sum);
    }

    private Key of(String key) {
        return keys.computeIfAbsent(key, any -> new Key());
    }

    /** What is wrong with it. */
    synchronized List<String> problems() {
        List<String> problems = new ArrayList<>();
        LinearizabilityChecker<Long, Input, Output> checker =
                new LinearizabilityChecker<>(new Register(), MOST_CONFIGURATIONS);
        keys.forEach(
                (name, key) -> {
                    Verdict verdict = checker.check(key.operations);
                    if (verdict != Verdict.LINEARIZABLE) {
                        problems.add(name + " is " + verdict + ": " + key.operations);
                    }
                    key.seen.forEach(seen -> compare(name, key, seen, problems));
                });
        return problems;
    }

    private static void compare(String name, Key key, Seen seen, List<String> problems) {
        Map.Entry<Long, Long> latest = key.written.floorEntry(seen.slot);
        boolean isRight =
                seen.value == ABSENT
                        ? key.mayBeDeleted || latest == null || latest.getValue() == ABSENT
                        : isOf(key.slots.get(seen.value), seen, latest);
        if (!isRight) {
            problems.add("%s: %s, but the log has %s".formatted(name, seen, key.written));
        }
    }

    /** Of writes whose outcome nobody knows no slot is known either: they may stand anywhere. */
    private static boolean isOf(Long slot, Seen seen, Map.Entry<Long, Long> latest) {
        return slot == null || (slot <= seen.slot && (latest == null || latest.getKey() <= slot));
    }

    synchronized int operations() {
        return writes + counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public synchronized String toString() {
        return "%,d keys, %,d writes, %,d of them unknown, reads %s"
                .formatted(keys.size(), writes + unknown, unknown, counts);
    }
}
