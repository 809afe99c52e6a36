package io.paxoslog.testkit.disk;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.JournalRecords;
import io.paxoslog.log.Durability;
import io.paxoslog.log.JournalConfig;
import io.paxoslog.log.SteppedJournal;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A production journal on a simulated disk, run after run, and what it was told and has said. */
final class JournalRun {
    static final long B1 = Ballot.of(1, 1);
    private static final int SEGMENT_BYTES = 2_000;

    private final Durability durability;
    private SimulatedFiles disk;
    private SteppedJournal journal;
    private long openings;
    private int boots;

    JournalRun(Durability durability) {
        this(durability, new SimulatedFiles(SEGMENT_BYTES));
    }

    private JournalRun(Durability durability, SimulatedFiles disk) {
        this.durability = durability;
        this.disk = disk;
    }

    /** Another machine that found the same on its disk. */
    JournalRun copy() {
        JournalRun copy = new JournalRun(durability, disk.copy());
        copy.openings = openings;
        return copy;
    }

    SimulatedFiles disk() {
        return disk;
    }

    SteppedJournal stepped() {
        return journal;
    }

    JournalRecords records() {
        return journal.journal();
    }

    /** Starts a process and returns what its journal says. */
    List<String> start() {
        return start(0);
    }

    /** The same, where a snapshot holds everything up to a slot. */
    List<String> start(long snapshotSlot) {
        JournalConfig config =
                new JournalConfig(Path.of("/node"), 1, durability, 16 << 20, 5, "boot-" + boots);
        Lines heard = new Lines();
        journal = SteppedJournal.open(config, disk, () -> ++openings, () -> 77);
        journal.journal().recover(heard, snapshotSlot);
        return heard.lines;
    }

    void sync() {
        journal.syncTo(journal.journal().appendedPosition());
    }

    /** The process is gone. */
    void kill() {
        if (journal != null) {
            journal.abandon();
        }
        disk.processEnded();
    }

    /** The process is gone, and so is what the disk did not keep. */
    void losePower(PowerLoss loss) {
        kill();
        disk.losePower(loss);
        boots++;
    }

    /** Accepts a command in a slot, with a text as long as asked for; returns its line. */
    String accept(long slot, int length) {
        journal.journal().accepted(command(slot, length));
        return line(slot, length);
    }

    /** What a journal says of the command that {@link #accept} wrote. */
    static String line(long slot, int length) {
        return Lines.text("accepted", command(slot, length));
    }

    private static Batch command(long slot, int length) {
        return command(B1, slot, "slot " + slot + " " + "x".repeat(length));
    }

    static Batch command(long ballot, long slot, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[Batch.ENTRY_PREFIX_BYTES + bytes.length]);
        buffer.putInt(0, bytes.length, ByteOrder.LITTLE_ENDIAN);
        buffer.putBytes(Batch.ENTRY_PREFIX_BYTES, bytes);
        return new Batch()
                .slots(ballot, slot, 1)
                .value(Batch.COMMANDS, B1, 1_000 + slot)
                .bytes(buffer, 0, buffer.capacity());
    }

    /** Tells every kind of record; returns what a start must say of them. */
    List<String> tellEveryKind() {
        Lines told = new Lines();
        for (JournalRecords to : List.of(told, records())) {
            to.promised(B1);
            to.campaigned(B1);
            to.membership(1, new UnsafeBuffer(new byte[] {'m', 'e'}), 0, 2);
            to.accepted(command(B1, 2, "apple"));
            to.accepted(new Batch().slots(B1, 3, 5).value(Batch.NO_OP, B1, 0).noBytes());
            to.chosen(command(Ballot.NONE, 8, "plum"));
            to.committed(B1, 8);
            to.held(5, 0);
            to.decision(9, skipOf(5), 0, Decision.BYTES);
        }
        return told.lines;
    }

    private static UnsafeBuffer skipOf(long slot) {
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[Decision.BYTES]);
        Decision.skip(slot, 0).encode(bytes, 0);
        return bytes;
    }

    /** Hears records as lines of text. */
    static final class Lines implements JournalRecords {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void promised(long ballot) {
            lines.add("promised " + Ballot.text(ballot));
        }

        @Override
        public void campaigned(long ballot) {
            lines.add("campaigned " + Ballot.text(ballot));
        }

        @Override
        public void accepted(Batch batch) {
            lines.add(text("accepted", batch));
        }

        @Override
        public void chosen(Batch batch) {
            lines.add(text("chosen", batch));
        }

        @Override
        public void committed(long ballot, long upTo) {
            lines.add("committed " + Ballot.text(ballot) + " " + upTo);
        }

        @Override
        public void membership(long slot, DirectBuffer buffer, int offset, int length) {
            lines.add(
                    "membership "
                            + slot
                            + " "
                            + buffer.getStringWithoutLengthAscii(offset, length));
        }

        @Override
        public void decision(long slot, DirectBuffer buffer, int offset, int length) {
            lines.add("decision " + slot + " " + Decision.decode(buffer, offset, length));
        }

        @Override
        public void held(long slot, long decision) {
            lines.add("held " + slot + " against " + decision);
        }

        @Override
        public void returning(long promised) {
            lines.add("returning " + promised);
        }

        @Override
        public void returned(long ballot) {
            lines.add("returned " + ballot);
        }

        @Override
        public void remembered(long member, long run, long records) {
            lines.add("remembered " + member + " " + run + " " + records);
        }

        static String text(String how, Batch batch) {
            String value =
                    batch.length() == 0
                            ? ""
                            : batch.buffer().getStringWithoutLengthAscii(0, batch.length());
            return how
                    + " "
                    + Ballot.text(batch.ballot())
                    + " "
                    + batch.firstSlot()
                    + "+"
                    + batch.count()
                    + " kind "
                    + batch.kind()
                    + " "
                    + value;
        }
    }
}
