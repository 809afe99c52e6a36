package io.paxoslog.spec;

import io.paxoslog.testkit.sim.BatchCopy;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a recorder remembers of one node: what it heard since its start, and how far it is. */
final class NodeMemory {
    final long member;
    final Map<Long, BatchCopy> reported = new TreeMap<>();
    final SlotValues values = new SlotValues();
    int starts;
    int firstStep;
    long commitIndex;
    long prepareFirst;
    Step promise;
    private final Map<Long, TreeSet<Integer>> promisers = new HashMap<>();
    private final Map<Long, Map<Integer, Long>> votes = new HashMap<>();

    /** Values by slot. */
    static final class SlotValues {
        private final Map<Long, BatchCopy> batches = new HashMap<>();

        void put(BatchCopy batch) {
            batch.forEachSlot(slot -> batches.put(slot, batch));
        }

        BatchCopy at(long slot) {
            return batches.get(slot);
        }
    }

    NodeMemory(long member) {
        this.member = member;
    }

    /** The node starts with what its disk holds. */
    void restart(long recoveredCommitIndex) {
        commitIndex = recoveredCommitIndex;
        promise = null;
        reported.clear();
        promisers.clear();
        votes.clear();
    }

    void hearPromise(long ballot, int from) {
        promisers.computeIfAbsent(ballot, b -> new TreeSet<>()).add(from);
    }

    void hearVote(long ballot, int from, long upTo) {
        votes.computeIfAbsent(ballot, b -> new TreeMap<>()).merge(from, upTo, Math::max);
    }

    /** The nodes whose promise it heard, as a set in TLA+. */
    String promisersOf(long ballot) {
        return set(promisers.getOrDefault(ballot, new TreeSet<>()));
    }

    /** The nodes whose vote for a slot it heard, as a set in TLA+. */
    String votersFor(long ballot, long slot) {
        TreeSet<Integer> voters = new TreeSet<>();
        votes.getOrDefault(ballot, Map.of())
                .forEach(
                        (from, upTo) -> {
                            if (upTo >= slot) {
                                voters.add(from);
                            }
                        });
        return set(voters);
    }

    private static String set(Set<Integer> nodes) {
        return nodes.stream().map(String::valueOf).collect(Collectors.joining(", ", "{", "}"));
    }
}
