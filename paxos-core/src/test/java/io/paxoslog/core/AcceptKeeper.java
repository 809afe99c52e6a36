package io.paxoslog.core;

import java.util.List;
import org.agrona.DirectBuffer;

/** Keeps a copy of each proposal it hears. */
final class AcceptKeeper implements PeerMessages {
    private final List<Batch> batches;

    AcceptKeeper(List<Batch> batches) {
        this.batches = batches;
    }

    @Override
    public void accept(long from, Batch batch, long floor) {
        batches.add(Batches.copy(batch));
    }

    @Override
    public void canvass(long from, long ballot, long commitIndex) {}

    @Override
    public void canvassed(
            long from, long ballot, boolean granted, long promised, long commitIndex) {}

    @Override
    public void prepare(long from, long ballot, long firstSlot) {}

    @Override
    public void promisedSlots(long from, long ballot, Batch accepted) {}

    @Override
    public void promise(long from, long ballot, long commitIndex, long slots, long knows) {}

    @Override
    public void accepted(long from, long ballot, long upTo) {}

    @Override
    public void nack(long from, long promised) {}

    @Override
    public void heartbeat(
            long from,
            long ballot,
            long floor,
            long lastSlot,
            boolean connected,
            long nonce,
            long reported,
            long takenOver,
            int lease) {}

    @Override
    public void heartbeatHeard(
            long from,
            long ballot,
            long commitIndex,
            long nonce,
            long wallClockNs,
            int priority,
            long knows,
            int stalled,
            int granted) {}

    @Override
    public void handOver(long from, long ballot, long lastSlot) {}

    @Override
    public void fetch(long from, long firstSlot, long lastSlot) {}

    @Override
    public void chosen(long from, Batch batch, long burstEnd) {}

    @Override
    public void compacted(long from, long firstKept, long snapshotSlot) {}

    @Override
    public void fetchSnapshot(long from, long slot, long manifest, int chunk) {}

    @Override
    public void snapshotPart(
            long from,
            long slot,
            long manifest,
            int chunk,
            DirectBuffer buffer,
            int offset,
            int length) {}

    @Override
    public void survey(long from, long ballot) {}

    @Override
    public void surveyed(
            long from, long ballot, long applied, boolean halted, long held, long against) {}

    @Override
    public void stranger(long from, long expected, long clusterId) {}

    @Override
    public void question(long from, long nonce) {}

    @Override
    public void vouch(long from, long nonce, long ballot) {}

    @Override
    public void returning(long from, long promised) {}

    @Override
    public void lacksRoom(long from, boolean votesOnReported) {}

    @Override
    public void hashed(long from, long slot, long hash, long nonce) {}

    @Override
    public void askHash(long from, long nonce, long slot) {}

    @Override
    public void askRun(long from, long nonce, long run, long records) {}

    @Override
    public void ran(long from, long nonce, long run, long records, long asked, long held) {}

    @Override
    public void confirm(long from, long ballot, long nonce) {}

    @Override
    public void confirmed(long from, long ballot, long nonce) {}

    @Override
    public void askIndex(long from, long read) {}

    @Override
    public void indexed(long from, long ballot, long read, long index) {}

    @Override
    public void askHighest(long from, long read) {}

    @Override
    public void highest(long from, long read, long lastSlot) {}

    @Override
    public void allChosen(long from, long ballot, long lastSlot) {}
}
