package io.paxoslog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.journal.EntryHeaderDecoder;
import io.paxoslog.core.Batch;
import io.paxoslog.service.EntryFormat;
import io.paxoslog.service.SessionLimits;
import io.paxoslog.service.SessionTimes;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a leader puts into the log so that sessions live and end. */
class SessionLivesTest {
    private static final int IMAGE = 7;
    private static final int OTHER = 8;
    private static final int TIMEOUT = 1_000;
    private static final int GRACE = 200;
    private static final int STEP = 100;
    private static final int HEARTBEAT = 50;
    private static final SessionTimes TIMES = new SessionTimes(TIMEOUT, 400, GRACE, STEP);
    private static final SessionLimits LIMITS =
            new SessionLimits(8, 100, 1024, 64 * 1024).with(TIMES);
    private static final GatewayConfig CONFIG = new GatewayConfig(4, 1000, 4000, 16, 4096, 1 << 30);

    private final Desk desk = new Desk(CONFIG, LIMITS).withExpiry();
    private final ClientFrames frames = desk.frames();
    private final FakeLink link = desk.hello(IMAGE);
    private long tick;
    private int seen;

    /** One turn of a node; what it heard comes before. */
    private void turn(boolean isAllHeard, int ticks) {
        desk.clients.endTurn(isAllHeard);
        desk.choose();
        tick += ticks;
        desk.clients.onTick(tick, 0);
        desk.speak();
    }

    private void turns(int ms) {
        for (int left = ms; left > 0; left -= HEARTBEAT) {
            turn(true, Math.min(left, HEARTBEAT));
        }
        turn(true, 0);
    }

    /** Entries that came into the log since this was asked last, but for commands. */
    private List<String> taken() {
        List<String> entries = new ArrayList<>();
        for (; seen < desk.log.size(); seen++) {
            Batch batch = desk.log.get(seen);
            int at = 0;
            for (int i = 0; batch.kind() == Batch.COMMANDS && i < batch.count(); i++) {
                int length = batch.buffer().getInt(at, ByteOrder.LITTLE_ENDIAN);
                entries.add(textOf(batch, at + Batch.ENTRY_PREFIX_BYTES, length));
                at += Batch.ENTRY_PREFIX_BYTES + length;
            }
        }
        return entries;
    }

    private static String textOf(Batch batch, int body, int length) {
        EntryHeaderDecoder header = new EntryHeaderDecoder();
        header.wrap(batch.buffer(), body, EntryFormat.HEADER_BYTES, 0);
        StringBuilder text = new StringBuilder();
        switch (header.kind()) {
            case EntryFormat.KEEP_ALIVE -> {
                text.append("alive +").append(header.awaited());
                for (int at = EntryFormat.HEADER_BYTES; at < length; at += Long.BYTES) {
                    long id = batch.buffer().getLong(body + at, ByteOrder.LITTLE_ENDIAN);
                    text.append(' ').append(id);
                }
            }
            case EntryFormat.EXPIRE_SESSION ->
                    text.append("expire ")
                            .append(header.session())
                            .append(" since ")
                            .append(header.sequence());
            case EntryFormat.OPEN_SESSION -> text.append("open ").append(header.sequence());
            default -> text.append("kind ").append(header.kind());
        }
        return text.toString();
    }

    private boolean isOpen(long session) {
        return desk.applier.session(session) != null;
    }

    @Test
    void aClientIsToldHowOftenToSayThatItLives() {
        desk.hear(IMAGE, frames.openSession(IMAGE));
        desk.choose();
        long session = desk.lastSlot();
        desk.hear(IMAGE, frames.resume(session, 1, 1));
        desk.speak();
        assertThat(taken()).containsExactly("open 1");
        assertThat(link.takeSaid()).endsWith("alive " + session + " every 100");
        desk.speak();
        assertThat(link.takeSaid()).isEmpty();
    }

    @Test
    void itIsToldWhenSessionsBeginToExpire() {
        Desk before = new Desk(CONFIG, LIMITS);
        FakeLink its = before.hello(IMAGE);
        long session = before.session(IMAGE);
        before.speak();
        assertThat(its.takeSaid()).isEmpty();
        before.withExpiry().speak();
        assertThat(its.takeSaid()).containsExactly("alive " + session + " every 100");
    }

    @Test
    void whatIsHeardInOneTurnSharesAnEntry() {
        desk.hello(OTHER);
        long first = desk.session(IMAGE);
        long second = desk.session(OTHER);
        taken();
        desk.hear(OTHER, frames.keepAlive(second));
        desk.hear(IMAGE, frames.keepAlive(first));
        desk.hear(IMAGE, frames.keepAlive(first));
        turn(true, 1);
        assertThat(taken()).containsExactly("alive +0 " + first + " " + second);
        turn(true, 1);
        assertThat(taken()).isEmpty();
    }

    @Test
    void onlyWhoBroughtTheSessionSaysThatItLives() {
        FakeLink other = desk.hello(OTHER);
        long session = desk.session(IMAGE);
        taken();
        desk.hear(OTHER, frames.keepAlive(session));
        turn(true, 1);
        assertThat(taken()).isEmpty();
        assertThat(other.takeSaid()).containsExactly("welcome leader 1 takes YES");
    }

    @Test
    void theStopwatchIsSaidInSteps() {
        turns(3 * STEP);
        assertThat(taken()).isEmpty();
        desk.session(IMAGE);
        taken();
        turns(3 * STEP + 1);
        // What had passed before there was a session is nobody's business.
        assertThat(taken()).containsExactly("alive +100", "alive +100", "alive +100");
    }

    @Test
    void whoStoodStillForLongAddsAsLittleAsOneHeartbeat() {
        desk.session(IMAGE);
        turns(2 * STEP);
        taken();
        turn(true, 15_000);
        turn(true, 15_000);
        turn(true, 1);
        assertThat(taken()).containsExactly("alive +" + 2 * HEARTBEAT);
    }

    @Test
    void theStopwatchStandsWhileTheLeaderIsNotInTouch() {
        desk.session(IMAGE);
        turns(2 * STEP);
        taken();
        desk.isConnected = false;
        turns(100 * STEP);
        desk.isConnected = true;
        turn(true, 1);
        assertThat(taken()).isEmpty();
    }

    @Test
    void theStopwatchStandsWhileNobodyIsHeard() {
        desk.session(IMAGE);
        turns(2 * STEP);
        taken();
        desk.beFull(true);
        turns(100 * STEP);
        desk.beFull(false);
        turn(true, 1);
        assertThat(taken()).isEmpty();
    }

    @Test
    void whatPassedUnderAnEarlierBallotIsForgotten() {
        desk.session(IMAGE);
        turns(2 * STEP);
        taken();
        turn(true, HEARTBEAT);
        turn(true, STEP - HEARTBEAT - 1);
        desk.reelect();
        turn(true, 2);
        turn(true, 0);
        assertThat(taken()).isEmpty();
    }

    @Test
    void aSilentSessionExpiresAlsoWhenNothingElseHappens() {
        long session = desk.session(IMAGE);
        taken();
        turns(TIMEOUT + GRACE + 4 * STEP);
        assertThat(taken()).contains("expire " + session + " since " + session);
        assertThat(isOpen(session)).isFalse();
        assertThat(link.takeSaid()).contains("ended " + session + " EXPIRED");
    }

    /** Its keep-alives lie in the socket of the leader, which stood still. */
    @Test
    void nobodyExpiresWhoseWordsWaitToBeHeard() {
        long session = desk.session(IMAGE);
        for (int i = 0; i < 100; i++) {
            turn(false, HEARTBEAT);
        }
        taken();
        // All is read now that was there when it fell due, and this was not.
        turn(true, 0);
        assertThat(taken()).noneMatch(entry -> entry.startsWith("expire"));
        desk.hear(IMAGE, frames.keepAlive(session));
        turn(true, 0);

        assertThat(taken())
                .containsSubsequence(
                        "alive +0 " + session, "expire " + session + " since " + session);
        assertThat(isOpen(session)).isTrue();
    }

    @Test
    void anotherLeaderBeginsAnew() {
        long session = desk.session(IMAGE);
        for (int i = 0; i < 100; i++) {
            turn(false, HEARTBEAT);
        }
        turn(true, 0);
        desk.reelect();
        taken();
        turn(true, 0);
        turn(true, 0);
        assertThat(taken()).noneMatch(entry -> entry.startsWith("expire"));
        turns(GRACE + 3 * STEP);
        assertThat(isOpen(session)).isFalse();
    }

    @Test
    void moreThanOneEntryHoldsShareAFew() {
        desk.session(IMAGE);
        turns(2 * STEP);
        taken();
        SessionLives lives = desk.clients.lives();
        for (int i = 0; i < 200; i++) {
            lives.keepAlive(1_000 + i);
        }
        // A batch has room for 4,000 bytes.
        turn(true, 1);
        assertThat(taken()).hasSize(1);
    }

    @Test
    void nothingIsSaidBeforeItIsAgreed() {
        Desk before = new Desk(CONFIG, LIMITS);
        before.hello(IMAGE);
        long session = before.session(IMAGE);
        long last = before.lastSlot();
        before.hear(IMAGE, frames.keepAlive(session));
        for (int i = 1; i < 100; i++) {
            before.clients.onTick(i * 50L, 0);
            before.clients.endTurn(true);
            before.choose();
            before.speak();
        }
        assertThat(before.lastSlot()).isEqualTo(last);
    }
}
