package io.paxoslog.spec;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Role;
import io.paxoslog.testkit.sim.BatchCopy;
import io.paxoslog.testkit.sim.Envelope;
import io.paxoslog.testkit.sim.JournalRecord;
import io.paxoslog.testkit.sim.Message;
import io.paxoslog.testkit.sim.SimulatedNode;
import io.paxoslog.testkit.sim.Simulation;
import io.paxoslog.testkit.sim.Watcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Watches a simulation and writes down each protocol step, in the words of {@code Traces.tla}. */
final class TraceRecorder implements Watcher {
    private final List<Step> steps = new ArrayList<>();
    private final Map<Integer, NodeMemory> memories = new HashMap<>();
    private final IdentityHashMap<Envelope, Step> waiting = new IdentityHashMap<>();
    private final Map<Long, Long> proposedUpTo = new HashMap<>();
    private final Map<Long, Long> countedUpTo = new HashMap<>();
    private String settings = "";
    private boolean isSync;
    private boolean isOver;

    /**
     * Plays a seed and returns its trace as text: the settings, then a line for each step.
     *
     * @return empty when the seed draws a mode that traces do not cover
     */
    public static String record(long seed) {
        TraceRecorder recorder = new TraceRecorder();
        Simulation.watch(seed, recorder);
        return recorder.isSync ? recorder.text() : "";
    }

    private String text() {
        return String.join("\n", new TraceText(settings, steps).lines());
    }

    private NodeMemory memory(SimulatedNode node) {
        return memories.computeIfAbsent(node.node(), id -> new NodeMemory(node.member()));
    }

    private void add(Step step) {
        if (!isOver) {
            steps.add(step);
        }
    }

    @Override
    public void settings(
            int nodes, int prepareQuorum, int acceptQuorum, int openSlotLimit, boolean valuesWait) {
        settings = nodes + " " + prepareQuorum + " " + acceptQuorum + " " + openSlotLimit;
        isSync = valuesWait;
    }

    @Override
    public void started(SimulatedNode node) {
        NodeMemory memory = memory(node);
        if (memory.member != node.member()) {
            // An empty directory under a known id takes no part any more.
            isOver = true;
        }
        if (memory.starts++ > 0) {
            forget(node.node(), memory, node.disk().writtenEntries());
            add(restart(node));
        }
        memory.restart(node.replica().commitIndex());
    }

    private void forget(int node, NodeMemory memory, int kept) {
        boolean isFirst = true;
        for (int i = memory.firstStep; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step.node == node && step.isForgotten(kept)) {
                step.lose();
                if (isFirst) {
                    step.forceBefore();
                }
                isFirst = false;
            }
        }
        if (isFirst) {
            add(Step.done(node, 0, 0, b -> "Forced(" + node + ")"));
        }
        memory.firstStep = steps.size();
    }

    private static Step restart(SimulatedNode node) {
        long promised = node.replica().ballot();
        long commit = node.replica().commitIndex();
        Map<Long, BatchCopy> held = new TreeMap<>();
        node.disk()
                .forEach(
                        entry -> {
                            if (entry instanceof JournalRecord.Accepted accepted) {
                                accepted.slots()
                                        .forEachSlot(slot -> held.put(slot, accepted.slots()));
                            }
                        });
        held.keySet().removeIf(slot -> slot <= commit);
        int id = node.node();
        return Step.done(
                id,
                promised,
                commit,
                b ->
                        "Restarted(%d, %d, %d, %s)"
                                .formatted(id, b.of(promised), commit, HeldText.of(held, b)));
    }

    @Override
    public void written(SimulatedNode node, JournalRecord entry) {
        NodeMemory memory = memory(node);
        int index = node.disk().writtenEntries() - 1;
        int a = node.node();
        if (entry instanceof JournalRecord.Promised promised) {
            long ballot = promised.ballot();
            Step step =
                    Step.promise(
                            a, ballot, index, b -> "Promised(%d, %d)".formatted(a, b.of(ballot)));
            memory.promise = step;
            add(step);
        } else if (entry instanceof JournalRecord.Accepted accepted) {
            accepted.slots().forEachSlot(slot -> accepted(a, index, slot, accepted.slots()));
        } else if (entry instanceof JournalRecord.Chosen chosen) {
            memory.values.put(chosen.slots());
            learnt(node, index, 0, chosen.slots().lastSlot());
        } else if (entry instanceof JournalRecord.Committed committed) {
            counted(node, committed.ballot(), committed.upTo());
            learnt(node, index, committed.ballot(), committed.upTo());
        }
    }

    private void accepted(int a, int index, long slot, BatchCopy batch) {
        long ballot = batch.ballot();
        add(
                Step.recorded(
                        a,
                        ballot,
                        slot,
                        index,
                        b ->
                                "Accepted(%d, %d, %d, %d)"
                                        .formatted(
                                                a,
                                                b.of(ballot),
                                                slot,
                                                HeldText.value(b, batch, slot))));
    }

    private void counted(SimulatedNode node, long ballot, long upTo) {
        int a = node.node();
        if (Ballot.owner(ballot) != a || !countedUpTo.containsKey(ballot)) {
            return;
        }
        for (long slot = countedUpTo.get(ballot) + 1; slot <= upTo; slot++) {
            String from = memory(node).votersFor(ballot, slot);
            long counted = slot;
            add(
                    Step.done(
                            a,
                            ballot,
                            slot,
                            b ->
                                    "Counted(%d, %d, %d, %s)"
                                            .formatted(a, b.of(ballot), counted, from)));
        }
        countedUpTo.merge(ballot, upTo, Math::max);
    }

    private void learnt(SimulatedNode node, int index, long ballot, long upTo) {
        NodeMemory memory = memory(node);
        int a = node.node();
        for (long slot = memory.commitIndex + 1; slot <= upTo; slot++) {
            long learnt = slot;
            BatchCopy batch = memory.values.at(slot);
            add(
                    Step.recorded(
                            a,
                            ballot,
                            slot,
                            index,
                            b ->
                                    "Learnt(%d, %d, %d, %d)"
                                            .formatted(
                                                    a,
                                                    b.of(ballot),
                                                    learnt,
                                                    HeldText.value(b, batch, learnt))));
        }
        memory.commitIndex = Math.max(memory.commitIndex, upTo);
    }

    @Override
    public void committed(SimulatedNode node, BatchCopy batch) {
        memory(node).values.put(batch);
    }

    @Override
    public void hears(SimulatedNode node, Envelope envelope) {
        NodeMemory memory = memory(node);
        int from = envelope.fromNode();
        if (envelope.message() instanceof Message.Prepare prepare) {
            memory.prepareFirst = prepare.firstSlot();
        } else if (envelope.message() instanceof Message.Promise promise) {
            memory.hearPromise(promise.ballot(), from);
        } else if (envelope.message() instanceof Message.Accepted vote) {
            memory.hearVote(vote.ballot(), from, vote.upTo());
        }
    }

    @Override
    public void said(SimulatedNode node, Envelope envelope) {
        if (envelope.message() instanceof Message.Accept accept) {
            proposed(node.node(), accept.slots());
        } else if (envelope.message() instanceof Message.Accepted vote) {
            voted(node.node(), envelope, vote);
        } else if (envelope.message() instanceof Message.PromisedSlots part) {
            part.slots().forEachSlot(slot -> memory(node).reported.put(slot, part.slots()));
        } else if (envelope.message() instanceof Message.Promise promise) {
            answered(node, envelope, promise);
        }
    }

    private void proposed(int a, BatchCopy batch) {
        long ballot = batch.ballot();
        batch.forEachSlot(
                slot -> {
                    if (slot > proposedUpTo.getOrDefault(ballot, 0L)) {
                        proposedUpTo.put(ballot, slot);
                        add(
                                Step.done(
                                        a,
                                        ballot,
                                        slot,
                                        b ->
                                                "Proposed(%d, %d, %d, %d)"
                                                        .formatted(
                                                                a,
                                                                b.of(ballot),
                                                                slot,
                                                                HeldText.value(b, batch, slot))));
                    }
                });
    }

    private void voted(int a, Envelope envelope, Message.Accepted vote) {
        Step step =
                Step.vote(
                        a,
                        vote.ballot(),
                        vote.upTo(),
                        b -> "Voted(%d, %d, %d)".formatted(a, b.of(vote.ballot()), vote.upTo()));
        waiting.put(envelope, step);
        add(step);
    }

    private void answered(SimulatedNode node, Envelope envelope, Message.Promise promise) {
        NodeMemory memory = memory(node);
        Map<Long, BatchCopy> held = new TreeMap<>(memory.reported);
        memory.reported.clear();
        Step step = memory.promise;
        memory.promise = null;
        if (step == null || step.ballot != promise.ballot()) {
            return;
        }
        int a = node.node();
        long first = memory.prepareFirst;
        step.said(
                b ->
                        "Answered(%d, %d, %d, %d, %s)"
                                .formatted(
                                        a,
                                        b.of(promise.ballot()),
                                        promise.commitIndex(),
                                        first,
                                        HeldText.of(held, b)));
        waiting.put(envelope, step);
    }

    @Override
    public void left(SimulatedNode node, Envelope envelope) {
        Step step = waiting.remove(envelope);
        if (step != null) {
            step.left();
        }
    }

    @Override
    public void role(SimulatedNode node, Role role, long ballot) {
        if (role != Role.LEADING) {
            return;
        }
        int a = node.node();
        long start = node.replica().commitIndex() + 1;
        String from = memory(node).promisersOf(ballot);
        proposedUpTo.put(ballot, start - 1);
        countedUpTo.put(ballot, start - 1);
        add(
                Step.done(
                        a,
                        ballot,
                        start,
                        b -> "Leads(%d, %d, %d, %s)".formatted(a, b.of(ballot), start, from)));
    }
}
