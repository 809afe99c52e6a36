package io.paxoslog.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is copied while more is applied, and who begins with it. */
class SnapshotCopyTest {
    private static final SessionLimits LIMITS =
            new SessionLimits(4, 5, 64, 400).with(new SessionTimes(400, 100, 20, 10));
    private static final int SLOTS = 150;

    /** An applier with the one application that shows number, time and command in its replies. */
    private static final class Node {
        StateMachine app = new SequencerStateMachine();
        final CommandApplier applier = new CommandApplier(app, LIMITS);
        final List<String> told = new ArrayList<>();

        Node() {
            applier.reportTo(new Noting(told));
        }

        Node applyUpTo(RandomLog log, long slot) {
            for (Batch batch : log.batches()) {
                long next = applier.appliedIndex() + 1;
                if (next <= Math.min(slot, batch.lastSlot())) {
                    applier.committed(new Batch().slice(batch, next, slot));
                }
            }
            return this;
        }

        byte[] snapshot() throws IOException {
            return SnapshotBytes.of(applier.beginCopy(), app.view(), 1 << 20, () -> {});
        }

        void restore(byte[] snapshot) throws IOException {
            app = new SequencerStateMachine();
            applier.restore(new ByteArrayInputStream(snapshot), app);
        }
    }

    private static Node begun(RandomLog log, long slot) {
        Node node = new Node();
        log.tellSkipsTo(node.applier);
        return node.applyUpTo(log, slot);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void isTheSameWhateverIsAppliedMeanwhile(long seed) throws IOException {
        RandomLog log = new RandomLog(seed, SLOTS);
        Random random = new Random(seed);
        for (long slot = 1; slot < log.lastSlot(); slot += 1 + random.nextInt(9)) {
            byte[] expected = begun(log, slot).snapshot();
            Node node = begun(log, slot);
            SnapshotCopy copy = node.applier.beginCopy();
            int atOnce = random.nextInt(6);

            byte[] copied =
                    SnapshotBytes.of(
                            copy,
                            node.app.view(),
                            1 + random.nextInt(200),
                            () -> node.applyUpTo(log, node.applier.appliedIndex() + atOnce));

            assertThat(copied).as("slot " + slot).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whoBeginsWithItIsAsWhoAppliedAll(long seed) throws IOException {
        RandomLog log = new RandomLog(seed, SLOTS);
        for (long slot = 1; slot < log.lastSlot(); slot += 7) {
            Node whole = begun(log, slot);
            Node restored = new Node();
            log.tellSkipsTo(restored.applier);
            restored.restore(whole.snapshot());
            whole.told.clear();
            restored.told.clear();
            assertSame(restored, whole);

            whole.applyUpTo(log, log.lastSlot());
            restored.applyUpTo(log, log.lastSlot());

            assertThat(restored.told).isEqualTo(whole.told);
            assertSame(restored, whole);
        }
    }

    private static void assertSame(Node one, Node other) throws IOException {
        assertThat(one.applier.halt()).isNull();
        assertThat(one.applier.appliedIndex()).isEqualTo(other.applier.appliedIndex());
        assertThat(one.applier.appliedHash()).isEqualTo(other.applier.appliedHash());
        assertThat(one.applier.limits()).isEqualTo(other.applier.limits());
        assertThat(one.applier.limitsDecidedAt()).isEqualTo(other.applier.limitsDecidedAt());
        assertThat(one.snapshot()).isEqualTo(other.snapshot());
        assertThat(listed(one.applier)).isEqualTo(listed(other.applier));
        assertThat(replies(one)).isEqualTo(replies(other));
    }

    /** All that is kept for clients. */
    private static List<String> replies(Node node) {
        List<String> replies = new ArrayList<>();
        for (long id = 1; id <= node.applier.appliedIndex(); id++) {
            Session session = node.applier.session(id);
            for (long seq = session == null ? 1 : session.firstKept();
                    session != null && seq <= session.lastSequence();
                    seq++) {
                replies.add(id + "/" + seq + ": " + reply(session, seq));
            }
        }
        return replies;
    }

    private static String reply(Session session, long sequence) {
        byte[] reply = new byte[session.replyLength(sequence)];
        session.replyBuffer().getBytes(session.replyOffset(sequence), reply);
        return session.slot(sequence)
                + (session.isSkipped(sequence) ? " skipped " : " ")
                + Arrays.toString(reply);
    }

    private static List<String> listed(CommandApplier applier) {
        List<String> listed = new ArrayList<>();
        SessionListing listing = applier.listSessions();
        SessionListing.Listener listener =
                new SessionListing.Listener() {
                    @Override
                    public void ended(long session, SecretHash secret) {
                        listed.add("ended " + session + " " + secret.first());
                    }

                    @Override
                    public void opened(long nonce, SecretHash secret, long session) {
                        listed.add("open " + session + " " + nonce + " " + secret.first());
                    }
                };
        while (listing.tellNext(listener)) {
            // The next one.
        }
        return listed;
    }

    @Test
    void saysWhatItIsOf() throws IOException {
        RandomLog log = new RandomLog(3, SLOTS);
        CommandApplier applier = begun(log, log.lastSlot()).applier;

        AppliedHead head = applier.beginCopy().head();

        assertThat(head.slot()).isEqualTo(log.lastSlot());
        assertThat(head.clusterId()).isEqualTo(4711);
        assertThat(head.hash()).isEqualTo(applier.appliedHash());
        assertThat(head.memberships()).containsOnlyKeys(1L);
        assertThat(head.decisions()).containsKey(applier.limitsDecidedAt());
    }

    @Test
    void knowsHowFarAnEndedSessionCame() throws IOException {
        Node node = new Node();
        TestLog log = new TestLog(node.applier);
        long session = log.open(7).apply();
        log.command(session, 1, 1, "a").command(session, 2, 1, "b").close(session).apply();
        Node restored = new Node();

        restored.restore(node.snapshot());
        new TestLog(restored.applier).ask(session, 2, 5).ask(session, 3, 6).apply();

        assertThat(restored.told).contains("outcome 5 REPLY_GONE 0 0", "outcome 6 NEVER 0 0");
    }

    @Test
    void agreedTimeDoesNotFallBehindIt() throws IOException {
        Node node = new Node();
        long session = new TestLog(node.applier).at(9_000).open(7).apply();
        Node restored = new Node();

        restored.restore(node.snapshot());
        new TestLog(restored.applier).at(5_000).command(session, 1, 1, "a").apply();

        Session open = restored.applier.session(session);
        assertThat(open.replyBuffer().getLong(open.replyOffset(1) + Long.BYTES)).isEqualTo(9_000);
    }

    @Test
    void oneThatHasAppliedWhatTheLogSkipsIsNotBegunWith() throws IOException {
        Node node = new Node();
        TestLog log = new TestLog(node.applier);
        long session = log.open(7).apply();
        log.command(session, 1, 1, "a").command(session, 2, 1, "b").apply();
        Node restored = new Node();
        restored.applier.decided(9, Decision.skip(2, 0));

        restored.restore(node.snapshot());

        assertThat(restored.applier.halt().slot()).isEqualTo(2);
        assertThat(restored.applier.halt().decision()).isLessThan(9);
        assertThat(restored.applier.halt().isClean()).isFalse();
    }

    @Test
    void whatItSkippedIsKnownWhereTheDecisionIsHeardLater() throws IOException {
        Node node = new Node();
        node.applier.decided(9, Decision.skip(2, 0));
        TestLog log = new TestLog(node.applier);
        long session = log.open(7).apply();
        log.command(session, 1, 1, "a").command(session, 2, 1, "b").apply();
        Node restored = new Node();

        restored.restore(node.snapshot());
        restored.applier.decided(9, Decision.skip(2, 0));

        assertThat(restored.applier.halt()).isNull();
        assertThat(restored.applier.session(session).isSkipped(1)).isTrue();
    }

    @Test
    void holdsOnWhatItBringsAreOverAndThoseAboveAreNot() throws IOException {
        Node node = new Node();
        TestLog log = new TestLog(node.applier);
        long session = log.open(7).apply();
        log.command(session, 1, 1, "a").apply();
        Node restored = new Node();
        restored.applier.held(2, 0);
        restored.applier.held(4, 0);

        restored.restore(node.snapshot());
        TestLog itsLog = new TestLog(restored.applier);
        itsLog.command(session, 2, 1, "b").command(session, 3, 1, "c").apply();

        assertThat(restored.applier.halt()).isEqualTo(new Halt(4, 0, 0, 0, null));
    }

    @Test
    void aHaltedStateMachineShowsNone() {
        CommandApplier applier =
                new CommandApplier(
                        (entry, reply) -> {
                            throw new IllegalStateException("no");
                        },
                        LIMITS);
        TestLog log = new TestLog(applier);
        long session = log.open(7).apply();
        log.command(session, 1, 1, "a").apply();

        assertThatThrownBy(applier::beginCopy).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatCannotBeReadChangesNothing() throws IOException {
        RandomLog log = new RandomLog(2, SLOTS);
        byte[] snapshot = begun(log, log.lastSlot()).snapshot();
        for (int cut = 0; cut < snapshot.length; cut += 37) {
            Node node = begun(log, 20);
            long hash = node.applier.appliedHash();
            byte[] part = Arrays.copyOf(snapshot, cut);

            assertThatThrownBy(() -> node.restore(part)).isInstanceOf(IOException.class);

            assertThat(node.applier.appliedIndex()).isEqualTo(20);
            assertThat(node.applier.appliedHash()).isEqualTo(hash);
        }
    }

    @Test
    void aSnapshotOfANewerReleaseIsRefusedByName() throws IOException {
        byte[] snapshot = begun(new RandomLog(2, SLOTS), 20).snapshot();
        snapshot[Integer.BYTES + 6] = MessageHeaderDecoder.SCHEMA_VERSION + 1;

        assertThatThrownBy(() -> new Node().restore(snapshot))
                .hasMessageContaining("a newer release wrote the snapshot");
    }

    private record Noting(List<String> told) implements ReplySink {
        @Override
        public void opened(long nonce, SecretHash secret, long session) {
            told.add("opened " + nonce + " " + session);
        }

        @Override
        public void notOpened(long nonce, SecretHash secret) {
            told.add("not opened " + nonce);
        }

        @Override
        public void closed(long session) {
            told.add("closed " + session);
        }

        @Override
        public void refused(long session, long slot, long expected, Refusal why) {
            told.add("refused " + session + " " + slot + " " + expected + " " + why);
        }

        @Override
        public void withoutEffect(long slot) {
            told.add("without effect " + slot);
        }

        @Override
        public void outcome(
                long question,
                CommandFate fate,
                long slot,
                DirectBuffer reply,
                int offset,
                int length) {
            told.add("outcome " + question + " " + fate + " " + slot + " " + length);
        }

        @Override
        public void limited(long decidedAt, SessionLimits limits) {
            told.add("limited " + decidedAt);
        }

        @Override
        public void timers(long timeNs, long stopwatchMs, long readingMs) {}

        @Override
        public void overdue(long session, long lastWord) {
            told.add("overdue " + session + " " + lastWord);
        }
    }
}
