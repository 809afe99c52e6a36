package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.JournalRecords;
import io.paxoslog.log.ChronicleJournal;
import io.paxoslog.log.Durability;
import io.paxoslog.log.JournalConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code log verify} and {@code log diff} on the files of stopped nodes. */
class LogFilesTest {
    private static final long BALLOT = Ballot.of(1, 1);

    @TempDir private Path directory;

    /** What a new journal says. */
    private static final class Nothing implements JournalRecords {
        @Override
        public void promised(long ballot) {}

        @Override
        public void campaigned(long ballot) {}

        @Override
        public void accepted(Batch batch) {}

        @Override
        public void chosen(Batch batch) {}

        @Override
        public void committed(long ballot, long upTo) {}

        @Override
        public void membership(long slot, DirectBuffer buffer, int offset, int length) {}

        @Override
        public void decision(long slot, DirectBuffer buffer, int offset, int length) {}

        @Override
        public void held(long slot, long decision) {}

        @Override
        public void returning(long promised) {}

        @Override
        public void returned(long ballot) {}

        @Override
        public void remembered(long member, long run, long records) {}
    }

    private Path node(int id, int committed, String... commands) {
        Path path = directory.resolve("node-" + id);
        JournalConfig config =
                JournalConfig.of(path, id, Durability.ASYNC)
                        .withSegmentBytes(JournalConfig.MIN_SEGMENT_BYTES);
        try (ChronicleJournal journal = ChronicleJournal.open(config)) {
            journal.recover(new Nothing());
            journal.accepted(noOps(1, 2));
            journal.accepted(commands(3, commands));
            journal.committed(BALLOT, committed);
        }
        return path;
    }

    private static Batch noOps(long first, int count) {
        return new Batch().slots(BALLOT, first, count).value(Batch.NO_OP, BALLOT, 0).noBytes();
    }

    private static Batch commands(long first, String... commands) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        int length = 0;
        for (String command : commands) {
            byte[] bytes = command.getBytes(StandardCharsets.US_ASCII);
            buffer.putInt(length, bytes.length, ByteOrder.LITTLE_ENDIAN);
            buffer.putBytes(length + Integer.BYTES, bytes);
            length += Integer.BYTES + bytes.length;
        }
        return new Batch()
                .slots(BALLOT, first, commands.length)
                .value(Batch.COMMANDS, BALLOT, 1_000)
                .bytes(buffer, 0, length);
    }

    @Test
    void aWholeNodeIsWell() {
        Path node = node(1, 4, "apple", "pear");
        Cli verified = Cli.run("log", "verify", node.toString());
        assertThat(verified.errLines()).isEmpty();
        assertThat(verified.outLines())
                .containsExactly(
                        "node 1: 1 file, 5 records, slots 1 to 4 chosen, no snapshot: all well");
        assertThat(verified.exitCode()).isZero();
        assertThat(Cli.run("log", "verify", "--json", node.toString()).out())
                .startsWith("{\"directory\":")
                .contains(
                        "\"well\":true,\"node\":1,\"segments\":1,\"records\":5,\"first\":1,"
                                + "\"commit\":4,\"snapshots\":[],\"torn\":null,\"repaired\":[],\"count\":0,\"findings\":[]}");
    }

    @Test
    void damageIsOneLineWithFileByteSlotsAndWhatToDo() throws IOException {
        Path node = node(1, 4, "apple", "pear");
        String records = Cli.run("log", "inspect", "--records", node.toString()).out();
        Matcher row = Pattern.compile(" +1 +(\\d+)  accepted +3 +4").matcher(records);
        assertThat(row.find()).isTrue();
        long offset = Long.parseLong(row.group(1));
        Path file = node.resolve("journal/00000001/19700101F.cq4");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {'!'}), offset + 100);
        }

        Cli damaged = Cli.run("log", "verify", node.toString());

        assertThat(damaged.exitCode()).isEqualTo(1);
        assertThat(damaged.errLines())
                .containsExactly("paxos log verify: " + node + " is damaged: 1 finding");
        assertThat(damaged.outLines()).hasSize(2);
        assertThat(damaged.outLines().get(0))
                .startsWith(file + " at byte " + offset + ", slots 3 to 4: the payload")
                .contains("replace the node");
        assertThat(damaged.outLines().get(1)).doesNotContain("all well");
        assertThat(Cli.run("log", "verify", "--json", node.toString()).out())
                .contains("\"well\":false", "\"byte\":" + offset + ",\"first\":3,\"last\":4,");
    }

    @Test
    void aBackupIsVerifiedAndCanBeLookedAt() {
        Path node = node(1, 4, "apple", "pear");
        Path copy = directory.resolve("copy");
        Cli taken = Cli.run("backup", "--from", node.toString(), "--to", copy.toString());
        assertThat(taken.errLines()).isEmpty();
        assertThat(taken.out())
                .startsWith("node 1 up to slot 4: no snapshot and the log from slot 1 on, ")
                .endsWith(" bytes in " + copy + ", verified" + System.lineSeparator());
        assertThat(Cli.run("log", "diff", node.toString(), copy.toString()).out())
                .startsWith("slots 1 to 4 are equal");
        Cli again = Cli.run("backup", "--from", node.toString(), "--to", copy.toString());
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.errLines()).singleElement().asString().contains("is not empty");
        Cli none = Cli.run("backup", "--from", "none", "--to", directory + "/other");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(
                        Cli.run(
                                        "backup",
                                        "--json",
                                        "--from",
                                        node.toString(),
                                        "--to",
                                        directory + "/third")
                                .out())
                .contains("\"node\":1,\"first\":1,\"commit\":4,\"snapshot\":0,\"bytes\":");
    }

    @Test
    void whereThereIsNoNodeThatIsWrongUse() {
        for (String command : new String[] {"verify", "diff"}) {
            String none = directory.resolve("none").toString();
            Cli wrong =
                    command.equals("diff")
                            ? Cli.run("log", command, none, none)
                            : Cli.run("log", command, none);
            assertThat(wrong.exitCode()).isEqualTo(2);
            assertThat(wrong.errLines()).singleElement().asString().contains(none);
        }
    }

    @Test
    void equalNodesAreEqualWhereBothKnow() {
        Path one = node(1, 4, "apple", "pear", "plum");
        Path other = node(2, 5, "apple", "pear", "plum");
        Cli compared = Cli.run("log", "diff", one.toString(), other.toString());
        assertThat(compared.errLines()).isEmpty();
        assertThat(compared.outLines())
                .containsExactly(
                        "slots 1 to 4 are equal", "slots 5 to 5 are in " + other + " only");
        assertThat(compared.exitCode()).isZero();
        assertThat(Cli.run("log", "diff", "--json", one.toString(), other.toString()).out())
                .startsWith(
                        "{\"equal\":true,\"compared\":4,\"first\":1,\"last\":4,\"differing\":0,"
                                + "\"firstDiffering\":null,\"onlyIn\":[{\"directory\":");
    }

    @Test
    void theFirstSlotThatDiffersIsNamedAndAllAreCounted() {
        Path one = node(1, 6, "apple", "pear", "plum", "fig");
        Path other = node(2, 6, "apple", "peaR", "plum", "figs");
        Cli compared = Cli.run("log", "diff", one.toString(), other.toString());
        assertThat(compared.outLines())
                .containsExactly(
                        "2 of the slots 1 to 6 differ, the first is slot 4",
                        "  "
                                + one
                                + ": command of 4 bytes, origin ballot 1.1, time"
                                + " 1970-01-01T00:00:00.000001Z",
                        "  "
                                + other
                                + ": command of 4 bytes, origin ballot 1.1, time"
                                + " 1970-01-01T00:00:00.000001Z");
        assertThat(compared.errLines())
                .containsExactly(
                        "paxos log diff: %s and %s differ, first at slot 4".formatted(one, other));
        assertThat(compared.exitCode()).isEqualTo(1);
        assertThat(Cli.run("log", "diff", "--json", one.toString(), other.toString()).out())
                .contains("\"equal\":false", "\"differing\":2,\"firstDiffering\":4");
    }

    @Test
    void nodesThatKnowNothingInCommonAreEqualWhereBothKnow() {
        Path one = node(1, 0, "apple");
        Path other = node(2, 3, "apple");
        Cli compared = Cli.run("log", "diff", one.toString(), other.toString());
        assertThat(compared.outLines())
                .containsExactly(
                        "no slot is known chosen in both",
                        "slots 1 to 3 are in " + other + " only");
        assertThat(compared.exitCode()).isZero();
    }
}
