package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.JournalRecords;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every journal does, whatever it is made of: says again, in order, all that it was told and
 * synced.
 */
abstract class JournalContractTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final long B2 = Ballot.of(2, 2);

    /** A journal that can be closed, or lose its process, and be opened again. */
    interface Subject {
        /** Opens it and replays what it holds. */
        void open(JournalRecords into);

        JournalRecords records();

        /** Returns when everything appended so far is on stable storage. */
        void sync();

        /** Slots as a reader hands them over. */
        List<String> read(long firstSlot, long lastSlot);

        void close();

        /** The process is gone, the operating system's cache stays. */
        void kill();
    }

    private final Subject subject = subject();

    abstract Subject subject();

    @AfterEach
    void closeSubject() {
        subject.close();
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(open()).isEmpty();
    }

    @Test
    void saysEveryKindOfRecordAgainInOrder() {
        open();
        List<String> told = tellEveryKind();
        subject.sync();
        subject.close();

        assertThat(open()).isEqualTo(told);
    }

    @Test
    void keepsWhatWasSyncedThroughAKill() {
        open();
        List<String> told = tellEveryKind();
        subject.sync();
        subject.kill();

        assertThat(open()).isEqualTo(told);
        // What a start writes anew, the next one reads.
        subject.kill();
        assertThat(open()).isEqualTo(told);
    }

    @Test
    void goesOnBehindWhatItHeld() {
        List<String> told = new ArrayList<>();
        for (int run = 1; run <= 4; run++) {
            assertThat(open()).isEqualTo(told);
            tell(told, commands(B1, run, "run " + run));
            subject.sync();
            if (run % 2 == 0) {
                subject.kill();
            } else {
                subject.close();
            }
        }
        assertThat(open()).isEqualTo(told);
    }

    @Test
    void readsASlotAppendedAMomentAgo() {
        open();
        Batch batch = commands(B1, 1, "a", "b");
        subject.records().accepted(batch);

        assertThat(subject.read(1, 9)).containsExactly(RecordedText.text(batch));
    }

    @Test
    void readsTheNewestRecordOfASlot() {
        open();
        subject.records().accepted(commands(B1, 1, "a", "b", "c"));
        subject.records().accepted(commands(B2, 2, "B"));

        assertThat(subject.read(1, 9))
                .containsExactly(
                        RecordedText.text(commands(B1, 1, "a")),
                        RecordedText.text(commands(B2, 2, "B")),
                        RecordedText.text(sliceOf(commands(B1, 1, "a", "b", "c"), 3)));
    }

    @Test
    void aChosenSlotBeatsEveryBallot() {
        open();
        Batch chosen = Batches.chosen(commands(B1, 1, "chosen"));
        subject.records().chosen(chosen);
        subject.records().accepted(commands(B2, 1, "late"));
        String expected = RecordedText.text(chosen);
        assertThat(subject.read(1, 1)).containsExactly(expected);

        subject.sync();
        subject.kill();
        open();
        assertThat(subject.read(1, 1)).containsExactly(expected);
    }

    @Test
    void readsNothingAcrossAHole() {
        open();
        subject.records().accepted(commands(B1, 1, "a"));
        subject.records().accepted(commands(B1, 3, "c"));

        assertThat(subject.read(1, 9)).containsExactly(RecordedText.text(commands(B1, 1, "a")));
        assertThat(subject.read(2, 9)).isEmpty();
        assertThat(subject.read(3, 9)).containsExactly(RecordedText.text(commands(B1, 3, "c")));
    }

    private List<String> open() {
        RecordedText heard = new RecordedText();
        subject.open(heard);
        return heard.lines();
    }

    private List<String> tellEveryKind() {
        RecordedText told = new RecordedText();
        for (JournalRecords to : List.of(told, subject.records())) {
            to.promised(B1);
            to.campaigned(B1);
            to.accepted(Batches.entries(Batch.MEMBERSHIP, B1, 1, "members"));
            to.membership(1, new UnsafeBuffer(new byte[] {'m', 'e'}), 0, 2);
            to.accepted(commands(B1, 2, "apple", "", "pear"));
            to.committed(B1, 3);
            to.promised(B2);
            to.accepted(Batches.noOps(B2, 5, 1_000_000));
            to.chosen(Batches.chosen(commands(B1, 4, "pear")));
            to.committed(B2, 1_000_004);
            to.held(3, 0);
            to.decision(1_000_005, skip(3), 0, Decision.BYTES);
        }
        return told.lines();
    }

    private static UnsafeBuffer skip(long slot) {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[Decision.BYTES]);
        Decision.skip(slot, 0).encode(entry, 0);
        return entry;
    }

    private void tell(List<String> told, Batch batch) {
        subject.records().accepted(batch);
        told.add("accepted " + RecordedText.text(batch));
    }

    private static Batch commands(long ballot, long firstSlot, String... commands) {
        return Batches.commands(ballot, firstSlot, commands);
    }

    private static Batch sliceOf(Batch batch, long slot) {
        return new Batch().slice(batch, slot, slot);
    }
}
