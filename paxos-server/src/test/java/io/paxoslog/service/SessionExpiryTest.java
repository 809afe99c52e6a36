package io.paxoslog.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Version;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which sessions end of which nothing is heard, and when. */
class SessionExpiryTest {
    private static final int TIMEOUT = 1_000;
    private static final int EVICTABLE = 400;
    private static final int GRACE = 200;
    private static final int STEP = 50;
    private static final SessionLimits LIMITS =
            new SessionLimits(3, 8, 64, 4096)
                    .with(new SessionTimes(TIMEOUT, EVICTABLE, GRACE, STEP));
    private static final Version THIRD = new Version(3, 1);

    private final List<String> heard = new ArrayList<>();
    private final Deque<long[]> overdue = new ArrayDeque<>();
    private StateMachine app = new SequencerStateMachine();
    private final CommandApplier applier = new CommandApplier(app, LIMITS);
    private final TestLog log = new TestLog(applier);

    SessionExpiryTest() {
        applier.reportTo(new Noting());
        log.agreeOn(THIRD).alive(0).apply();
        heard.clear();
    }

    private long openKept(long nonce) {
        return log.openKept(nonce).apply();
    }

    /** A leader has long been in touch. */
    private SessionExpiryTest settled() {
        log.alive(GRACE).apply();
        return this;
    }

    private boolean isOpen(long session) {
        return applier.session(session) != null;
    }

    @Test
    void aSilentOneIsToldOfAndExpires() {
        long session = settled().openKept(7);
        log.alive(TIMEOUT + STEP - 1).apply();
        assertThat(heard).containsExactly("opened " + session);
        log.alive(STEP).apply();
        assertThat(heard).endsWith("overdue " + session + " since " + session);

        log.expire(session, session).apply();

        assertThat(heard).endsWith("refused " + session + " EXPIRED");
        assertThat(isOpen(session)).isFalse();
        assertThat(applier.sessionCount()).isZero();
    }

    @Test
    void itIsToldOfAgainWhileItIsThere() {
        openKept(7);
        log.alive(TIMEOUT + GRACE + STEP).apply();
        heard.clear();
        log.alive(STEP - 1).apply();
        assertThat(heard).isEmpty();
        log.alive(1).apply();
        assertThat(heard).hasSize(1);
    }

    @Test
    void anExpiryIsVoidWhereSomethingOfTheClientCameLater() {
        long first = settled().openKept(7);
        long second = openKept(8);
        long third = openKept(9);
        log.alive(TIMEOUT + STEP).apply();
        log.alive(0, first).command(second, 1, 1, "a").openKept(9).apply();
        log.alive(TIMEOUT + STEP).apply();

        log.expire(first, first).expire(second, second).expire(third, third).apply();

        assertThat(List.of(isOpen(first), isOpen(second), isOpen(third)))
                .containsExactly(true, true, true);
    }

    @Test
    void anExpiryIsVoidBeforeTheTimeOut() {
        long session = settled().openKept(7);
        log.alive(TIMEOUT + STEP - 1).expire(session, session).apply();
        assertThat(isOpen(session)).isTrue();
        log.alive(1).expire(session, session).apply();
        assertThat(isOpen(session)).isFalse();
    }

    @Test
    void aNewLeaderAddsTheGraceAndNoMore() {
        long session = settled().openKept(7);
        log.alive(TIMEOUT).apply();
        log.under(Ballot.of(2, 2)).alive(GRACE - 1).expire(session, session).apply();
        assertThat(isOpen(session)).isTrue();
        assertThat(heard).containsExactly("opened " + session);

        log.alive(STEP).expire(session, session).apply();

        assertThat(heard).contains("overdue " + session + " since " + session);
        assertThat(isOpen(session)).isFalse();
    }

    /** A leader that has not said anything of the stopwatch yet is as new as one can be. */
    @Test
    void aNewLeadersFirstWordEndsNobody() {
        long session = settled().openKept(7);
        openKept(8);
        openKept(9);
        log.alive(10 * TIMEOUT).apply();

        log.under(Ballot.of(2, 2)).openKept(10).expire(session, session).apply();

        assertThat(isOpen(session)).isTrue();
        assertThat(heard).endsWith("not opened 10");
    }

    @Test
    void commandsKeepASessionAliveToo() {
        long session = settled().openKept(7);
        for (int sequence = 1; sequence <= 20; sequence++) {
            log.alive(TIMEOUT / 2).command(session, sequence, sequence, "a").apply();
        }
        assertThat(heard).containsExactly("opened " + session);
    }

    @Test
    void aSessionOfAClientThatDoesNotKnowOfThisLivesOn() {
        long session = settled().log.open(7).apply();
        log.alive(100 * TIMEOUT).expire(session, session).expire(session, 0).apply();
        openKept(8);
        openKept(9);
        log.alive(100 * TIMEOUT).apply();
        openKept(10);
        openKept(11);

        assertThat(isOpen(session)).isTrue();
        // Who says once that it lives is known to do so.
        log.alive(0, session).apply();
        log.alive(TIMEOUT + STEP).apply();
        assertThat(heard).contains("overdue " + session + " since " + (applier.appliedIndex() - 1));
    }

    @Test
    void aFloodOfOpenersEvictsNobodyWhoLives() {
        long first = settled().openKept(1);
        long second = openKept(2);
        long third = openKept(3);
        log.alive(EVICTABLE + STEP - 1).apply();
        for (long nonce = 10; nonce < 1_000; nonce++) {
            log.openKept(nonce).apply();
        }
        assertThat(heard).hasSize(3 + 990).endsWith("not opened 999");

        log.alive(0, first, third).alive(1).openKept(1_000).openKept(1_001).apply();

        assertThat(isOpen(second)).isFalse();
        assertThat(List.of(isOpen(first), isOpen(third))).containsExactly(true, true);
        assertThat(heard).endsWith("not opened 1001");
    }

    @Test
    void theOneThatIsSilentForLongestIsEvicted() {
        long first = settled().openKept(1);
        long second = openKept(2);
        long third = openKept(3);
        log.alive(10, second, third).alive(0, second).alive(10, first).apply();
        log.alive(EVICTABLE + STEP).apply();

        openKept(4);
        openKept(5);

        assertThat(List.of(isOpen(first), isOpen(second), isOpen(third)))
                .containsExactly(true, false, false);
    }

    /** Whoever opens again what is open takes nobody's place. */
    @Test
    void openingAgainEvictsNobody() {
        long first = settled().openKept(1);
        openKept(2);
        openKept(3);
        log.alive(EVICTABLE + STEP).openKept(3).apply();
        assertThat(isOpen(first)).isTrue();
    }

    @Test
    void idsOutOfOrderCountForNothing() {
        long first = settled().openKept(1);
        long second = openKept(2);
        log.alive(TIMEOUT + STEP, second, first).apply();
        assertThat(heard).endsWith("overdue " + first + " since " + first);
    }

    @Test
    void theStopwatchNeverGoesBack() {
        long session = settled().openKept(7);
        log.alive(TIMEOUT + STEP).alive(-TIMEOUT).expire(session, session).apply();
        assertThat(isOpen(session)).isFalse();
    }

    @Test
    void beforeItIsAgreedNothingOfThisHasAnEffect() {
        CommandApplier old = new CommandApplier(new SequencerStateMachine(), LIMITS);
        old.reportTo(new Noting());
        TestLog itsLog = new TestLog(old).agreeOn(new Version(2, 1));
        long session = itsLog.openKept(7).apply();
        itsLog.alive(10 * TIMEOUT, session).alive(10 * TIMEOUT).expire(session, session).apply();
        itsLog.openKept(8).openKept(9).openKept(10).apply();
        assertThat(old.session(session)).isNotNull();
        assertThat(heard)
                .containsExactly(
                        "opened 2",
                        "nothing at 3",
                        "nothing at 4",
                        "nothing at 5",
                        "opened 6",
                        "opened 7",
                        "not opened 10");
    }

    @Test
    void aSnapshotKnowsWhoWasHeardOfWhen() throws IOException {
        settled().openKept(1);
        long second = openKept(2);
        log.alive(300, second).apply();
        log.under(Ballot.of(2, 2)).alive(TIMEOUT).apply();
        openKept(3);
        CommandApplier restored = copyOf(applier);
        TestLog itsLog = new TestLog(restored).under(Ballot.of(2, 2));

        for (TestLog each : List.of(log, itsLog)) {
            each.openKept(4).alive(300).expire(second, 6).apply();
        }

        assertThat(restored.appliedHash()).isEqualTo(applier.appliedHash());
        assertThat(restored.sessionCount()).isEqualTo(applier.sessionCount()).isEqualTo(2);
        assertThat(bytesOf(restored)).isEqualTo(bytesOf(applier));
    }

    private CommandApplier copyOf(CommandApplier of) throws IOException {
        StateMachine fresh = new SequencerStateMachine();
        CommandApplier copy = new CommandApplier(new SequencerStateMachine(), LIMITS);
        copy.restore(new ByteArrayInputStream(bytesOf(of)), fresh);
        return copy;
    }

    /** Nothing was given to the applications: theirs are all alike. */
    private byte[] bytesOf(CommandApplier of) throws IOException {
        return SnapshotBytes.of(of.beginCopy(), app.view());
    }

    /** 500 a second come, say one thing and die without a word; all of them are let in. */
    @Test
    void clientsThatDiedCostNothingAfterTheirTimeOut() {
        CommandApplier large =
                new CommandApplier(new SequencerStateMachine(), SessionLimits.DEFAULT);
        large.reportTo(new Noting());
        TestLog itsLog = new TestLog(large).agreeOn(THIRD).alive(0);
        int stepMs = SessionTimes.DEFAULT.stepMs();
        int most = 0;
        for (long nonce = 1; nonce <= 100_000; nonce++) {
            itsLog.openKept(nonce);
            long session = itsLog.apply();
            itsLog.command(session, 1, 1, "a");
            if (nonce % 500 == 0) {
                itsLog.alive(stepMs).apply();
                overdue.forEach(one -> itsLog.expire(one[0], one[1]));
                overdue.clear();
                itsLog.alive(0);
            }
            most = Math.max(most, large.sessionCount());
        }
        itsLog.apply();

        assertThat(heard).noneMatch(said -> said.startsWith("not opened"));
        assertThat(most).isLessThanOrEqualTo(SessionLimits.DEFAULT.maxSessions());
        for (int i = 0; i <= SessionTimes.DEFAULT.timeoutMs() / stepMs + 2; i++) {
            itsLog.alive(stepMs).apply();
            overdue.forEach(one -> itsLog.expire(one[0], one[1]));
            overdue.clear();
        }
        itsLog.alive(0).apply();
        assertThat(large.sessionCount()).isZero();
    }

    private final class Noting extends NotedReplies {
        Noting() {
            super(heard);
        }

        @Override
        public void refused(long session, long slot, long expected, Refusal why) {
            heard.add("refused " + session + " " + why);
        }

        @Override
        public void withoutEffect(long slot) {
            heard.add("nothing at " + slot);
        }

        @Override
        public void overdue(long session, long lastWord) {
            heard.add("overdue " + session + " since " + lastWord);
            overdue.add(new long[] {session, lastWord});
        }
    }
}
