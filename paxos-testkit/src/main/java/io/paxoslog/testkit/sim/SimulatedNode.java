package io.paxoslog.testkit.sim;

import io.paxoslog.core.Batch;
import io.paxoslog.core.Change;
import io.paxoslog.core.CommittedLog;
import io.paxoslog.core.Decision;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Peers;
import io.paxoslog.core.Replica;
import io.paxoslog.core.ReplicaConfig;
import io.paxoslog.core.ReplicaEvents;
import io.paxoslog.core.Role;
import io.paxoslog.core.Room;
import io.paxoslog.core.SyncRule;
import io.paxoslog.log.Durability;
import io.paxoslog.log.JournalException;
import io.paxoslog.log.SnapshotManifest;
import io.paxoslog.testkit.disk.PowerLoss;
import io.paxoslog.testkit.disk.PowerLost;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One node: a production {@link Replica}, the disk it writes to and the outbox between it and the
 * network. Can be killed between any two calls that its replica makes.
 */
public final class SimulatedNode {
    private static final int NO_FUSE = -1;

    private final int node;
    private final NodeHost host;
    private final Function<SimulatedNode, ReplicaConfig> config;
    private final Observer observer;
    private final SimulatedDisk.Setup setup;
    private final SimulatedOutbox outbox;
    private final NodeReads reads;
    private SimulatedDisk disk;
    private long nextIncarnation;
    private long incarnation;
    private long openings;
    private Replica replica;
    private Room room = Room.COMMANDS;
    private NodeService service;
    private final List<Consumer<NodeService>> toldInRecovery = new ArrayList<>();
    private boolean isUp;
    private boolean hasStopped;
    private boolean isRemoved;
    private boolean hasForgotten;
    private boolean mayHaveForgotten;
    private boolean runsOnOldCopy;
    private int fuse = NO_FUSE;

    /**
     * @param node its id, from 1 on
     * @param segmentBytes room in one file of the journal
     * @param config makes the settings of each start
     */
    public SimulatedNode(
            int node,
            Durability durability,
            Safety safety,
            int segmentBytes,
            Function<SimulatedNode, ReplicaConfig> config,
            NodeHost host) {
        this.node = node;
        this.host = host;
        this.config = config;
        this.outbox = new SimulatedOutbox(this, new SyncRule(durability.valuesWait()));
        this.reads = new NodeReads(this, safety, host);
        this.observer = new Observer(this, safety, durability.valuesWait(), host);
        this.incarnation = firstIncarnation(node);
        this.nextIncarnation = incarnation;
        this.setup =
                new SimulatedDisk.Setup(
                        node,
                        durability,
                        () -> nextIncarnation,
                        () -> ++openings,
                        segmentBytes,
                        host.chunkBytes());
        replaceDisk(new SimulatedDisk(setup));
    }

    /**
     * Starts the process: recovers what the disk holds, then takes part.
     *
     * @return null, or why its journal cannot be used: then the process is down
     */
    public JournalException start(long nowTick, long wallNs) {
        fuse = NO_FUSE;
        isRemoved = false;
        ReplicaConfig settings = config.apply(this);
        outbox.restarted(settings);
        host.done(this, () -> startText(settings, nowTick, wallNs));
        try {
            return recover(settings, nowTick, wallNs);
        } catch (JournalException refused) {
            kill();
            return refused;
        }
    }

    private JournalException recover(ReplicaConfig settings, long nowTick, long wallNs) {
        disk.open();
        service = null;
        toldInRecovery.clear();
        replica =
                new Replica(
                        settings,
                        new JournalTap(disk, () -> !burns()),
                        outbox,
                        new Committed(),
                        outbox,
                        host.snapshotsOf(this),
                        new Events());
        reads.restarted();
        replica.tellReads(reads);
        SnapshotManifest newest = disk.snapshots().atStart();
        if (newest != null) {
            replica.recoverSnapshot(
                    newest.slot(), newest.timeNs(), newest.memberships(), newest.decisions());
        }
        observer.recovers();
        hasForgotten = !disk.replay(replica.recovery());
        if (hasForgotten) {
            kill();
            return null;
        }
        // Votes wait for what tells of the founding: a snapshot alone, whose memberships the power
        // took from the journal, has seen none.
        boolean knewOfFounding = knowsOfFounding();
        observer.starts();
        replica.keeps(disk.firstKept(), disk.snapshots().slotAtStart());
        replica.runs(disk.runs(), disk.forcedRecords());
        disk.forEachUnknown(replica::unknown);
        rebuildState();
        isUp = true;
        room = disk.room();
        replica.room(room);
        perform(() -> replica.start(nowTick, wallNs));
        boolean isReturning = replica.role() == Role.RETURNING;
        if (mayHaveForgotten && knewOfFounding && !isReturning) {
            throw new SafetyViolation(
                    "node " + node + " takes part, though it may have forgotten votes");
        }
        mayHaveForgotten = isReturning;
        return null;
    }

    /** A step of the process, which may be its last. */
    void perform(Runnable step) {
        try {
            step.run();
        } catch (JournalException failure) {
            kill();
            host.diskFailed(this, failure);
        } catch (PowerLost lost) {
            kill();
            host.powerLost(this);
        }
        dieIfBurnt();
    }

    private String startText(ReplicaConfig settings, long nowTick, long wallNs) {
        return "start "
                + node
                + " at="
                + nowTick
                + " seed="
                + settings.seed()
                + " cluster="
                + settings.clusterIdDraw()
                + " wall="
                + wallNs
                + " members="
                + settings.members().stream()
                        .map(voter -> Integer.toString(voter.node()))
                        .collect(Collectors.joining(","))
                + (settings.joins() ? " joins" : "");
    }

    private void rebuildState() {
        service = host.serviceOf(this);
        if (disk.snapshots().atStart() != null) {
            service.jumped(disk.snapshots().slotAtStart());
        }
        toldInRecovery.forEach(word -> word.accept(service));
        toldInRecovery.clear();
        long slot = Math.max(firstAppliedAbove() + 1, disk.firstKept());
        if (slot > firstAppliedAbove() + 1 && disk.damage().isDone()) {
            // Damage may have taken the record of what was known chosen, too.
            observer.lacks(Math.min(slot - 1, replica.commitIndex()));
        }
        while (slot <= replica.commitIndex()) {
            BatchCopy value = disk.valuesFrom(slot, replica.commitIndex());
            if (value == null) {
                observer.lacks(slot);
                slot++;
                continue;
            }
            observer.commits(value);
            service.committed(value.view());
            slot = value.lastSlot() + 1;
        }
        service.recovered();
    }

    /** Hears a message, if the node is up and lets it in. */
    public void hear(Envelope envelope) {
        if (!isUp || !isHeard(envelope)) {
            return;
        }
        host.done(this, () -> "hear " + envelope.link() + " " + envelope.message().text());
        observer.hears(envelope.message());
        host.hears(this, envelope);
        perform(
                () -> {
                    envelope.message().sayTo(replica);
                    replica.endTurn();
                });
    }

    /** A read comes; the turn goes on. */
    public void read(ReadKind kind) {
        if (isUp) {
            host.done(this, () -> "read " + node + " " + kind);
            perform(() -> reads.begin(kind, replica));
        }
    }

    /**
     * The state machine has answered the reads that ask nobody, and its clock shows this: whatever
     * the lease allows is told.
     *
     * @return how many it did not allow
     */
    int answerLeased(long nowTick) {
        return isUp ? reads.answerLeased(nowTick) : 0;
    }

    /**
     * The same of a client, which whoever hears clients knows by a number.
     *
     * @return false when it is not begun, for want of a lease
     */
    boolean readOfClient(ReadKind kind, long number) {
        boolean[] isBegun = new boolean[1];
        if (isUp) {
            host.done(this, () -> "read " + node + " " + kind);
            perform(() -> isBegun[0] = reads.begin(kind, number, replica));
        }
        return isBegun[0];
    }

    /** The reads that came to it since its start. */
    NodeReads reads() {
        return reads;
    }

    private boolean isHeard(Envelope envelope) {
        long from = envelope.message().from();
        return replica.admits(from, envelope.clusterId())
                && (envelope.isAboutRuns() || replica.hears(from, envelope.run()));
    }

    /** Time has come to {@code nowTick} here, and the wall clock shows this. */
    public void tick(long nowTick, long wallNs) {
        if (isUp) {
            host.done(this, () -> "clock " + node + " " + nowTick + " " + wallNs);
            replica.forced(disk.forcedRecords());
            disk.forEachMet(replica::unknown);
            perform(
                    () -> {
                        room = disk.lookForRoom();
                        replica.room(room);
                        replica.onTick(nowTick, wallNs);
                        replica.endTurn();
                    });
        }
    }

    /** An operator wants another node to lead; false when its replica begins nothing. */
    public boolean transfer(int to) {
        boolean[] isBegun = new boolean[1];
        if (isUp) {
            host.done(this, () -> "transfer " + node + " " + to);
            perform(() -> isBegun[0] = replica.transfer(to));
        }
        return isBegun[0];
    }

    /** It is about to stop; false when it hands over to nobody. */
    public boolean leave() {
        boolean[] isWorthWaiting = new boolean[1];
        if (isUp) {
            host.done(this, () -> "leave " + node);
            perform(() -> isWorthWaiting[0] = replica.leave());
        }
        return isWorthWaiting[0];
    }

    /** It is preferred as leader from now on. */
    public void prefer(int priority) {
        if (isUp) {
            host.done(this, () -> "prefer " + node + " " + priority);
            perform(() -> replica.priority(priority));
        }
    }

    /** What its disk had room for when it looked last. */
    Room room() {
        return room;
    }

    /** Proposes entries as one batch; false when the replica does not take them. */
    public boolean propose(List<byte[]> entries) {
        if (!isUp) {
            return false;
        }
        UnsafeBuffer buffer = Entries.encode(entries);
        return propose(entries.size(), buffer, 0, buffer.capacity());
    }

    /** As above, for entries as a batch carries them. */
    boolean propose(int count, DirectBuffer entries, int offset, int length) {
        host.done(this, () -> Entries.proposal(node, Entries.decode(entries, offset, length)));
        boolean[] taken = new boolean[1];
        perform(
                () -> {
                    taken[0] = replica.propose(count, entries, offset, length);
                    if (taken[0]) {
                        host.proposed(this, count);
                    }
                    replica.endTurn();
                });
        return taken[0];
    }

    /** Asks for other members, if the node is up; false when its replica does not begin with it. */
    public boolean change(Change change) {
        boolean[] isBegun = new boolean[1];
        if (isUp) {
            host.done(this, () -> "change " + node + " " + textOf(change));
            perform(() -> isBegun[0] = replica.change(change));
        }
        return isBegun[0];
    }

    private static String textOf(Change change) {
        return change.members().stream()
                        .map(member -> Integer.toString(MemberId.node(member.identity())))
                        .collect(Collectors.joining(","))
                + " prepareQuorum="
                + change.prepareQuorum()
                + " acceptQuorum="
                + change.acceptQuorum()
                + " openSlotLimit="
                + change.openSlotLimit()
                + " previous="
                + change.previous();
    }

    /** Gives the change up that its replica prepares; false when there is none. */
    public boolean giveUpChange() {
        boolean[] isGivenUp = new boolean[1];
        if (isUp) {
            host.done(this, () -> "give-up " + node);
            perform(() -> isGivenUp[0] = replica.giveUpChange());
        }
        return isGivenUp[0];
    }

    /** It is told of a node that may know more of the cluster. */
    public void hint(int other, String address) {
        if (isUp) {
            host.done(this, () -> "hint " + node + " " + other);
            perform(() -> replica.hint(other, address));
        }
    }

    /**
     * A force that covers the first {@code records} records ends: what waited for it leaves, or the
     * process stops because the disk failed.
     */
    public void forced(int records) {
        host.done(this, () -> "sync " + node + " " + (records - disk.forcedEntries()));
        try {
            force(records);
        } catch (PowerLost lost) {
            kill();
            host.powerLost(this);
        }
    }

    private void force(int records) {
        if (!disk.force(records)) {
            kill();
            host.diskFailed(this, null);
            return;
        }
        outbox.release();
        disk.prepare();
    }

    /** The replica says something, which may have to wait for the disk. */
    void says(Envelope envelope) {
        host.said(this, envelope);
    }

    /** A message may leave now. */
    void leave(Envelope envelope) {
        observer.says(envelope.message());
        host.left(this, envelope);
    }

    /** From now on the process has {@code calls} more calls to make; then it is dead. */
    public void lightFuse(int calls) {
        host.done(this, () -> "crash-after " + node + " " + (calls - 1));
        fuse = calls;
    }

    /** Counts one call of the replica into the world; true when it is made by a dead process. */
    boolean burns() {
        if (fuse > 0) {
            fuse--;
        }
        return fuse == 0;
    }

    private void dieIfBurnt() {
        if (fuse == 0) {
            kill();
        }
    }

    /** What its replica says to others, apart from what the replica says itself. */
    Peers peers() {
        return outbox;
    }

    /** Ends the process. Everything it wrote is kept. */
    public void kill() {
        host.done(this, () -> "crash " + node);
        isUp = false;
        outbox.clear();
        disk.kill();
    }

    /** From now on, until it is back, values that it voted for may be missing here. */
    void mayForget() {
        mayHaveForgotten = true;
    }

    /** It takes part again, and that is on stable storage. */
    void returned() {
        mayHaveForgotten = false;
    }

    /** Whether it does not count until it is back, or will not once its disk has failed it. */
    boolean isReturning() {
        return mayHaveForgotten
                || (!setup.durability().valuesWait() && disk.files().isForceBroken());
    }

    /**
     * Ends the process and loses all but the first {@code keep} records; those that were forced are
     * always kept.
     */
    public void losePower(int keep) {
        kill();
        host.done(this, () -> "power-loss " + node + " " + (keep - disk.forcedEntries()));
        disk.losePower(keep);
    }

    /** Ends the process and leaves of what was not forced what a loss of power leaves. */
    void losePower(PowerLoss loss) {
        kill();
        disk.losePower(loss);
    }

    /**
     * As {@link #losePower(int)}, but each page of the rest is left as of some moment of its own.
     */
    public void tear(int pageBytes, long seed) {
        host.done(this, () -> "tear " + node + " " + pageBytes + " " + seed);
        losePower(PowerLoss.ofPages(pageBytes, new SimRandom(seed)::below));
    }

    /**
     * Has its disk do something that disks should not.
     *
     * @return whether there was anything to do it to
     */
    public boolean breakDisk(DiskFault fault, long seed) {
        host.done(this, () -> "disk " + node + " " + fault + " " + seed);
        return fault.happenTo(disk, new SimRandom(seed));
    }

    /** Empties the data directory; the next start draws another identity. */
    public void wipe() {
        kill();
        host.done(this, () -> "wipe " + node);
        replaceDisk(new SimulatedDisk(setup));
        nextIncarnation = incarnation + 1000;
        incarnation = nextIncarnation;
    }

    /** Puts another directory in the place of this node's. */
    public void replaceDisk(SimulatedDisk other) {
        disk = other;
        disk.listenWith(observer);
    }

    public int node() {
        return node;
    }

    /** Of the first directory of a node. */
    static long firstIncarnation(int node) {
        return 100L + node;
    }

    /** The identity the node's directory has now. */
    public long member() {
        return MemberId.of(node, incarnation);
    }

    /** Whether the directory is still the one it was founded with. */
    boolean isOriginal() {
        return incarnation == firstIncarnation(node) && !runsOnOldCopy;
    }

    /** The run that its process is in. */
    long run() {
        return disk.run();
    }

    /**
     * Puts an old copy of its directory in the place of the newest, or takes it away again. Both
     * are of a process that took part and was only killed.
     */
    void replaceDisk(SimulatedDisk other, boolean isOldCopy) {
        kill();
        replaceDisk(other);
        // What the machine did to the one directory it did not do to the other.
        mayHaveForgotten = false;
        runsOnOldCopy = isOldCopy;
    }

    /** Whether an old copy was put in the place of its directory. */
    boolean runsOnOldCopy() {
        return runsOnOldCopy;
    }

    public boolean isUp() {
        return isUp;
    }

    /**
     * Whether its last start found less than it had forced, on a disk that was broken so that
     * nothing proves it: such a node must never take part again.
     */
    boolean hasForgotten() {
        return hasForgotten;
    }

    /** Whether damage that it started with, or met, is to be made good by others. */
    boolean isHealing() {
        return isUp
                && disk.damage().isDone()
                && !hasForgotten
                && isOriginal()
                && disk.firstKept() <= disk.snapshots().newestKept() + 1;
    }

    /** Whether all that it knows chosen can be read, it takes part, and nothing is about to go. */
    boolean isHealed() {
        return isHealing()
                && !disk.isForceBroken()
                && disk.damage().isMet()
                && !mayHaveForgotten
                && replica.unknownSlots() == 0;
    }

    /** Whether it said that it must stop. */
    public boolean hasStopped() {
        return hasStopped;
    }

    /** Whether it stopped as the cluster goes on without it. */
    boolean isRemoved() {
        return isRemoved;
    }

    /** Its replica of the present, or last, start; null before the first. */
    public Replica replica() {
        return replica;
    }

    public SimulatedDisk disk() {
        return disk;
    }

    /**
     * Whether its forced records tell that genesis is chosen, so that no loss of power can take
     * that away.
     */
    boolean isFounded() {
        return disk.hasForcedMembership();
    }

    /** Whether it wrote down that genesis is chosen; before that it has no votes to forget. */
    boolean knowsOfFounding() {
        return disk.hasMembership();
    }

    /** Every slot up to it went through its state machine. */
    public long appliedIndex() {
        return service.appliedIndex();
    }

    /** The slot above which it applies since the start: what lies below, a snapshot holds. */
    public long firstAppliedAbove() {
        return Math.max(disk.jumpedTo(), disk.snapshots().slotAtStart());
    }

    /** What stands above its replica since the present, or last, start. */
    NodeService service() {
        return service;
    }

    /**
     * Reads committed slots from its journal, as the process does; the disk may fail it.
     *
     * @return the next slot
     */
    long readCommitted(long firstSlot, long lastSlot, int maxBytes, Consumer<Batch> handler) {
        long next = disk.read(firstSlot, lastSlot, maxBytes, handler);
        if (next == firstSlot && firstSlot <= lastSlot && !disk.damage().isDone()) {
            throw new SafetyViolation(
                    "node " + node + " is to apply slot " + next + ", which its journal lacks");
        }
        return next;
    }

    private void committed(Batch batch) {
        if (burns()) {
            return;
        }
        BatchCopy copy = BatchCopy.of(batch);
        observer.commits(copy);
        host.committed(this, copy);
        service.committed(batch);
    }

    /** Decides, if the node is up; false when its replica does not take it. */
    boolean decide(Decision decision) {
        boolean[] taken = new boolean[1];
        if (isUp) {
            host.done(this, () -> "decide " + node + " " + decision);
            perform(() -> taken[0] = replica.decide(decision));
        }
        return taken[0];
    }

    /** What the journal tells comes before there is a service to hear it. */
    private final class Committed implements CommittedLog {
        @Override
        public void committed(Batch batch) {
            SimulatedNode.this.committed(batch);
        }

        @Override
        public void jumped(long slot) {
            if (!burns()) {
                observer.jumps(slot);
                host.jumped(SimulatedNode.this, slot);
                service.jumped(slot);
            }
        }

        @Override
        public void decided(long at, Decision decision) {
            tell(heard -> heard.decided(at, decision));
        }

        @Override
        public void held(long slot, long decision) {
            tell(heard -> heard.held(slot, decision));
        }

        private void tell(Consumer<NodeService> word) {
            if (service == null) {
                toldInRecovery.add(word);
            } else if (!burns()) {
                word.accept(service);
            }
        }
    }

    private final class Events implements ReplicaEvents {
        @Override
        public void role(Role role, long ballot, int leader, String why) {
            host.role(SimulatedNode.this, role, ballot, leader, why);
        }

        @Override
        public void mustStop(String why) {
            hasStopped = true;
            fuse = 0;
            host.mustStop(SimulatedNode.this, why);
        }

        @Override
        public void removed(String why) {
            isRemoved = true;
            fuse = 0;
            host.removed(SimulatedNode.this, why);
        }

        @Override
        public void warning(String what) {
            host.warning(SimulatedNode.this, what);
        }
    }
}
