package io.paxoslog.transport;

import io.paxoslog.core.Batch;
import io.paxoslog.core.PeerMessages;
import org.agrona.DirectBuffer;

/** What is said to one listener: at once, or once the disk holds what it rests on. */
final class Speaker implements PeerMessages {
    private final PeerMessages now;
    private final PeerMessages onceBallotIsSynced;
    private final Votes onceValueIsSynced;

    Speaker(PeerMessages now, PeerMessages onceBallotIsSynced, Votes onceValueIsSynced) {
        this.now = now;
        this.onceBallotIsSynced = onceBallotIsSynced;
        this.onceValueIsSynced = onceValueIsSynced;
    }

    /** Says a vote that has waited long enough. */
    void voteNow(long from, long ballot, long upTo) {
        now.accepted(from, ballot, upTo);
    }

    @Override
    public void canvass(long from, long ballot, long commitIndex) {
        now.canvass(from, ballot, commitIndex);
    }

    @Override
    public void canvassed(
            long from, long ballot, boolean granted, long promised, long commitIndex) {
        now.canvassed(from, ballot, granted, promised, commitIndex);
    }

    @Override
    public void prepare(long from, long ballot, long firstSlot) {
        onceBallotIsSynced.prepare(from, ballot, firstSlot);
    }

    @Override
    public void promisedSlots(long from, long ballot, Batch accepted) {
        onceBallotIsSynced.promisedSlots(from, ballot, accepted);
    }

    @Override
    public void promise(long from, long ballot, long commitIndex, long slots, long knows) {
        onceBallotIsSynced.promise(from, ballot, commitIndex, slots, knows);
    }

    @Override
    public void accept(long from, Batch batch, long floor) {
        now.accept(from, batch, floor);
    }

    @Override
    public void accepted(long from, long ballot, long upTo) {
        onceValueIsSynced.hold(from, ballot, upTo);
    }

    @Override
    public void nack(long from, long promised) {
        now.nack(from, promised);
    }

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
            int lease) {
        now.heartbeat(from, ballot, floor, lastSlot, connected, nonce, reported, takenOver, lease);
    }

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
            int granted) {
        now.heartbeatHeard(
                from, ballot, commitIndex, nonce, wallClockNs, priority, knows, stalled, granted);
    }

    @Override
    public void handOver(long from, long ballot, long lastSlot) {
        now.handOver(from, ballot, lastSlot);
    }

    @Override
    public void fetch(long from, long firstSlot, long lastSlot) {
        now.fetch(from, firstSlot, lastSlot);
    }

    @Override
    public void chosen(long from, Batch batch, long burstEnd) {
        now.chosen(from, batch, burstEnd);
    }

    @Override
    public void compacted(long from, long firstKept, long snapshotSlot) {
        now.compacted(from, firstKept, snapshotSlot);
    }

    @Override
    public void fetchSnapshot(long from, long slot, long manifest, int chunk) {
        now.fetchSnapshot(from, slot, manifest, chunk);
    }

    @Override
    public void snapshotPart(
            long from,
            long slot,
            long manifest,
            int chunk,
            DirectBuffer buffer,
            int offset,
            int length) {
        now.snapshotPart(from, slot, manifest, chunk, buffer, offset, length);
    }

    @Override
    public void survey(long from, long ballot) {
        now.survey(from, ballot);
    }

    @Override
    public void surveyed(
            long from, long ballot, long applied, boolean halted, long held, long against) {
        onceBallotIsSynced.surveyed(from, ballot, applied, halted, held, against);
    }

    @Override
    public void stranger(long from, long expected, long clusterId) {
        now.stranger(from, expected, clusterId);
    }

    @Override
    public void question(long from, long nonce) {
        now.question(from, nonce);
    }

    @Override
    public void vouch(long from, long nonce, long ballot) {
        now.vouch(from, nonce, ballot);
    }

    @Override
    public void returning(long from, long promised) {
        now.returning(from, promised);
    }

    @Override
    public void lacksRoom(long from, boolean votesOnReported) {
        now.lacksRoom(from, votesOnReported);
    }

    @Override
    public void hashed(long from, long slot, long hash, long nonce) {
        now.hashed(from, slot, hash, nonce);
    }

    @Override
    public void askHash(long from, long nonce, long slot) {
        now.askHash(from, nonce, slot);
    }

    @Override
    public void askRun(long from, long nonce, long run, long records) {
        now.askRun(from, nonce, run, records);
    }

    @Override
    public void ran(long from, long nonce, long run, long records, long asked, long held) {
        now.ran(from, nonce, run, records, asked, held);
    }

    @Override
    public void confirm(long from, long ballot, long nonce) {
        now.confirm(from, ballot, nonce);
    }

    @Override
    public void confirmed(long from, long ballot, long nonce) {
        now.confirmed(from, ballot, nonce);
    }

    @Override
    public void askIndex(long from, long read) {
        now.askIndex(from, read);
    }

    @Override
    public void indexed(long from, long ballot, long read, long index) {
        now.indexed(from, ballot, read, index);
    }

    @Override
    public void askHighest(long from, long read) {
        now.askHighest(from, read);
    }

    @Override
    public void highest(long from, long read, long lastSlot) {
        now.highest(from, read, lastSlot);
    }

    @Override
    public void allChosen(long from, long ballot, long lastSlot) {
        now.allChosen(from, ballot, lastSlot);
    }

    /** Keeps votes for one listener. */
    @FunctionalInterface
    interface Votes {
        void hold(long from, long ballot, long upTo);
    }
}
