package io.paxoslog.testkit.sim;

import io.paxoslog.apply.Applied;
import io.paxoslog.apply.SnapshotAnswer;
import io.paxoslog.apply.SnapshotJob;
import io.paxoslog.apply.SnapshotSink;
import io.paxoslog.apply.SnapshotSource;
import io.paxoslog.core.Snapshots;
import io.paxoslog.log.Draft;
import io.paxoslog.log.SnapshotHead;
import io.paxoslog.log.SnapshotManifest;
import io.paxoslog.log.SnapshotStore;
import io.paxoslog.service.AppliedHead;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Lets one node take snapshots, as its threads would: has one taken every few slots, writes it step
 * by step, and lets go of the journal below the older one of two.
 */
final class SnapshotDriver implements SnapshotSink, SnapshotSource {
    /** How many complete ones stay: the newest may turn out to be damaged. */
    static final int KEPT = 2;

    private final World world;
    private final SnapshotSwarm swarm;
    private final SimRandom random;
    private final Totals totals;
    private final SimulatedNode node;
    private final BackgroundSteps writer;
    private final SimulatedTransfer transfer;
    private boolean isUnderWay;
    private long answersHeard;
    private long countedFrom;
    private long compactedUpTo;
    private SnapshotJob job;
    private Draft draft;

    SnapshotDriver(World world, Timeline timeline, Totals totals, SimulatedNode node) {
        this.world = world;
        this.swarm = world.swarm().snapshots;
        this.random = swarm.split();
        this.totals = totals;
        this.node = node;
        writer = new BackgroundSteps(world, timeline, random.split(), node, swarm.writeLagMs);
        transfer = new SimulatedTransfer(world, timeline, random.split(), node);
    }

    /** The process is new; returns what moves snapshots between it and others. */
    Snapshots restarted() {
        writer.restarted();
        isUnderWay = false;
        answersHeard = 0;
        countedFrom = node.firstAppliedAbove();
        compactedUpTo = 0;
        job = null;
        draft = null;
        if (node.disk().snapshots().atStart() != null) {
            world.told(node, Deed.START_FROM_A_SNAPSHOT, countedFrom);
        }
        return transfer.restarted();
    }

    /** Looks what came of the last one, and whether the next is due. */
    void look() {
        if (!swarm.isOn) {
            return;
        }
        transfer.poll();
        if (!node.isUp()) {
            return;
        }
        SimulatedService service = world.service(node);
        hearAnswer(service.applied());
        long ahead = service.applied().index() - countedFrom;
        if (!isUnderWay && ahead >= swarm.slotsBetween && service.handedOverUpTo() > newestSlot()) {
            isUnderWay = service.orderSnapshot();
        }
    }

    private void hearAnswer(Applied applied) {
        if (applied.snapshotsAnswered() == answersHeard) {
            return;
        }
        answersHeard = applied.snapshotsAnswered();
        countedFrom = applied.index();
        isUnderWay = applied.snapshotAnswer() == SnapshotAnswer.BEGUN && job != null;
    }

    /** Time has passed: lets go of what need not be kept, and asks again for what does not come. */
    void onTick(long nowTick) {
        if (swarm.isOn) {
            node.perform(this::compact);
        }
        if (node.isUp()) {
            transfer.onTick(nowTick);
        }
    }

    private void compact() {
        long applied = world.service(node).applied().index();
        long kept = Math.min(olderSlot(), transfer.lentSlot());
        long target = Math.min(kept, applied - swarm.slotsKept);
        if (node.disk().compact(target)) {
            world.told(node, Deed.JOURNAL_COMPACTED, target);
        }
        long firstKept = node.disk().firstKept();
        node.replica().keeps(firstKept, newestSlot());
        if (firstKept - 1 > compactedUpTo && world.service(node).compacted(firstKept - 1)) {
            compactedUpTo = firstKept - 1;
        }
    }

    private long newestSlot() {
        return node.disk().snapshots().newestKept();
    }

    private long olderSlot() {
        List<SnapshotManifest> kept = node.disk().snapshots().store().kept();
        return kept.size() < KEPT ? 0 : kept.get(KEPT - 1).slot();
    }

    @Override
    public int pieceBytes() {
        return swarm.pieceBytes;
    }

    @Override
    public void begin(SnapshotJob newJob) {
        job = newJob;
        writer.then(() -> step(this::open));
    }

    @Override
    public void failed(long slot, Throwable cause) {
        throw new SafetyViolation("no view of slot " + slot + ": " + cause);
    }

    private void step(DiskSnapshots.Work work) {
        try {
            writer.atRisk(work);
        } catch (IOException failure) {
            world.told(node, Deed.SNAPSHOT_GIVEN_UP, job.head().slot());
            end();
        }
    }

    private void open() throws IOException {
        draft = node.disk().snapshots().store().begin(headOf(job.head()));
        writer.then(() -> step(this::write));
    }

    private static SnapshotHead headOf(AppliedHead head) {
        return new SnapshotHead(
                head.slot(),
                head.clusterId(),
                head.timeNs(),
                head.hash(),
                head.memberships(),
                head.decisions());
    }

    private void write() throws IOException {
        if (!world.isCalm() && random.chance(swarm.failurePerMille)) {
            totals.count(Fault.SNAPSHOT_FAILS);
            throw new IOException("it fails in the middle");
        }
        boolean isComplete = job.writeSome(draft);
        writer.then(() -> step(isComplete ? this::complete : this::write));
    }

    private void complete() throws IOException {
        SnapshotStore store = node.disk().snapshots().store();
        SnapshotManifest done = draft.complete(job.effects());
        world.reference().snapshot("node " + node.node(), done.slot(), done.id());
        world.told(
                node,
                job.standsStill() ? Deed.SNAPSHOT_TAKEN_STANDING_STILL : Deed.SNAPSHOT_TAKEN,
                job.head().slot());
        end();
        store.keep(KEPT);
    }

    private void end() {
        if (draft != null) {
            draft.close();
        }
        job.close();
        draft = null;
        job = null;
        isUnderWay = false;
    }

    @Override
    public InputStream open(long slot) throws IOException {
        world.told(node, Deed.STATE_RESTORED, slot);
        return node.disk().snapshots().store().read(of(slot));
    }

    @Override
    public byte[] effects(long slot) throws IOException {
        return node.disk().snapshots().store().effects(of(slot));
    }

    private SnapshotManifest of(long slot) throws IOException {
        for (SnapshotManifest one : node.disk().snapshots().store().kept()) {
            if (one.slot() == slot) {
                return one;
            }
        }
        throw new IOException("the snapshot of slot " + slot + " is not there any more");
    }

    /** Slot of the newest one that ends below a slot; 0 when there is none. */
    long newestBelow(long slot) {
        return node.disk().snapshots().store().kept().stream()
                .mapToLong(SnapshotManifest::slot)
                .filter(its -> its < slot)
                .max()
                .orElse(0);
    }
}
