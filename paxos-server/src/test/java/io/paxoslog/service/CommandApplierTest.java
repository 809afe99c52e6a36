package io.paxoslog.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What takes effect, rule by rule. */
class CommandApplierTest {
    private static final SessionLimits LIMITS = new SessionLimits(3, 4, 64, 1024);

    private final List<String> effects = new ArrayList<>();
    private final List<String> decisions = new ArrayList<>();
    private final List<Long> withoutEffect = new ArrayList<>();
    private final CommandApplier applier = newApplier(LIMITS);
    private final TestLog log = new TestLog(applier);

    private CommandApplier newApplier(SessionLimits limits) {
        CommandApplier created = new CommandApplier(this::apply, limits);
        created.reportTo(new RecordingSink(decisions, withoutEffect));
        return created;
    }

    private void apply(Entry entry, Reply reply) {
        String text = text(entry);
        effects.add(entry.slot() + "=" + text);
        byte[] answer = ("re:" + text).getBytes(StandardCharsets.UTF_8);
        reply.resize(answer.length).putBytes(0, answer);
    }

    private static String text(Entry entry) {
        return entry.buffer().getStringWithoutLengthUtf8(entry.offset(), entry.length());
    }

    private String reply(long session, long sequence) {
        Session open = applier.session(session);
        return open.slot(sequence)
                + ":"
                + open.replyBuffer()
                        .getStringWithoutLengthUtf8(
                                open.replyOffset(sequence), open.replyLength(sequence));
    }

    private long openSession() {
        return log.open(77).apply();
    }

    @Test
    void namesASessionAfterTheSlotThatOpensIt() {
        log.noOps(6);
        log.open(77).apply();
        assertThat(decisions).containsExactly("opened 77 as 7");
        assertThat(applier.session(7).id()).isEqualTo(7);
        assertThat(applier.session(7).lastSequence()).isZero();
    }

    @Test
    void opensOneSessionForOneNonce() {
        log.open(77).open(77).apply();
        assertThat(decisions).containsExactly("opened 77 as 1", "opened 77 as 1");
        assertThat(applier.sessionCount()).isEqualTo(1);
    }

    @Test
    void appliesConsecutiveSequencesInOrder() {
        long session = openSession();
        log.command(session, 1, 1, "a").command(session, 2, 1, "b").apply();
        log.command(session, 3, 1, "c").apply();
        assertThat(effects).containsExactly("2=a", "3=b", "4=c");
        assertThat(applier.session(session).lastSequence()).isEqualTo(3);
        assertThat(reply(session, 2)).isEqualTo("3:re:b");
    }

    @Test
    void repeatedSequenceTakesNoEffectAndKeepsItsReply() {
        long session = openSession();
        log.command(session, 1, 1, "a").command(session, 1, 1, "other").apply();
        assertThat(effects).containsExactly("2=a");
        assertThat(reply(session, 1)).isEqualTo("2:re:a");
        assertThat(decisions).containsExactly("opened 77 as 1");
    }

    @Test
    void sequenceAboveAMissingOneTakesNoEffectAndSaysGap() {
        long session = openSession();
        log.command(session, 1, 1, "a").command(session, 3, 1, "c").apply();
        assertThat(effects).containsExactly("2=a");
        assertThat(decisions).contains("refused 1 slot 3 expected 2 GAP");
    }

    @Test
    void refusedSequenceIsNotCached() {
        long session = openSession();
        log.command(session, 2, 1, "b").apply();
        log.command(session, 1, 1, "a").command(session, 2, 1, "b").apply();
        assertThat(effects).containsExactly("3=a", "4=b");
        assertThat(reply(session, 2)).isEqualTo("4:re:b");
    }

    @Test
    void unknownSessionIsExpired() {
        log.noOps(1);
        log.command(99, 1, 1, "a").apply();
        assertThat(effects).isEmpty();
        assertThat(decisions).containsExactly("refused 99 slot 2 expected 0 EXPIRED");
    }

    @Test
    void closedSessionIsExpired() {
        long session = openSession();
        log.command(session, 1, 1, "a").close(session).command(session, 2, 1, "b").apply();
        assertThat(effects).containsExactly("2=a");
        assertThat(decisions)
                .containsExactly(
                        "opened 77 as 1", "closed 1", "refused 1 slot 4 expected 0 EXPIRED");
    }

    @Test
    void sessionThatTookAClosedOnesPlaceRemembersNothingOfIt() {
        long first = openSession();
        log.command(first, 1, 1, "a").close(first).apply();
        long second = log.open(78).apply();
        log.command(second, 1, 1, "b").apply();
        assertThat(effects).containsExactly("2=a", "5=b");
        assertThat(applier.session(first)).isNull();
        assertThat(reply(second, 1)).isEqualTo("5:re:b");
    }

    @Test
    void awaitedTrimsTheRepliesBelowIt() {
        long session = openSession();
        log.command(session, 1, 1, "a").command(session, 2, 1, "b").apply();
        assertThat(applier.session(session).firstKept()).isEqualTo(1);
        log.command(session, 3, 3, "c").apply();
        assertThat(applier.session(session).firstKept()).isEqualTo(3);
        assertThat(reply(session, 3)).isEqualTo("4:re:c");
    }

    @Test
    void awaitedTrimsEvenWhenTheCommandTakesNoEffect() {
        long session = openSession();
        log.command(session, 1, 1, "a").command(session, 1, 2, "a").apply();
        assertThat(applier.session(session).firstKept()).isEqualTo(2);
    }

    @Test
    void takesAsManyUnansweredAsTheLimitAndNotOneMore() {
        long session = openSession();
        for (int sequence = 1; sequence <= 5; sequence++) {
            log.command(session, sequence, 1, "c" + sequence);
        }
        log.apply();
        assertThat(effects).containsExactly("2=c1", "3=c2", "4=c3", "5=c4");
        assertThat(decisions).contains("refused 1 slot 6 expected 5 FULL");
        log.command(session, 5, 2, "c5").apply();
        assertThat(effects).contains("7=c5");
    }

    @Test
    void keepsNoMoreReplyBytesThanTheLimit() {
        CommandApplier tight = newApplier(new SessionLimits(3, 100, 64, 2 * 76));
        TestLog tightLog = new TestLog(tight);
        long session = tightLog.open(77).apply();
        String large = "x".repeat(61);
        tightLog.command(session, 1, 1, large).command(session, 2, 1, large).apply();
        assertThat(effects).hasSize(2);
        tightLog.command(session, 3, 1, "a").apply();
        assertThat(effects).hasSize(2);
        assertThat(decisions).contains("refused 1 slot 4 expected 3 FULL");
        tightLog.command(session, 3, 2, "a").apply();
        assertThat(effects).hasSize(3);
    }

    @Test
    void opensAsManySessionsAsTheLimitAndNotOneMore() {
        log.open(1).open(2).open(3).open(4).apply();
        assertThat(applier.sessionCount()).isEqualTo(3);
        assertThat(decisions).endsWith("not opened 4");
        log.close(2).open(4).apply();
        assertThat(decisions).endsWith("closed 2", "opened 4 as 6");
    }

    @Test
    void agreedTimeNeverFalls() {
        List<Long> times = new ArrayList<>();
        CommandApplier timed =
                new CommandApplier((entry, reply) -> times.add(entry.timeNs()), LIMITS);
        TestLog timedLog = new TestLog(timed);
        long session = timedLog.at(50).open(77).apply();
        timedLog.at(40).command(session, 1, 1, "a").apply();
        timedLog.noOps(1);
        timedLog.at(60).command(session, 2, 1, "b").apply();
        assertThat(times).containsExactly(50L, 60L);
    }

    @Test
    void entryCarriesTheOriginBallotNotTheAcceptedOne() {
        List<Long> ballots = new ArrayList<>();
        CommandApplier seeing =
                new CommandApplier((entry, reply) -> ballots.add(entry.originBallot()), LIMITS);
        TestLog first = new TestLog(seeing);
        first.open(77).apply();
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[EntryFormat.OVERHEAD_BYTES]);
        EntryFormat.putHead(bytes, 0, EntryFormat.COMMAND, 1, 1, 1, 0);
        seeing.committed(
                new Batch()
                        .slots(Ballot.of(9, 2), 2, 1)
                        .value(Batch.COMMANDS, Ballot.of(3, 1), 1)
                        .bytes(bytes, 0, bytes.capacity()));
        assertThat(ballots).containsExactly(Ballot.of(3, 1));
    }

    @Test
    void noOpsAndMembershipsCountAsAppliedOnly() {
        log.noOps(10);
        membership(77);
        assertThat(applier.appliedIndex()).isEqualTo(11);
        assertThat(effects).isEmpty();
    }

    private void membership(long cluster) {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[4 + 29]);
        entry.putInt(0, 29, ByteOrder.LITTLE_ENDIAN);
        entry.putInt(4, 0x01010101, ByteOrder.LITTLE_ENDIAN);
        entry.putInt(8, 64, ByteOrder.LITTLE_ENDIAN);
        entry.putLong(12, cluster, ByteOrder.LITTLE_ENDIAN);
        entry.putLong(20, (1L << 48) + 1, ByteOrder.LITTLE_ENDIAN);
        entry.putByte(28, (byte) 4);
        entry.putStringWithoutLengthAscii(29, "h:12");
        applier.committed(
                new Batch()
                        .slots(Ballot.of(1, 1), applier.appliedIndex() + 1, 1)
                        .value(Batch.MEMBERSHIP, Ballot.of(1, 1), 1)
                        .bytes(entry, 0, entry.capacity()));
    }

    @Test
    void anotherClusterEndsAllSessionsAtTheSlotOfItsMembership() {
        membership(1);
        log.open(77).open(78).command(2, 1, 1, "a").apply();
        membership(2);
        log.command(2, 2, 1, "b").command(3, 1, 1, "c").apply();

        assertThat(effects).containsExactly("4=a");
        assertThat(decisions)
                .containsExactly(
                        "opened 77 as 2",
                        "opened 78 as 3",
                        "refused 2 slot 5 expected 0 REFOUNDED",
                        "refused 3 slot 5 expected 0 REFOUNDED",
                        "refused 2 slot 6 expected 0 EXPIRED",
                        "refused 3 slot 7 expected 0 EXPIRED");
        assertThat(applier.sessionCount()).isZero();
        assertThat(applier.session(log.open(77).apply())).isNotNull();
    }

    @Test
    void theSameClusterEndsNone() {
        membership(1);
        log.open(77).apply();
        membership(1);
        log.command(2, 1, 1, "a").apply();

        assertThat(effects).containsExactly("4=a");
    }

    @Test
    void aSnapshotTellsOfNoMembershipOfTheClusterBefore() {
        membership(1);
        membership(2);

        SnapshotCopy copy = applier.beginCopy();

        assertThat(copy.head().clusterId()).isEqualTo(2);
        assertThat(copy.head().memberships()).containsOnlyKeys(2L);
    }

    @Test
    void entryThatIsNoCommandTakesNoEffect() {
        long session = openSession();
        log.raw(new byte[3]).entry((short) 9, session, 1, 1, new byte[0]).apply();
        log.command(session, 1, 1, "a").apply();
        assertThat(effects).containsExactly("4=a");
    }

    @Test
    void refusesSlotsOutOfOrder() {
        log.noOps(3);
        Batch again = new Batch().slots(Ballot.of(1, 1), 3, 1).value(Batch.NO_OP, 0, 0).noBytes();
        assertThatThrownBy(() -> applier.committed(again))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("slot 3 came after slot 3");
    }

    @Test
    void tellsWhichSlotsTookEffect() {
        long session = openSession();
        log.command(session, 1, 1, "a").command(session, 1, 1, "a").command(session, 3, 1, "c");
        log.command(session, 2, 1, "b").command(99, 1, 1, "z").apply();
        assertThat(withoutEffect).containsExactly(3L, 4L, 6L);
    }

    @Test
    void hashDoesNotDependOnBatching() {
        long session = openSession();
        log.command(session, 1, 1, "a").command(session, 2, 1, "b").apply();
        CommandApplier other = newApplier(LIMITS);
        TestLog otherLog = new TestLog(other);
        otherLog.open(77).apply();
        otherLog.command(session, 1, 1, "a").apply();
        otherLog.command(session, 2, 1, "b").apply();
        assertThat(other.appliedHash()).isEqualTo(applier.appliedHash());
    }

    @Test
    void hashChangesWithEverythingThatIsPartOfAValue() {
        long plain = hashOf(1, 0, "abcdefghi");
        assertThat(hashOf(1, 0, "abcdefghi")).isEqualTo(plain);
        assertThat(hashOf(2, 0, "abcdefghi")).isNotEqualTo(plain);
        assertThat(hashOf(1, 1, "abcdefghi")).isNotEqualTo(plain);
        assertThat(hashOf(1, 0, "abcdefghj")).isNotEqualTo(plain);
        assertThat(hashOf(1, 0, "bbcdefghi")).isNotEqualTo(plain);
    }

    /** What the state machine holds is seen by nobody but itself; what it says is. */
    @Test
    void hashTellsStateMachinesApartThatAnswerTheSameCommandsDifferently() {
        long one = hashOfReplies("", "1", "22");
        assertThat(hashOfReplies("", "1", "22")).isEqualTo(one);
        assertThat(hashOfReplies("", "1", "23")).isNotEqualTo(one);
        assertThat(hashOfReplies("", "12", "2")).isNotEqualTo(one);
        assertThat(hashOfReplies("1", "", "22")).isNotEqualTo(one);
        assertThat(hashOfReplies("", "1", "22\0")).isNotEqualTo(one);
    }

    private static long hashOfReplies(String... answers) {
        Iterator<String> next = List.of(answers).iterator();
        CommandApplier other =
                new CommandApplier(
                        (entry, reply) -> {
                            byte[] answer = next.next().getBytes(StandardCharsets.UTF_8);
                            reply.resize(answer.length).putBytes(0, answer);
                        },
                        LIMITS);
        TestLog otherLog = new TestLog(other);
        long session = otherLog.open(77).apply();
        for (int sequence = 1; sequence <= answers.length; sequence++) {
            otherLog.command(session, sequence, 1, "same");
        }
        otherLog.apply();
        return other.appliedHash();
    }

    /**
     * The same log, met by tables of different size: what takes effect differs, and so must this.
     */
    @Test
    void hashTellsSessionTablesApartThatDecidedDifferently() {
        assertThat(hashUnder(new SessionLimits(3, 4, 64, 1024)))
                .isNotEqualTo(hashUnder(new SessionLimits(1, 4, 64, 1024)))
                .isNotEqualTo(hashUnder(new SessionLimits(3, 1, 64, 1024)));
    }

    private long hashUnder(SessionLimits limits) {
        CommandApplier other = newApplier(limits);
        TestLog otherLog = new TestLog(other);
        long session = otherLog.open(77).apply();
        otherLog.open(78).command(session, 1, 1, "a").command(session, 2, 1, "b").apply();
        return other.appliedHash();
    }

    private long hashOf(long timestamp, int noOps, String command) {
        CommandApplier other = newApplier(LIMITS);
        TestLog otherLog = new TestLog(other);
        if (noOps > 0) {
            otherLog.noOps(noOps);
        }
        otherLog.at(timestamp).command(5, 1, 1, command).apply();
        return other.appliedHash();
    }

    /** Notes what it hears as text. */
    private record RecordingSink(List<String> heard, List<Long> withoutEffect)
            implements ReplySink {
        @Override
        public void opened(long nonce, SecretHash secret, long session) {
            heard.add("opened " + nonce + " as " + session);
        }

        @Override
        public void outcome(
                long question,
                CommandFate fate,
                long slot,
                DirectBuffer reply,
                int offset,
                int length) {
            heard.add("outcome " + question + " " + fate + " " + slot + " " + length);
        }

        @Override
        public void notOpened(long nonce, SecretHash secret) {
            heard.add("not opened " + nonce);
        }

        @Override
        public void closed(long session) {
            heard.add("closed " + session);
        }

        @Override
        public void refused(long session, long slot, long expected, Refusal why) {
            heard.add("refused " + session + " slot " + slot + " expected " + expected + " " + why);
        }

        @Override
        public void limited(long decidedAt, SessionLimits newLimits) {
            heard.add("limited at " + decidedAt + ": " + newLimits.maxSessions() + " sessions");
        }

        @Override
        public void timers(long timeNs, long stopwatchMs, long readingMs) {}

        @Override
        public void overdue(long session, long lastWord) {
            heard.add("overdue " + session + " since " + lastWord);
        }

        @Override
        public void withoutEffect(long slot) {
            withoutEffect.add(slot);
        }
    }
}
