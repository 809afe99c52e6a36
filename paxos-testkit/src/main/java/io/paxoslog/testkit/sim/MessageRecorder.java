package io.paxoslog.testkit.sim;

import io.paxoslog.core.Batch;
import io.paxoslog.core.PeerMessages;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/** Turns what a replica says into {@link Message} objects. */
final class MessageRecorder implements PeerMessages {
    private final Consumer<Message> listener;

    MessageRecorder(Consumer<Message> listener) {
        this.listener = listener;
    }

    @Override
    public void canvass(long from, long ballot, long commitIndex) {
        listener.accept(new Message.Canvass(from, ballot, commitIndex));
    }

    @Override
    public void canvassed(
            long from, long ballot, boolean granted, long promised, long commitIndex) {
        listener.accept(new Message.Canvassed(from, ballot, granted, promised, commitIndex));
    }

    @Override
    public void prepare(long from, long ballot, long firstSlot) {
        listener.accept(new Message.Prepare(from, ballot, firstSlot));
    }

    @Override
    public void promisedSlots(long from, long ballot, Batch accepted) {
        listener.accept(new Message.PromisedSlots(from, ballot, BatchCopy.of(accepted)));
    }

    @Override
    public void promise(long from, long ballot, long commitIndex, long slots, long knows) {
        listener.accept(new Message.Promise(from, ballot, commitIndex, slots, knows));
    }

    @Override
    public void accept(long from, Batch batch, long floor) {
        listener.accept(new Message.Accept(from, BatchCopy.of(batch), floor));
    }

    @Override
    public void accepted(long from, long ballot, long upTo) {
        listener.accept(new Message.Accepted(from, ballot, upTo));
    }

    @Override
    public void nack(long from, long promised) {
        listener.accept(new Message.Nack(from, promised));
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
        listener.accept(
                new Message.Heartbeat(
                        from, ballot, floor, lastSlot, connected, nonce, reported, takenOver,
                        lease));
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
        listener.accept(
                new Message.HeartbeatHeard(
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
        listener.accept(new Message.HandOver(from, ballot, lastSlot));
    }

    @Override
    public void fetch(long from, long firstSlot, long lastSlot) {
        listener.accept(new Message.Fetch(from, firstSlot, lastSlot));
    }

    @Override
    public void chosen(long from, Batch batch, long burstEnd) {
        listener.accept(new Message.Chosen(from, BatchCopy.of(batch), burstEnd));
    }

    @Override
    public void compacted(long from, long firstKept, long snapshotSlot) {
        listener.accept(new Message.Compacted(from, firstKept, snapshotSlot));
    }

    @Override
    public void fetchSnapshot(long from, long slot, long manifest, int chunk) {
        listener.accept(new Message.FetchSnapshot(from, slot, manifest, chunk));
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
        String hex = HexFormat.of().formatHex(bytes);
        listener.accept(new Message.SnapshotPart(from, slot, manifest, chunk, hex));
    }

    @Override
    public void survey(long from, long ballot) {
        listener.accept(new Message.Survey(from, ballot));
    }

    @Override
    public void surveyed(
            long from, long ballot, long applied, boolean halted, long held, long against) {
        listener.accept(new Message.Surveyed(from, ballot, applied, halted, held, against));
    }

    @Override
    public void stranger(long from, long expected, long clusterId) {
        listener.accept(new Message.Stranger(from, expected, clusterId));
    }

    @Override
    public void question(long from, long nonce) {
        listener.accept(new Message.Question(from, nonce));
    }

    @Override
    public void vouch(long from, long nonce, long ballot) {
        listener.accept(new Message.Vouch(from, nonce, ballot));
    }

    @Override
    public void returning(long from, long promised) {
        listener.accept(new Message.Returning(from, promised));
    }

    @Override
    public void lacksRoom(long from, boolean votesOnReported) {
        listener.accept(new Message.LacksRoom(from, votesOnReported));
    }

    @Override
    public void hashed(long from, long slot, long hash, long nonce) {
        listener.accept(new Message.Hashed(from, slot, hash, nonce));
    }

    @Override
    public void askHash(long from, long nonce, long slot) {
        listener.accept(new Message.AskHash(from, nonce, slot));
    }

    @Override
    public void askRun(long from, long nonce, long run, long records) {
        listener.accept(new Message.AskRun(from, nonce, run, records));
    }

    @Override
    public void ran(long from, long nonce, long run, long records, long asked, long held) {
        listener.accept(new Message.Ran(from, nonce, run, records, asked, held));
    }

    @Override
    public void confirm(long from, long ballot, long nonce) {
        listener.accept(new Message.Confirm(from, ballot, nonce));
    }

    @Override
    public void confirmed(long from, long ballot, long nonce) {
        listener.accept(new Message.Confirmed(from, ballot, nonce));
    }

    @Override
    public void askIndex(long from, long read) {
        listener.accept(new Message.AskIndex(from, read));
    }

    @Override
    public void indexed(long from, long ballot, long read, long index) {
        listener.accept(new Message.Indexed(from, ballot, read, index));
    }

    @Override
    public void askHighest(long from, long read) {
        listener.accept(new Message.AskHighest(from, read));
    }

    @Override
    public void allChosen(long from, long ballot, long lastSlot) {
        listener.accept(new Message.AllChosen(from, ballot, lastSlot));
    }

    @Override
    public void highest(long from, long read, long lastSlot) {
        listener.accept(new Message.Highest(from, read, lastSlot));
    }
}
