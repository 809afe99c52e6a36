package io.paxoslog.testkit.sim;

import io.paxoslog.client.ClientCore;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.ReadMode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What one client reads, in every mode, and what it is owed: an answer is the state machine's at
 * the slot that it names, that slot is none below the one asked for and none that nobody has
 * committed, and linearizable reads show all that anybody had committed when they were asked. What
 * they show is part of the client's history besides.
 */
final class ClientReadings {
    private static final List<ReadMode> ALL_MODES = List.of(ReadMode.values());
    private static final List<ReadMode> MODES_WITHOUT_LEASES =
            ALL_MODES.stream().filter(mode -> mode != ReadMode.LEASE).toList();

    private static final Set<ClientError> ALLOWED =
            Set.of(ClientError.READ_TIMED_OUT, ClientError.READS_FULL);

    private static final int PATIENT_MS = 1_000_000;

    /**
     * @param owed highest slot that somebody had committed when it was asked
     */
    private record Waiting(ReadMode mode, long slot, long owed, History.Asked asked) {}

    private final ReadSwarm swarm;
    private final SimRandom random;
    private final List<ReadMode> modes;
    private final List<String> members;
    private final Application application;
    private final Reference reference;
    private final History history;
    private final Totals totals;
    private final ClientCore core;
    private final Map<Long, Waiting> waiting = new HashMap<>();
    private final Deque<ReadMode> left = new ArrayDeque<>();
    private long latestSlot;
    private boolean isBound;

    /**
     * @param offersLeases whether nodes do
     * @param members addresses of all who may be asked
     * @param history what the client does and sees; null to keep none
     */
    ClientReadings(
            ReadSwarm swarm,
            boolean offersLeases,
            List<String> members,
            Application application,
            Reference reference,
            History history,
            Totals totals,
            ClientCore core) {
        this.swarm = swarm;
        this.random = swarm.split();
        modes = offersLeases ? ALL_MODES : MODES_WITHOUT_LEASES;
        this.members = members;
        this.application = application;
        this.reference = reference;
        this.history = history;
        this.totals = totals;
        this.core = core;
    }

    /** The client knows of a slot, and may want to see what it left behind. */
    void saw(long slot) {
        latestSlot = Math.max(latestSlot, slot);
    }

    /** Whether the client may write now; some do it seldom. */
    boolean mayWrite() {
        return random.chance(swarm.writePerMille);
    }

    /** Reads now and then, and what is left to be read. */
    void step(boolean mayAsk, long nowMs) {
        while (!left.isEmpty() && ask(left.peek(), 0, PATIENT_MS, nowMs)) {
            left.remove();
        }
        if (!mayAsk || !random.chance(swarm.readPerMille)) {
            return;
        }
        if (!isBound && random.chance(swarm.hopPerMille)) {
            core.readFrom(members.get(random.below(members.size())));
        }
        int reads = random.between(1, swarm.mostAtOnce);
        for (int i = 0; i < reads; i++) {
            read(modes.get(random.below(modes.size())), nowMs);
        }
    }

    private void read(ReadMode mode, long nowMs) {
        boolean namesSlot = mode == ReadMode.AT_LEAST || random.chance(100);
        long slot = namesSlot ? Math.max(0, latestSlot + random.between(-2, 1)) : 0;
        ask(mode, slot, random.between(swarm.timeoutMs / 4, swarm.timeoutMs), nowMs);
    }

    /** From now on one node is asked what any may answer; null: any of them. */
    void readFrom(String address) {
        isBound = address != null;
        core.readFrom(address);
    }

    /** Is to read once more in each mode, and to wait however long that takes. */
    void readEach() {
        left.addAll(modes);
    }

    /** Returns whether there was room. */
    private boolean ask(ReadMode mode, long slot, int timeoutMs, long nowMs) {
        byte[] query = application.query(random);
        long read =
                core.read(mode, slot, timeoutMs, new UnsafeBuffer(query), 0, query.length, nowMs);
        if (read < 0) {
            ClientError why = ClientError.of(read);
            require(why == ClientError.WINDOW_FULL, mode + " is not taken: " + why);
            return false;
        }
        History.Asked asked = history == null ? new History.Asked(query, 0) : history.asks(query);
        waiting.put(read, new Waiting(mode, slot, reference.appliedIndex(), asked));
        return true;
    }

    /** An answer came. */
    void answered(long read, long slot, DirectBuffer answer, int offset, int length) {
        Waiting of = waiting.remove(read);
        require(of != null, "an answer to no read that waits: " + read);
        totals.count(deedOf(of.mode));
        reference.shows(slot, of.asked.command(), answer, offset, length);
        if (reference.isStrict()) {
            long due = of.mode.isLinearizable() ? Math.max(of.slot, of.owed) : of.slot;
            require(slot >= due, of.mode + " shows slot " + slot + ", where " + due + " is due");
        }
        if (of.mode.isLinearizable() && history != null) {
            history.answered(of.asked, answer, offset);
        }
        saw(slot);
    }

    /** A read has no answer. */
    void failed(long read, ClientError why, String about) {
        Waiting of = waiting.remove(read);
        require(of != null, "no read that waits fails: " + read);
        require(ALLOWED.contains(why), of.mode + " fails: " + why + " " + about);
        totals.count(Deed.CLIENT_READ_GIVEN_UP);
    }

    private static Deed deedOf(ReadMode mode) {
        return switch (mode) {
            case LOG -> Deed.CLIENT_READ_BY_LOG;
            case READ_INDEX -> Deed.CLIENT_READ_BY_INDEX;
            case LEASE -> Deed.CLIENT_READ_BY_LEASE;
            case FOLLOWER -> Deed.CLIENT_READ_BY_FOLLOWER;
            case QUORUM -> Deed.CLIENT_READ_BY_QUORUM;
            case AT_LEAST -> Deed.CLIENT_READ_AT_LEAST;
            case STALE -> Deed.CLIENT_READ_STALE;
        };
    }

    /** Whether all that it wanted to read is answered, or given up. */
    boolean hasFinished() {
        return left.isEmpty() && waiting.isEmpty();
    }

    private static void require(boolean isRight, String otherwise) {
        if (!isRight) {
            throw new SafetyViolation("a client reads: " + otherwise);
        }
    }
}
