package io.paxoslog.testkit.sim;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.PeerMessages;
import io.paxoslog.core.Runs;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;

/** One call of {@link PeerMessages}, kept: it can be said again, later, or never. Immutable. */
public sealed interface Message {
    /** The sender's identity. */
    long from();

    /** Says it. */
    void sayTo(PeerMessages listener);

    /** What it says, as scenarios write it, after its name. */
    String details();

    /** Its name in scenarios. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** Name and details. */
    default String text() {
        return name() + details();
    }

    private static String b(long ballot) {
        return Ballot.round(ballot) > Ballot.MAX_ROUND - 1000
                ? "MAX-" + (Ballot.MAX_ROUND - Ballot.round(ballot)) + "." + Ballot.owner(ballot)
                : Ballot.text(ballot);
    }

    private static String s(long slot) {
        return BatchCopy.slotText(slot);
    }

    /** See {@link PeerMessages#canvass}. */
    record Canvass(long from, long ballot, long commitIndex) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.canvass(from, ballot, commitIndex);
        }

        @Override
        public String details() {
            return " b=" + b(ballot) + " commit=" + s(commitIndex);
        }
    }

    /** See {@link PeerMessages#canvassed}. */
    record Canvassed(long from, long ballot, boolean granted, long promised, long commitIndex)
            implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.canvassed(from, ballot, granted, promised, commitIndex);
        }

        @Override
        public String details() {
            return " b="
                    + b(ballot)
                    + (granted ? " yes" : " no")
                    + " promised="
                    + b(promised)
                    + " commit="
                    + s(commitIndex);
        }
    }

    /** See {@link PeerMessages#prepare}. */
    record Prepare(long from, long ballot, long firstSlot) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.prepare(from, ballot, firstSlot);
        }

        @Override
        public String details() {
            return " b=" + b(ballot) + " first=" + s(firstSlot);
        }
    }

    /** See {@link PeerMessages#promisedSlots}. */
    record PromisedSlots(long from, long ballot, BatchCopy slots) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.promisedSlots(from, ballot, slots.view());
        }

        @Override
        public String details() {
            return " b=" + b(ballot) + " accepted=" + b(slots.ballot()) + " " + slots.text();
        }
    }

    /** See {@link PeerMessages#promise}. */
    record Promise(long from, long ballot, long commitIndex, long slots, long knows)
            implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.promise(from, ballot, commitIndex, slots, knows);
        }

        @Override
        public String details() {
            return " b=" + b(ballot) + " commit=" + s(commitIndex) + " slots=" + slots;
        }
    }

    /** See {@link PeerMessages#accept}. */
    record Accept(long from, BatchCopy slots, long floor) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.accept(from, slots.view(), floor);
        }

        @Override
        public String details() {
            return " b=" + b(slots.ballot()) + " floor=" + s(floor) + " " + slots.text();
        }
    }

    /** See {@link PeerMessages#accepted}. */
    record Accepted(long from, long ballot, long upTo) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.accepted(from, ballot, upTo);
        }

        @Override
        public String details() {
            return " b=" + b(ballot) + " upTo=" + s(upTo);
        }
    }

    /** See {@link PeerMessages#nack}. */
    record Nack(long from, long promised) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.nack(from, promised);
        }

        @Override
        public String details() {
            return " promised=" + b(promised);
        }
    }

    /** See {@link PeerMessages#heartbeat}. */
    record Heartbeat(
            long from,
            long ballot,
            long floor,
            long lastSlot,
            boolean connected,
            long nonce,
            long reported,
            long takenOver,
            int lease)
            implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.heartbeat(
                    from, ballot, floor, lastSlot, connected, nonce, reported, takenOver, lease);
        }

        @Override
        public String details() {
            return " b="
                    + b(ballot)
                    + " floor="
                    + s(floor)
                    + " last="
                    + s(lastSlot)
                    + (connected ? "" : " alone");
        }
    }

    /** See {@link PeerMessages#heartbeatHeard}. */
    record HeartbeatHeard(
            long from,
            long ballot,
            long commitIndex,
            long nonce,
            long wallClockNs,
            int priority,
            long knows,
            int stalled,
            int granted)
            implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.heartbeatHeard(
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
        public String details() {
            return " b=" + b(ballot) + " commit=" + s(commitIndex);
        }
    }

    /** See {@link PeerMessages#handOver}. */
    record HandOver(long from, long ballot, long lastSlot) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.handOver(from, ballot, lastSlot);
        }

        @Override
        public String details() {
            return " b=" + b(ballot) + " last=" + s(lastSlot);
        }
    }

    /** See {@link PeerMessages#fetch}. */
    record Fetch(long from, long firstSlot, long lastSlot) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.fetch(from, firstSlot, lastSlot);
        }

        @Override
        public String details() {
            return " slots=" + s(firstSlot) + ".." + s(lastSlot);
        }
    }

    /** See {@link PeerMessages#chosen}. */
    record Chosen(long from, BatchCopy slots, long burstEnd) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.chosen(from, slots.view(), burstEnd);
        }

        @Override
        public String details() {
            return " " + slots.text() + " until=" + s(burstEnd);
        }
    }

    /** See {@link PeerMessages#compacted}. */
    record Compacted(long from, long firstKept, long snapshotSlot) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.compacted(from, firstKept, snapshotSlot);
        }

        @Override
        public String details() {
            return " kept=" + s(firstKept) + " snapshot=" + s(snapshotSlot);
        }
    }

    /** See {@link PeerMessages#fetchSnapshot}. */
    record FetchSnapshot(long from, long slot, long manifest, int chunk) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.fetchSnapshot(from, slot, manifest, chunk);
        }

        @Override
        public String details() {
            return " slot=" + s(slot) + " part=" + chunk;
        }
    }

    /** See {@link PeerMessages#snapshotPart}. */
    record SnapshotPart(long from, long slot, long manifest, int chunk, String hex)
            implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            byte[] bytes = HexFormat.of().parseHex(hex);
            listener.snapshotPart(
                    from, slot, manifest, chunk, new UnsafeBuffer(bytes), 0, bytes.length);
        }

        @Override
        public String details() {
            return " slot=" + s(slot) + " part=" + chunk + " bytes=" + hex.length() / 2;
        }
    }

    /** See {@link PeerMessages#survey}. */
    record Survey(long from, long ballot) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.survey(from, ballot);
        }

        @Override
        public String details() {
            return " b=" + b(ballot);
        }
    }

    /** See {@link PeerMessages#surveyed}. */
    record Surveyed(long from, long ballot, long applied, boolean halted, long held, long against)
            implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.surveyed(from, ballot, applied, halted, held, against);
        }

        @Override
        public String details() {
            return " b="
                    + b(ballot)
                    + " applied="
                    + s(applied)
                    + (halted ? " halted" : "")
                    + (held == 0 ? "" : " held=" + s(held) + " against=" + s(against));
        }
    }

    /** See {@link PeerMessages#stranger}. */
    record Stranger(long from, long expected, long clusterId) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.stranger(from, expected, clusterId);
        }

        @Override
        public String details() {
            return " expected=" + MemberId.text(expected) + " cluster=" + clusterId;
        }
    }

    /** See {@link PeerMessages#question}. */
    record Question(long from, long nonce) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.question(from, nonce);
        }

        @Override
        public String details() {
            return "";
        }
    }

    /** See {@link PeerMessages#vouch}. */
    record Vouch(long from, long nonce, long ballot) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.vouch(from, nonce, ballot);
        }

        @Override
        public String details() {
            return " b=" + b(ballot);
        }
    }

    /** See {@link PeerMessages#returning}. */
    record Returning(long from, long promised) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.returning(from, promised);
        }

        @Override
        public String details() {
            return " promised=" + b(promised);
        }
    }

    /** See {@link PeerMessages#lacksRoom}. */
    record LacksRoom(long from, boolean votesOnReported) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.lacksRoom(from, votesOnReported);
        }

        @Override
        public String details() {
            return votesOnReported ? "" : " all";
        }
    }

    /** See {@link PeerMessages#hashed}. */
    record Hashed(long from, long slot, long hash, long nonce) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.hashed(from, slot, hash, nonce);
        }

        @Override
        public String details() {
            return " slot=" + slot + " hash=" + Long.toHexString(hash);
        }
    }

    /** See {@link PeerMessages#askHash}. */
    record AskHash(long from, long nonce, long slot) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.askHash(from, nonce, slot);
        }

        @Override
        public String details() {
            return " slot=" + slot;
        }
    }

    /** See {@link PeerMessages#askRun}. */
    record AskRun(long from, long nonce, long run, long records) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.askRun(from, nonce, run, records);
        }

        @Override
        public String details() {
            return " run=" + Runs.number(run) + " records=" + records;
        }
    }

    /** See {@link PeerMessages#ran}. */
    record Ran(long from, long nonce, long run, long records, long asked, long held)
            implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.ran(from, nonce, run, records, asked, held);
        }

        @Override
        public String details() {
            return " run="
                    + Runs.number(run)
                    + " records="
                    + records
                    + " asked="
                    + Runs.number(asked)
                    + " held="
                    + held;
        }
    }

    /** See {@link PeerMessages#confirm}. */
    record Confirm(long from, long ballot, long nonce) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.confirm(from, ballot, nonce);
        }

        @Override
        public String details() {
            return " b=" + b(ballot);
        }
    }

    /** See {@link PeerMessages#confirmed}. */
    record Confirmed(long from, long ballot, long nonce) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.confirmed(from, ballot, nonce);
        }

        @Override
        public String details() {
            return " b=" + b(ballot);
        }
    }

    /** See {@link PeerMessages#askIndex}. */
    record AskIndex(long from, long read) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.askIndex(from, read);
        }

        @Override
        public String details() {
            return "";
        }
    }

    /** See {@link PeerMessages#indexed}. */
    record Indexed(long from, long ballot, long read, long index) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.indexed(from, ballot, read, index);
        }

        @Override
        public String details() {
            return " b=" + b(ballot) + " index=" + s(index);
        }
    }

    /** See {@link PeerMessages#askHighest}. */
    record AskHighest(long from, long read) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.askHighest(from, read);
        }

        @Override
        public String details() {
            return "";
        }
    }

    /** See {@link PeerMessages#allChosen}. */
    record AllChosen(long from, long ballot, long lastSlot) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.allChosen(from, ballot, lastSlot);
        }

        @Override
        public String details() {
            return " b=" + b(ballot) + " last=" + s(lastSlot);
        }
    }

    /** See {@link PeerMessages#highest}. */
    record Highest(long from, long read, long lastSlot) implements Message {
        @Override
        public void sayTo(PeerMessages listener) {
            listener.highest(from, read, lastSlot);
        }

        @Override
        public String details() {
            return " last=" + s(lastSlot);
        }
    }
}
