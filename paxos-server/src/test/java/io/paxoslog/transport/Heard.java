package io.paxoslog.transport;

import io.paxoslog.core.Batch;
import io.paxoslog.core.PeerMessages;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.DirectBuffer;

/** Writes down every message it hears, one line each. */
class Heard implements PeerMessages {
    final List<String> lines = new ArrayList<>();

    @Override
    public void canvass(long from, long ballot, long commitIndex) {
        note("canvass", from, ballot, commitIndex);
    }

    @Override
    public void canvassed(
            long from, long ballot, boolean granted, long promised, long commitIndex) {
        note("canvassed", from, ballot, granted, promised, commitIndex);
    }

    @Override
    public void prepare(long from, long ballot, long firstSlot) {
        note("prepare", from, ballot, firstSlot);
    }

    @Override
    public void promisedSlots(long from, long ballot, Batch accepted) {
        note("promisedSlots", from, ballot, text(accepted));
    }

    @Override
    public void promise(long from, long ballot, long commitIndex, long slots, long knows) {
        note("promise", from, ballot, commitIndex, slots, knows);
    }

    @Override
    public void accept(long from, Batch batch, long floor) {
        note("accept", from, text(batch), floor);
    }

    @Override
    public void accepted(long from, long ballot, long upTo) {
        note("accepted", from, ballot, upTo);
    }

    @Override
    public void nack(long from, long promised) {
        note("nack", from, promised);
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
        note(
                "heartbeat",
                from,
                ballot,
                floor,
                lastSlot,
                connected,
                nonce,
                reported,
                takenOver,
                lease);
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
        note(
                "heartbeatHeard",
                from,
                ballot,
                commitIndex,
                nonce,
                wallClockNs,
                priority,
                knows,
                stalled,
                granted);
    }

    @Override
    public void confirm(long from, long ballot, long nonce) {
        note("confirm", from, ballot, nonce);
    }

    @Override
    public void confirmed(long from, long ballot, long nonce) {
        note("confirmed", from, ballot, nonce);
    }

    @Override
    public void askIndex(long from, long read) {
        note("askIndex", from, read);
    }

    @Override
    public void indexed(long from, long ballot, long read, long index) {
        note("indexed", from, ballot, read, index);
    }

    @Override
    public void askHighest(long from, long read) {
        note("askHighest", from, read);
    }

    @Override
    public void highest(long from, long read, long lastSlot) {
        note("highest", from, read, lastSlot);
    }

    @Override
    public void allChosen(long from, long ballot, long lastSlot) {
        note("allChosen", from, ballot, lastSlot);
    }

    @Override
    public void handOver(long from, long ballot, long lastSlot) {
        note("handOver", from, ballot, lastSlot);
    }

    @Override
    public void fetch(long from, long firstSlot, long lastSlot) {
        note("fetch", from, firstSlot, lastSlot);
    }

    @Override
    public void chosen(long from, Batch batch, long burstEnd) {
        note("chosen", from, text(batch), burstEnd);
    }

    @Override
    public void compacted(long from, long firstKept, long snapshotSlot) {
        note("compacted", from, firstKept, snapshotSlot);
    }

    @Override
    public void fetchSnapshot(long from, long slot, long manifest, int chunk) {
        note("fetchSnapshot", from, slot, manifest, chunk);
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
        note("snapshotPart", from, slot, manifest, chunk, HexFormat.of().formatHex(bytes));
    }

    @Override
    public void survey(long from, long ballot) {
        note("survey", from, ballot);
    }

    @Override
    public void surveyed(
            long from, long ballot, long applied, boolean halted, long held, long against) {
        note("surveyed", from, ballot, applied, halted, held, against);
    }

    @Override
    public void stranger(long from, long expected, long clusterId) {
        note("stranger", from, expected, clusterId);
    }

    @Override
    public void question(long from, long nonce) {
        note("question", from, nonce);
    }

    @Override
    public void vouch(long from, long nonce, long ballot) {
        note("vouch", from, nonce, ballot);
    }

    @Override
    public void returning(long from, long promised) {
        note("returning", from, promised);
    }

    @Override
    public void lacksRoom(long from, boolean votesOnReported) {
        note("lacksRoom", from, votesOnReported);
    }

    @Override
    public void hashed(long from, long slot, long hash, long nonce) {
        note("hashed", from, slot, hash, nonce);
    }

    @Override
    public void askHash(long from, long nonce, long slot) {
        note("askHash", from, nonce, slot);
    }

    @Override
    public void askRun(long from, long nonce, long run, long records) {
        note("askRun", from, nonce, run, records);
    }

    @Override
    public void ran(long from, long nonce, long run, long records, long asked, long held) {
        note("ran", from, nonce, run, records, asked, held);
    }

    private void note(String message, Object... values) {
        StringBuilder line = new StringBuilder(message);
        for (Object value : values) {
            line.append(' ').append(value);
        }
        lines.add(line.toString());
    }

    private static String text(Batch batch) {
        byte[] bytes = new byte[batch.length()];
        batch.buffer().getBytes(0, bytes);
        return String.format(
                "[b=%d %d+%d kind=%d origin=%d time=%d %s]",
                batch.ballot(),
                batch.firstSlot(),
                batch.count(),
                batch.kind(),
                batch.originBallot(),
                batch.timestamp(),
                HexFormat.of().formatHex(bytes));
    }
}
