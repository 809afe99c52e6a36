package io.paxoslog.core;

import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Turns what a replica says into letters. */
final class LetterWriter implements PeerMessages {
    private final Post post;

    LetterWriter(Post post) {
        this.post = post;
    }

    @Override
    public void canvass(long from, long ballot, long commitIndex) {
        send(
                "Canvass b=" + Ballot.text(ballot) + " commit=" + commitIndex,
                peer -> peer.canvass(from, ballot, commitIndex));
    }

    @Override
    public void canvassed(
            long from, long ballot, boolean granted, long promised, long commitIndex) {
        send(
                "Canvassed b="
                        + Ballot.text(ballot)
                        + (granted ? " yes" : " no")
                        + " promised="
                        + Ballot.text(promised)
                        + " commit="
                        + commitIndex,
                peer -> peer.canvassed(from, ballot, granted, promised, commitIndex));
    }

    @Override
    public void prepare(long from, long ballot, long firstSlot) {
        send(
                "Prepare b=" + Ballot.text(ballot) + " from=" + firstSlot,
                peer -> peer.prepare(from, ballot, firstSlot));
    }

    @Override
    public void promisedSlots(long from, long ballot, Batch accepted) {
        Batch copy = Batches.copy(accepted);
        send(
                "PromisedSlots b=" + Ballot.text(ballot) + " held " + Batches.text(accepted),
                peer -> peer.promisedSlots(from, ballot, Batches.copy(copy)));
    }

    @Override
    public void promise(long from, long ballot, long commitIndex, long slots, long knows) {
        send(
                "Promise b=" + Ballot.text(ballot) + " commit=" + commitIndex + " slots=" + slots,
                peer -> peer.promise(from, ballot, commitIndex, slots, knows));
    }

    @Override
    public void accept(long from, Batch batch, long floor) {
        Batch copy = Batches.copy(batch);
        send(
                "Accept " + Batches.text(batch) + " floor=" + floor,
                peer -> peer.accept(from, Batches.copy(copy), floor));
    }

    @Override
    public void accepted(long from, long ballot, long upTo) {
        send(
                "Accepted b=" + Ballot.text(ballot) + " upTo=" + upTo,
                peer -> peer.accepted(from, ballot, upTo));
    }

    @Override
    public void nack(long from, long promised) {
        send("Nack promised=" + Ballot.text(promised), peer -> peer.nack(from, promised));
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
        send(
                "Heartbeat b="
                        + Ballot.text(ballot)
                        + " floor="
                        + floor
                        + " last="
                        + lastSlot
                        + (connected ? " connected" : " alone"),
                peer ->
                        peer.heartbeat(
                                from, ballot, floor, lastSlot, connected, nonce, reported,
                                takenOver, lease));
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
        send(
                "HeartbeatHeard b=" + Ballot.text(ballot) + " commit=" + commitIndex,
                peer ->
                        peer.heartbeatHeard(
                                from,
                                ballot,
                                commitIndex,
                                nonce,
                                wallClockNs,
                                priority,
                                knows,
                                stalled,
                                granted));
    }

    @Override
    public void handOver(long from, long ballot, long lastSlot) {
        send(
                "HandOver b=" + Ballot.text(ballot) + " last=" + lastSlot,
                peer -> peer.handOver(from, ballot, lastSlot));
    }

    @Override
    public void fetch(long from, long firstSlot, long lastSlot) {
        send("Fetch " + firstSlot + ".." + lastSlot, peer -> peer.fetch(from, firstSlot, lastSlot));
    }

    @Override
    public void chosen(long from, Batch batch, long burstEnd) {
        Batch copy = Batches.copy(batch);
        send(
                "Chosen " + Batches.text(batch) + " burstEnd=" + burstEnd,
                peer -> peer.chosen(from, Batches.copy(copy), burstEnd));
    }

    @Override
    public void compacted(long from, long firstKept, long snapshotSlot) {
        send(
                "Compacted keptFrom=" + firstKept + " snapshot=" + snapshotSlot,
                peer -> peer.compacted(from, firstKept, snapshotSlot));
    }

    @Override
    public void fetchSnapshot(long from, long slot, long manifest, int chunk) {
        send(
                "FetchSnapshot slot=" + slot + " chunk=" + chunk,
                peer -> peer.fetchSnapshot(from, slot, manifest, chunk));
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
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        send(
                "SnapshotPart slot=" + slot + " chunk=" + chunk,
                peer ->
                        peer.snapshotPart(
                                from, slot, manifest, chunk, new UnsafeBuffer(bytes), 0, length));
    }

    @Override
    public void survey(long from, long ballot) {
        send("Survey b=" + Ballot.text(ballot), peer -> peer.survey(from, ballot));
    }

    @Override
    public void surveyed(
            long from, long ballot, long applied, boolean halted, long held, long against) {
        send(
                "Surveyed b="
                        + Ballot.text(ballot)
                        + " applied="
                        + applied
                        + (halted ? " halted" : "")
                        + (held == 0 ? "" : " held=" + held + " against=" + against),
                peer -> peer.surveyed(from, ballot, applied, halted, held, against));
    }

    @Override
    public void stranger(long from, long expected, long clusterId) {
        send(
                "Stranger expected=" + MemberId.text(expected),
                peer -> peer.stranger(from, expected, clusterId));
    }

    @Override
    public void question(long from, long nonce) {
        send("Question " + Long.toHexString(nonce), peer -> peer.question(from, nonce));
    }

    @Override
    public void vouch(long from, long nonce, long ballot) {
        send("Vouch b=" + Ballot.text(ballot), peer -> peer.vouch(from, nonce, ballot));
    }

    @Override
    public void returning(long from, long promised) {
        send("Returning promised=" + Ballot.text(promised), peer -> peer.returning(from, promised));
    }

    @Override
    public void lacksRoom(long from, boolean votesOnReported) {
        send(
                "LacksRoom" + (votesOnReported ? "" : " all"),
                peer -> peer.lacksRoom(from, votesOnReported));
    }

    @Override
    public void hashed(long from, long slot, long hash, long nonce) {
        send(
                "Hashed slot=" + slot + " hash=" + hash + (nonce == 0 ? "" : " asked"),
                peer -> peer.hashed(from, slot, hash, nonce));
    }

    @Override
    public void askHash(long from, long nonce, long slot) {
        send(
                "AskHash slot=" + slot + " " + Long.toHexString(nonce),
                peer -> peer.askHash(from, nonce, slot));
    }

    @Override
    public void askRun(long from, long nonce, long run, long records) {
        send(
                "AskRun run=" + run + " records=" + records + " " + Long.toHexString(nonce),
                peer -> peer.askRun(from, nonce, run, records));
    }

    @Override
    public void ran(long from, long nonce, long run, long records, long asked, long held) {
        send(
                "Ran run=" + run + " records=" + records + " asked=" + asked + " held=" + held,
                peer -> peer.ran(from, nonce, run, records, asked, held));
    }

    @Override
    public void confirm(long from, long ballot, long nonce) {
        send("Confirm b=" + Ballot.text(ballot), peer -> peer.confirm(from, ballot, nonce));
    }

    @Override
    public void confirmed(long from, long ballot, long nonce) {
        send("Confirmed b=" + Ballot.text(ballot), peer -> peer.confirmed(from, ballot, nonce));
    }

    @Override
    public void askIndex(long from, long read) {
        send("AskIndex " + Long.toHexString(read), peer -> peer.askIndex(from, read));
    }

    @Override
    public void indexed(long from, long ballot, long read, long index) {
        send(
                "Indexed b=" + Ballot.text(ballot) + " index=" + index,
                peer -> peer.indexed(from, ballot, read, index));
    }

    @Override
    public void askHighest(long from, long read) {
        send("AskHighest " + Long.toHexString(read), peer -> peer.askHighest(from, read));
    }

    @Override
    public void highest(long from, long read, long lastSlot) {
        send("Highest last=" + lastSlot, peer -> peer.highest(from, read, lastSlot));
    }

    @Override
    public void allChosen(long from, long ballot, long lastSlot) {
        send(
                "AllChosen b=" + Ballot.text(ballot) + " last=" + lastSlot,
                peer -> peer.allChosen(from, ballot, lastSlot));
    }

    private void send(String text, Consumer<PeerMessages> content) {
        post.take(text, content);
    }

    /** Takes letters in. */
    interface Post {
        void take(String text, Consumer<PeerMessages> content);
    }
}
