package io.paxoslog.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Limits hold from the slot of their decision on, and void decisions change nothing. */
class SessionLimitsTest {
    private static final SessionLimits LIMITS = new SessionLimits(2, 4, 64, 1024);
    private static final int HEADER = ReplyCache.HEADER_BYTES;

    private final List<String> heard = new ArrayList<>();
    private final CommandApplier applier = newApplier();
    private final TestLog log = new TestLog(applier);

    private CommandApplier newApplier() {
        CommandApplier made = new CommandApplier(SessionLimitsTest::echo, LIMITS);
        made.reportTo(new Noting());
        return made;
    }

    private static void echo(Entry entry, Reply reply) {
        String text = entry.buffer().getStringWithoutLengthUtf8(entry.offset(), entry.length());
        int bytes = text.startsWith("large") ? Integer.parseInt(text.substring(5)) : 1;
        reply.resize(bytes);
    }

    private static Batch batchOf(long slot, Decision decision) {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[Integer.BYTES + Decision.BYTES]);
        entry.putInt(0, Decision.BYTES, ByteOrder.LITTLE_ENDIAN);
        decision.encode(entry, Integer.BYTES);
        return new Batch()
                .slots(Ballot.of(1, 1), slot, 1)
                .value(Batch.DECISION, Ballot.of(1, 1), 1)
                .bytes(entry, 0, entry.capacity());
    }

    private static Decision limits(
            int sessions, int inFlight, int replyBytes, int cachedBytes, long previous) {
        return Decision.limits(
                new Decision.Limits(sessions, inFlight, replyBytes, cachedBytes), previous);
    }

    /** Has the next slot decide; returns that slot. */
    private long decide(Decision decision) {
        applier.committed(batchOf(applier.appliedIndex() + 1, decision));
        return applier.appliedIndex();
    }

    @Test
    void holdFromTheirSlotOn() {
        log.open(7).command(1, 1, 1, "large64").command(1, 2, 1, "large64").apply();

        long slot = decide(limits(3, 4, 100, 2048, 0));

        assertThat(applier.limits()).isEqualTo(new SessionLimits(3, 4, 100, 2048));
        assertThat(applier.limitsDecidedAt()).isEqualTo(slot).isEqualTo(4);
        // The very next slots, and in one batch.
        log.open(8).open(9).open(10).command(5, 1, 1, "large100").apply();
        assertThat(heard)
                .containsExactly(
                        "opened 1", "limited at 4: 3 100", "opened 5", "opened 6", "not opened 10");
        assertThat(applier.session(5).replyLength(1)).isEqualTo(100);
        assertThat(applier.halt()).isNull();
    }

    @Test
    void theFirstCommandBehindThemFindsThem() {
        log.open(7).apply();
        decide(limits(2, 4, 100, 1024, 0));
        log.command(1, 1, 1, "large100").apply();
        assertThat(applier.halt()).isNull();
        assertThat(applier.session(1).replyLength(1)).isEqualTo(100);
    }

    @Test
    void whatWasTooLargeBelowTheirSlotStaysTooLarge() {
        log.open(7).command(1, 1, 1, "large65").apply();
        assertThat(applier.halt().slot()).isEqualTo(2);

        applier.decided(3, limits(2, 4, 65, 1024, 0));
        applier.decided(4, Decision.Kind.RETRY, 2);
        applier.startAgain(SessionLimitsTest::echo);
        log.open(7).command(1, 1, 1, "large65").apply();

        assertThat(applier.halt().slot()).isEqualTo(2);
    }

    @Test
    void fewerSessionsThanAreOpenCloseNone() {
        log.open(7).open(8).apply();
        decide(limits(1, 4, 64, 1024, 0));

        log.command(1, 1, 1, "a").command(2, 1, 1, "b").close(1).open(9).close(2).open(10).apply();

        assertThat(applier.session(9)).isNotNull();
        assertThat(heard)
                .containsExactly(
                        "opened 1",
                        "opened 2",
                        "limited at 3: 1 64",
                        "closed 1",
                        "not opened 9",
                        "closed 2",
                        "opened 9");
    }

    @Test
    void repliesThatAreKeptStayWhenLessMayBeKept() {
        log.open(7)
                .command(1, 1, 1, "large64")
                .command(1, 2, 1, "large60")
                .command(1, 3, 1, "large1")
                .apply();
        decide(limits(2, 2, 8, 8 + HEADER, 0));

        log.command(1, 4, 1, "large8").command(1, 4, 3, "large8").command(1, 4, 4, "large8");
        log.apply();

        assertThat(heard)
                .containsExactly(
                        "opened 1", "limited at 5: 2 8", "refused 6 FULL", "refused 7 FULL");
        assertThat(applier.session(1).lastSequence()).isEqualTo(4);
        assertThat(applier.session(1).replyLength(4)).isEqualTo(8);
    }

    @Test
    void aReplyAboveLoweredLimitsHalts() {
        log.open(7).apply();
        decide(limits(2, 4, 8, 1024, 0));
        log.command(1, 1, 1, "large9").apply();
        assertThat(applier.halt().slot()).isEqualTo(3);
        assertThat(applier.halt().cause()).hasMessageContaining("up to 8 bytes, not 9");
    }

    @Test
    void aDecisionThatDoesNotFollowTheLatestIsVoid() {
        long first = decide(limits(3, 4, 64, 1024, 0));
        decide(limits(99, 99, 99, 9999, 0));
        decide(limits(98, 99, 99, 9999, first + 1));
        assertThat(applier.limits().maxSessions()).isEqualTo(3);
        assertThat(applier.limitsDecidedAt()).isEqualTo(first);
        long fourth = decide(limits(4, 4, 64, 1024, first));
        assertThat(applier.limits().maxSessions()).isEqualTo(4);
        assertThat(applier.limitsDecidedAt()).isEqualTo(fourth);
        assertThat(heard).containsExactly("limited at 1: 3 64", "limited at 4: 4 64");
    }

    @Test
    void whatNobodyMayAllowChangesNothingAndIsTheLastWordAllTheSame() {
        long slot = decide(limits(Decision.Limits.MAX, 4, 64, 1024, 0));
        assertThat(applier.limits()).isEqualTo(LIMITS);
        assertThat(applier.limitsDecidedAt()).isEqualTo(slot);
        decide(limits(3, 4, 64, 1024, slot));
        assertThat(applier.limits().maxSessions()).isEqualTo(3);
    }

    /** A decision is told of when it is chosen, which may be long before its slot is applied. */
    @Test
    void areNotObeyedAheadOfOrder() {
        applier.decided(9, limits(1, 1, 1, 100, 0));
        log.open(7).open(8).command(1, 1, 1, "large64").apply();
        assertThat(applier.limits()).isEqualTo(LIMITS);
        assertThat(applier.sessionCount()).isEqualTo(2);
    }

    @Test
    void areTheSameWhenTheLogIsPlayedAgainFromTheBeginning() {
        play();
        long hash = applier.appliedHash();
        List<String> first = List.copyOf(heard);
        heard.clear();

        applier.startAgain(SessionLimitsTest::echo);
        assertThat(applier.limits()).isEqualTo(LIMITS);
        assertThat(applier.limitsDecidedAt()).isZero();
        assertThat(heard).containsExactly("limited at 0: 2 64");
        heard.clear();
        play();

        assertThat(heard).isEqualTo(first);
        assertThat(applier.appliedHash()).isEqualTo(hash);
    }

    private void play() {
        log.open(7).open(8).open(9).apply();
        decide(limits(3, 4, 64, 1024, 0));
        log.open(10).command(1, 1, 1, "a").apply();
        decide(limits(1, 4, 64, 1024, 0));
        decide(limits(1, 4, 60, 1024, 4));
        log.open(11).command(1, 2, 1, "large60").apply();
    }

    @Test
    void decisionsAboutSlotsAndUnknownOnesChangeNoLimits() {
        decide(Decision.retry(1, 0));
        UnsafeBuffer entry =
                new UnsafeBuffer("\u0003\0\0\0abc".getBytes(StandardCharsets.US_ASCII));
        applier.committed(
                new Batch()
                        .slots(Ballot.of(1, 1), 2, 1)
                        .value(Batch.DECISION, Ballot.of(1, 1), 1)
                        .bytes(entry, 0, entry.capacity()));
        assertThat(applier.appliedIndex()).isEqualTo(2);
        assertThat(applier.limits()).isEqualTo(LIMITS);
        assertThat(applier.limitsDecidedAt()).isZero();
    }

    @Test
    void sayWhichOneIsNotToBeHad() {
        assertRefused("sessions: 1 to 1048576, not 0", 0, 1, 1, 100);
        assertRefused("in-flight: 1 to 1048576, not 1048577", 1, 1048577, 1, 100);
        assertRefused("reply-bytes: 0 to 491520, not -1", 1, 1, -1, 100);
        assertRefused("reply-bytes: 0 to 491520, not 491521", 1, 1, 491521, 1 << 20);
        assertRefused("cached-bytes: 112 to 67108864, not 111", 1, 1, 100, 111);
        assertRefused("cached-bytes: 112 to 67108864, not 67108865", 1, 1, 100, 67108865);
    }

    private static void assertRefused(
            String message, int sessions, int inFlight, int replyBytes, int cachedBytes) {
        Decision.Limits limits = new Decision.Limits(sessions, inFlight, replyBytes, cachedBytes);
        assertThatThrownBy(() -> SessionLimits.of(limits)).hasMessage(message);
    }

    private final class Noting extends NotedReplies {
        Noting() {
            super(heard);
        }

        @Override
        public void limited(long decidedAt, SessionLimits limits) {
            heard.add(
                    "limited at %d: %d %d"
                            .formatted(decidedAt, limits.maxSessions(), limits.maxReplyBytes()));
        }

        @Override
        public void refused(long session, long slot, long expected, Refusal why) {
            heard.add("refused " + slot + " " + why);
        }
    }
}
