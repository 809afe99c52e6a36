package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Base;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new cluster is founded on is all that is left, and nothing that was not agreed on. */
class RemainsTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final long B2 = Ballot.of(2, 2);
    private static final long B3 = Ballot.of(3, 3);
    private static final long CLUSTER = 4711;

    @TempDir private Path parent;

    private Path place(String name) {
        return parent.resolve(name);
    }

    private static byte[] membership(long cluster) {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[29]);
        entry.putByte(0, (byte) 1);
        entry.putByte(1, (byte) 1);
        entry.putByte(2, (byte) 1);
        entry.putByte(3, (byte) 1);
        entry.putInt(4, 64, ByteOrder.LITTLE_ENDIAN);
        entry.putLong(8, cluster, ByteOrder.LITTLE_ENDIAN);
        entry.putLong(16, (1L << 48) + 1, ByteOrder.LITTLE_ENDIAN);
        entry.putByte(24, (byte) 4);
        entry.putStringWithoutLengthAscii(25, "h:12");
        return entry.byteArray();
    }

    private static void founded(ChronicleJournal journal, long cluster) {
        byte[] entry = membership(cluster);
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[Integer.BYTES + entry.length]);
        bytes.putInt(0, entry.length, ByteOrder.LITTLE_ENDIAN);
        bytes.putBytes(Integer.BYTES, entry);
        journal.accepted(
                new Batch()
                        .slots(B1, 1, 1)
                        .value(Batch.MEMBERSHIP, B1, 0)
                        .bytes(bytes, 0, bytes.capacity()));
        journal.membership(1, new UnsafeBuffer(entry), 0, entry.length);
        journal.committed(B1, 1);
    }

    /** A node that was stopped; what it wrote behind the founding. */
    private Path node(int id, Consumer<ChronicleJournal> wrote) {
        return node(id, CLUSTER, wrote);
    }

    private Path node(int id, long cluster, Consumer<ChronicleJournal> wrote) {
        Path directory = place("node-" + id);
        try (TestJournal journal = open(directory, id)) {
            journal.get().recover(new RecordedText());
            founded(journal.get(), cluster);
            wrote.accept(journal.get());
            journal.sync();
        }
        return directory;
    }

    private static TestJournal open(Path directory, int id) {
        return TestJournal.open(
                new JournalConfig(
                        directory,
                        id,
                        Durability.SYNC,
                        JournalConfig.MIN_SEGMENT_BYTES,
                        5,
                        TestJournal.BOOT),
                TestJournal.CACHE);
    }

    private static void chosen(ChronicleJournal journal, long ballot, long first, String... words) {
        journal.accepted(Batches.commands(ballot, first, words));
        journal.committed(ballot, first + words.length - 1);
    }

    private static List<String> values(Path directory, long from) {
        List<String> values = new ArrayList<>();
        try (ChosenSlots slots = ChosenSlots.open(directory)) {
            slots.read(
                    Math.max(from, slots.first()),
                    slots.last(),
                    batch -> {
                        for (long slot = batch.firstSlot(); slot <= batch.lastSlot(); slot++) {
                            Batch one = new Batch().slice(batch, slot, slot);
                            values.add(
                                    one.kind() == Batch.COMMANDS
                                            ? slot
                                                    + ":"
                                                    + one.buffer()
                                                            .getStringWithoutLengthAscii(
                                                                    4, one.length() - 4)
                                                    + " of "
                                                    + Ballot.text(one.originBallot())
                                                    + " at "
                                                    + one.timestamp()
                                            : slot + ": kind " + one.kind());
                        }
                    });
        }
        return values;
    }

    private Base restore(Path from, String to, int id) {
        try (Remains remains = Remains.ofBackup(from)) {
            remains.found(place(to), id, TestJournal.CACHE);
            return remains.base();
        }
    }

    private Base recover(boolean acceptLoss, String to, Path... from) {
        try (Remains remains = Remains.ofSurvivors(List.of(from), acceptLoss)) {
            remains.found(place(to), 1, TestJournal.CACHE);
            return remains.base();
        }
    }

    private RecordedText recovered(Path directory, int id, long snapshotSlot) {
        RecordedText heard = new RecordedText();
        try (TestJournal journal = open(directory, id)) {
            journal.get().recover(heard, snapshotSlot);
        }
        return heard;
    }

    private Path damage(Path directory, long slot, int behindHead) throws IOException {
        JournalInspector.Entry[] found = new JournalInspector.Entry[1];
        JournalInspector.inspect(
                directory,
                (entry, batch) ->
                        found[0] = batch != null && entry.firstSlot() == slot ? entry : found[0]);
        Path file =
                new SegmentFiles(FileDisk.REAL, directory.resolve("journal"))
                        .file(found[0].segment());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(8), found[0].offset() + behindHead);
        }
        return directory;
    }

    private Path damagePayload(Path directory, long slot) throws IOException {
        return damage(directory, slot, RecordHeader.BYTES);
    }

    private Path damageHead(Path directory, long slot) throws IOException {
        return damage(directory, slot, 16);
    }

    private void assertRefused(String what, String more, boolean acceptLoss, Path... from) {
        assertThatThrownBy(() -> Remains.ofSurvivors(List.of(from), acceptLoss))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(what)
                .hasMessageContaining(more);
    }

    @Test
    void ofABackupHoldsWhatWasKnownChosenAndNoVote() {
        Path node =
                node(
                        1,
                        journal -> {
                            chosen(journal, B1, 2, "a", "b");
                            journal.campaigned(Ballot.of(9, 1));
                            journal.accepted(Batches.commands(B2, 4, "open"));
                            journal.held(3, 0);
                        });

        Base base = restore(node, "new", 5);

        assertThat(values(place("new"), 1)).isEqualTo(values(node, 1)).hasSize(3);
        assertThat(base.slot()).isEqualTo(3);
        assertThat(JournalVerifier.verify(place("new")).isWell()).isTrue();
        assertThat(recovered(place("new"), 5, 0).lines())
                .noneMatch(
                        line ->
                                line.startsWith("accepted")
                                        || line.startsWith("membership")
                                        || line.startsWith("campaigned")
                                        || line.startsWith("held"))
                .contains("promised " + Ballot.text(Ballot.of(9, 1)));
        try (TestJournal journal = open(place("new"), 5)) {
            assertThat(journal.get().base()).isEqualTo(base);
        }
    }

    @Test
    void itsBallotsGoOnFromTheHighestThatAnybodyWasGiven() {
        long origin = Ballot.of(20, 3);
        Path node =
                node(
                        1,
                        journal ->
                                journal.chosen(
                                        Batches.chosen(Batches.commands(origin, 2, "learnt"))));

        restore(node, "new", 1);

        assertThat(recovered(place("new"), 1, 0).lines()).contains("promised 20.3");
    }

    /** The lost ones may have used ballots that no survivor knows of. */
    @Test
    void ofSurvivorsItsBallotsAreFarAboveAllThatTheyKnow() {
        long origin = Ballot.of(20, 3);
        Path node =
                node(
                        1,
                        journal ->
                                journal.chosen(
                                        Batches.chosen(Batches.commands(origin, 2, "learnt"))));

        recover(false, "new", node);

        long round = (1L << 32) + 20;
        assertThat(recovered(place("new"), 1, 0).lines()).contains("promised " + round + ".3");
    }

    @Test
    void whereNotSoManyRoundsAreLeftBallotsBeginAgain() {
        long late = Ballot.of(Ballot.MAX_ROUND - Ballot.LEAST_ROUNDS_LEFT - 5, 3);
        Path node = node(1, journal -> journal.promised(late));

        try (Remains remains = Remains.ofSurvivors(List.of(node), false)) {
            assertThat(remains.highestBallot()).isEqualTo(Ballot.NONE);
            remains.found(place("new"), 1, TestJournal.CACHE);
        }

        assertThat(recovered(place("new"), 1, 0).lines())
                .noneMatch(line -> line.startsWith("promised"));
    }

    /**
     * Made from the entry at slot 1, with a limit of 64 as that has: these nodes, one an observer.
     */
    private static byte[] second() {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[28 + 2 * 15]);
        entry.putBytes(0, membership(CLUSTER), 0, 16);
        entry.putByte(0, (byte) 3);
        entry.putByte(3, (byte) 2);
        entry.putLong(16, 1, ByteOrder.LITTLE_ENDIAN);
        entry.putInt(24, 9, ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 2; i++) {
            int at = 28 + 15 * i;
            entry.putLong(at, (1L << 48) + 8 + i, ByteOrder.LITTLE_ENDIAN);
            entry.putByte(at + 8, (byte) 4);
            entry.putStringWithoutLengthAscii(at + 9, "h:12");
            entry.putByte(at + 13, (byte) i);
            entry.putByte(at + 14, (byte) 0);
        }
        return entry.byteArray();
    }

    private static Batch secondEntry(long slot) {
        byte[] entry = second();
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[Integer.BYTES + entry.length]);
        bytes.putInt(0, entry.length, ByteOrder.LITTLE_ENDIAN);
        bytes.putBytes(Integer.BYTES, entry);
        return new Batch()
                .slots(B1, slot, 1)
                .value(Batch.MEMBERSHIP, B1, 0)
                .bytes(bytes, 0, bytes.capacity());
    }

    @Test
    void theMembersAreThoseOfTheNewestEntryThatAnySurvivorKnows() {
        Path behind = node(1, journal -> chosen(journal, B1, 2, "a"));
        Path ahead =
                node(
                        2,
                        journal -> {
                            chosen(journal, B1, 2, "a");
                            journal.accepted(secondEntry(3));
                            journal.committed(B1, 2);
                            journal.membership(3, new UnsafeBuffer(second()), 0, second().length);
                            journal.committed(B1, 3);
                        });

        try (Remains remains = Remains.ofSurvivors(List.of(behind, ahead), false)) {
            assertThat(remains.membershipSlot()).isEqualTo(3);
            assertThat(remains.membership().voters()).isEqualTo(1);
            // It is in force from slot 67 on: until then node 1 had to be asked.
            assertThat(remains.members()).containsExactly(1, 8, 9);
            assertThat(remains.lastSlot()).isEqualTo(3);
        }
    }

    @Test
    void theMembersOfAnEntryThatWasOnlyAcceptedCount() {
        Path node =
                node(
                        1,
                        journal -> {
                            chosen(journal, B1, 2, "a");
                            journal.accepted(secondEntry(3));
                            journal.accepted(noOps(4, 80));
                        });

        try (Remains remains = Remains.ofSurvivors(List.of(node), false)) {
            assertThat(remains.membershipSlot()).isEqualTo(3);
            assertThat(remains.members()).containsExactly(1, 8, 9);
            assertThat(remains.lastSlot()).isEqualTo(83);
        }
    }

    @Test
    void membersBeforeTheLastEntryDoNotCountOnceThatIsInForce() {
        Path node =
                node(
                        1,
                        journal -> {
                            chosen(journal, B1, 2, "a");
                            journal.accepted(secondEntry(3));
                            journal.committed(B1, 2);
                            journal.membership(3, new UnsafeBuffer(second()), 0, second().length);
                            journal.accepted(noOps(4, 80));
                            journal.committed(B1, 83);
                        });

        try (Remains remains = Remains.ofSurvivors(List.of(node), false)) {
            assertThat(remains.members()).containsExactly(8, 9);
        }
    }

    private static Batch noOps(long first, int count) {
        return new Batch().slots(B1, first, count).value(Batch.NO_OP, B1, 0).noBytes();
    }

    @Test
    void nodesMadeOfTheSameHaveOneBaseAndDirectoriesOfTheirOwn() throws IOException {
        Path node = node(1, journal -> chosen(journal, B1, 2, "a", "b"));
        Path other = node(2, journal -> chosen(journal, B1, 2, "a", "c"));

        assertThat(restore(node, "one", 1)).isEqualTo(restore(node, "two", 2));
        assertThat(restore(other, "three", 3)).isNotEqualTo(restore(node, "four", 3));
        assertThat(Identity.read(FileDisk.REAL, place("one")).incarnation())
                .isNotEqualTo(Identity.read(FileDisk.REAL, place("two")).incarnation())
                .isNotEqualTo(Identity.read(FileDisk.REAL, node).incarnation());
    }

    @Test
    void aSnapshotComesAlongWithoutItsMembershipsAndTheLogBehindIt() throws IOException {
        Decision skip = Decision.skip(3, 0);
        Decision again = Decision.retry(5, 0);
        UnsafeBuffer skipBytes = new UnsafeBuffer(new byte[Decision.BYTES]);
        skip.encode(skipBytes, 0);
        Path node =
                node(
                        1,
                        journal -> {
                            chosen(journal, B1, 2, "a", "b", "c", "d");
                            journal.accepted(decision(B1, 6, again));
                            journal.committed(B1, 6);
                            chosen(journal, B1, 7, "e");
                        });
        TreeMap<Long, byte[]> memberships = new TreeMap<>();
        memberships.put(1L, membership(CLUSTER));
        TreeMap<Long, byte[]> decisions = new TreeMap<>();
        decisions.put(4L, skipBytes.byteArray());
        SnapshotStore store = SnapshotStore.open(node, 100, damage -> {}, TestJournal.CACHE);
        try (Draft draft =
                store.begin(new SnapshotHead(4, CLUSTER, 99, 42, memberships, decisions))) {
            draft.write(new byte[250]);
            draft.complete(new byte[] {7});
        }

        restore(node, "new", 1);

        SnapshotStore made = SnapshotStore.open(place("new"), 100, damage -> {}, TestJournal.CACHE);
        SnapshotManifest manifest = made.newestValid();
        assertThat(manifest.slot()).isEqualTo(4);
        assertThat(manifest.memberships()).isEmpty();
        assertThat(manifest.decisions()).containsOnlyKeys(4L);
        assertThat(manifest.totalBytes()).isEqualTo(250);
        assertThat(made.effects(manifest)).containsExactly(7);
        assertThat(values(place("new"), 1)).isEqualTo(values(node, 5)).hasSize(3);
        assertThat(JournalVerifier.verify(place("new")).isWell()).isTrue();
        assertThat(recovered(place("new"), 1, 4).lines())
                .contains("decision 4 " + skip, "decision 6 " + again);
    }

    private static Batch decision(long ballot, long slot, Decision decision) {
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[Integer.BYTES + Decision.BYTES]);
        bytes.putInt(0, Decision.BYTES, ByteOrder.LITTLE_ENDIAN);
        decision.encode(bytes, Integer.BYTES);
        return new Batch()
                .slots(ballot, slot, 1)
                .value(Batch.DECISION, ballot, 0)
                .bytes(bytes, 0, bytes.capacity());
    }

    @Test
    void aDecisionThatIsVoidIsNotInForce() {
        Path node =
                node(
                        1,
                        journal -> {
                            chosen(journal, B1, 2, "a");
                            journal.accepted(decision(B1, 3, Decision.skip(2, 0)));
                            journal.accepted(decision(B1, 4, Decision.retry(2, 0)));
                            journal.committed(B1, 4);
                        });

        restore(node, "new", 1);

        assertThat(recovered(place("new"), 1, 0).lines())
                .contains("decision 3 " + Decision.skip(2, 0))
                .noneMatch(line -> line.startsWith("decision 4"));
    }

    @Test
    void ofABackupWhereAChosenSlotIsDamagedThereIsNone() throws IOException {
        Path node =
                node(
                        1,
                        journal -> {
                            chosen(journal, B1, 2, "a");
                            chosen(journal, B1, 3, "b");
                        });
        damagePayload(node, 2);

        assertThatThrownBy(() -> Remains.ofBackup(node))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("slot 2")
                .hasMessageContaining("cannot be read");
    }

    @Test
    void ofANodeThatRunsOrKnowsNoClusterThereIsNone() {
        Path running = place("running");
        try (TestJournal journal = open(running, 1)) {
            journal.get().recover(new RecordedText());
            journal.sync();
            assertRefused("is in use", "stop its node", false, running);
        }
        assertRefused("knows of no cluster", "holds nothing", false, running);
        assertRefused("is no directory of a node", "", false, place("nothing"));
        Path node = node(1, journal -> chosen(journal, B1, 2, "a"));
        restore(node, "new", 1);
        assertRefused("not founded yet", "what it was made from", false, place("new"));
    }

    @Test
    void whatIsKnownChosenBeatsEveryBallot() {
        Path one = node(1, journal -> chosen(journal, B1, 2, "chosen"));
        Path two = node(2, journal -> journal.accepted(Batches.commands(B3, 2, "other")));

        recover(false, "new", two, one);

        assertThat(values(place("new"), 2)).containsExactly("2:chosen of 1.1 at 1002");
    }

    @Test
    void whatIsNotKnownChosenIsTakenAsOfTheHighestBallot() {
        Path one =
                node(
                        1,
                        journal -> {
                            chosen(journal, B1, 2, "a");
                            journal.accepted(Batches.commands(B3, 3, "high"));
                        });
        Path two =
                node(
                        2,
                        journal -> {
                            journal.accepted(Batches.commands(B1, 2, "a"));
                            journal.accepted(Batches.commands(B2, 3, "low", "tail"));
                        });

        Base base = recover(false, "new", one, two);

        assertThat(values(place("new"), 2))
                .containsExactly(
                        "2:a of 1.1 at 1002", "3:high of 3.3 at 1003", "4:tail of 2.2 at 1003");
        assertThat(recover(false, "again", two, one)).isEqualTo(base);
        assertThat(base.slot()).isEqualTo(4);
        assertThat(recovered(place("new"), 1, 0).lines())
                .contains("promised " + ((1L << 32) + 3) + ".3");
    }

    @Test
    void saysWhatWasTakenFromWhom() {
        Path one = node(1, journal -> chosen(journal, B1, 2, "a"));
        Path two = node(2, journal -> journal.accepted(Batches.commands(B1, 2, "a", "b")));

        try (Remains remains = Remains.ofSurvivors(List.of(one, two), false)) {
            assertThat(remains.runs())
                    .containsExactly(
                            new Remains.Run(1, 2, one, true), new Remains.Run(3, 3, two, false));
            assertThat(remains.losses()).isEmpty();
            assertThat(remains.lastSlot()).isEqualTo(3);
            assertThat(remains.clusterId()).isEqualTo(CLUSTER);
            assertThat(remains.sources())
                    .extracting(Remains.Source::commitIndex)
                    .containsExactly(2L, 1L);
        }
    }

    @Test
    void aDamagedSlotThatNobodyKnowsChosenIsRefusedUnlessTheLossIsAccepted() throws IOException {
        Path one = node(1, journal -> journal.accepted(Batches.commands(B3, 2, "rotten")));
        Path two = node(2, journal -> journal.accepted(Batches.commands(B2, 2, "low", "tail")));
        damagePayload(one, 2);

        assertRefused("slot 2 is unknown in " + one, "--accept-loss", false, one, two);
        recover(true, "new", one, two);

        assertThat(values(place("new"), 2))
                .containsExactly("2:low of 2.2 at 1002", "3:tail of 2.2 at 1002");
    }

    @Test
    void aDamagedSlotThatSomebodyKnowsChosenIsNoLoss() throws IOException {
        Path one =
                node(
                        1,
                        journal -> {
                            chosen(journal, B1, 2, "rotten");
                            chosen(journal, B1, 3, "b");
                        });
        Path two = node(2, journal -> chosen(journal, B1, 2, "rotten"));
        damagePayload(one, 2);

        recover(false, "new", one, two);

        assertThat(values(place("new"), 2))
                .containsExactly("2:rotten of 1.1 at 1002", "3:b of 1.1 at 1003");
    }

    @Test
    void whereRecordsAreGoneAllThatTheyMayHaveSaidIsUnknown() throws IOException {
        Path one =
                node(
                        1,
                        journal -> {
                            chosen(journal, B1, 2, "a");
                            journal.accepted(Batches.commands(B2, 3, "replaced?"));
                            journal.accepted(Batches.commands(B2, 4, "gone"));
                            journal.accepted(Batches.commands(B2, 5, "there"));
                        });
        Path two = node(2, journal -> journal.accepted(Batches.commands(B1, 2, "a", "b")));
        damageHead(one, 4);

        assertRefused("slot 3 is unknown in " + one, "--accept-loss", false, one, two);
        try (Remains remains = Remains.ofSurvivors(List.of(one, two), true)) {
            assertThat(remains.losses()).hasSize(3);
            assertThat(remains.losses().get(2)).contains("slot 4 is held by nobody", "up to 5");
            assertThat(remains.lastSlot()).isEqualTo(3);
            assertThat(remains.runs()).last().isEqualTo(new Remains.Run(3, 3, one, false));
        }
    }

    @Test
    void aGapThatNobodyFillsIsRefusedUnlessTheLossIsAccepted() {
        Path one =
                node(
                        1,
                        journal -> {
                            chosen(journal, B1, 2, "a");
                            journal.accepted(Batches.commands(B1, 4, "c"));
                        });
        Path two = node(2, journal -> journal.accepted(Batches.commands(B1, 3, "b")));

        assertRefused("slot 3 is held by nobody", "up to 4", false, one);
        assertThat(recover(true, "short", one).slot()).isEqualTo(2);
        assertThat(recover(false, "whole", one, two).slot()).isEqualTo(4);
    }

    @Test
    void aTornTailIsNoLoss() throws IOException {
        Path one = place("node-1");
        try (TestJournal journal = open(one, 1)) {
            journal.get().recover(new RecordedText());
            founded(journal.get(), CLUSTER);
            chosen(journal.get(), B1, 2, "a");
            journal.sync();
            journal.get().accepted(Batches.commands(B1, 3, "torn"));
            journal.kill();
        }
        damagePayload(one, 3);

        assertThat(recover(false, "new", one).slot()).isEqualTo(2);
    }

    @Test
    void filesOfSeveralClustersAreRefused() {
        Path one = node(1, journal -> chosen(journal, B1, 2, "a"));
        Path two = node(2, 4712, journal -> chosen(journal, B1, 2, "a"));

        assertRefused("is of cluster 1268", "of cluster 1267", false, one, two);
    }

    @Test
    void valuesThatCannotBothBeAreRefused() {
        Path one = node(1, journal -> chosen(journal, B1, 2, "a"));
        Path two = node(2, journal -> chosen(journal, B1, 2, "b"));
        assertRefused("slot 2 holds one value as chosen", "another one", true, one, two);

        Path three = node(3, journal -> journal.accepted(Batches.commands(B2, 2, "c")));
        Path four = node(4, journal -> journal.accepted(Batches.commands(B2, 2, "d")));
        assertRefused("slot 2 holds one value under the same ballot", "", true, three, four);
    }

    @Test
    void goesIntoAnEmptyPlaceOnlyAndIsNotStartedBeforeItIsWhole() throws IOException {
        Path node = node(1, journal -> chosen(journal, B1, 2, "a"));
        Files.createDirectories(place("full/something"));

        assertThatThrownBy(() -> restore(node, "full", 1)).hasMessageContaining("is not empty");
        assertThatThrownBy(() -> restore(node, "node-1/new", 1)).hasMessageContaining("lies in");
        restore(node, "new", 1);
        Files.createFile(place("new").resolve(Founding.MARK));
        assertThatThrownBy(() -> open(place("new"), 1)).hasMessageContaining("is not complete");
    }

    @Test
    void batchesThatFitNoFileAreSplit() {
        String large = "x".repeat(700 << 10);
        Path node = place("node-1");
        JournalConfig config =
                JournalConfig.of(node, 1, Durability.SYNC).withSegmentBytes(64 << 20);
        try (TestJournal journal = TestJournal.open(config, TestJournal.CACHE)) {
            journal.get().recover(new RecordedText());
            founded(journal.get(), CLUSTER);
            chosen(journal.get(), B1, 2, large, large, large);
            chosen(journal.get(), B1, 5, "x".repeat(3 << 20));
            journal.sync();
        }

        restore(node, "new", 1);

        assertThat(values(place("new"), 1)).isEqualTo(values(node, 1)).hasSize(5);
    }

    @Test
    void ofABackupIsTheSameAsOfItsNode() {
        Path node = node(1, journal -> chosen(journal, B1, 2, "a"));
        Backup.take(node, place("backup"));

        assertThat(restore(place("backup"), "one", 1)).isEqualTo(restore(node, "two", 1));
        assertThat(recover(false, "three", place("backup"))).isEqualTo(restore(node, "four", 1));
    }
}
