package io.paxoslog.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.Version;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots that earlier versions wrote are read as they were meant. */
class SnapshotEvolutionTest {
    private static final SessionLimits LIMITS = new SessionLimits(3, 4, 64, 1024);

    private final CommandApplier applier = new CommandApplier(new SequencerStateMachine(), LIMITS);

    /** The bytes of a dump, without its remarks. */
    private static byte[] dump(String name) throws IOException {
        try (InputStream in = SnapshotEvolutionTest.class.getResourceAsStream(name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            StringBuilder hex = new StringBuilder();
            text.lines().filter(line -> !line.startsWith("#")).forEach(hex::append);
            return HexFormat.of().parseHex(hex);
        }
    }

    /**
     * Slots 1 to 8: a session that ended, one with a skipped command and a reply, one more, limits.
     */
    private byte[] written() throws IOException {
        SequencerStateMachine app = new SequencerStateMachine();
        CommandApplier writer = new CommandApplier(app, LIMITS);
        writer.decided(9, Decision.skip(5, 0));
        UnsafeBuffer secret = new UnsafeBuffer(new byte[SecretHash.BYTES]);
        new SecretHash(1, 2, 3, 4).write(secret, 0);
        TestLog log = new TestLog(writer).at(1_700_000_000_000L);
        log.open(11).command(1, 1, 1, "a").close(1).apply();
        log.entry(EntryFormat.OPEN_SESSION, 12, 0, 0, secret.byteArray());
        log.command(4, 1, 1, "b").command(4, 2, 1, "pear").open(13).apply();
        UnsafeBuffer limits = new UnsafeBuffer(new byte[Batch.ENTRY_PREFIX_BYTES + Decision.BYTES]);
        limits.putInt(0, Decision.BYTES, ByteOrder.LITTLE_ENDIAN);
        Decision.limits(LIMITS.toDecide(), 0).encode(limits, Batch.ENTRY_PREFIX_BYTES);
        writer.committed(
                new Batch()
                        .slots(1, 8, 1)
                        .value(Batch.DECISION, 1, 0)
                        .bytes(limits, 0, limits.capacity()));
        return SnapshotBytes.of(writer.beginCopy(), app.view());
    }

    @ParameterizedTest
    @ValueSource(strings = {"snapshot-v2.hex", "snapshot-v3.hex", "snapshot-v4.hex"})
    void readsASnapshotOfEachVersion(String name) throws IOException {
        applier.restore(new ByteArrayInputStream(dump(name)), new SequencerStateMachine());

        assertThat(applier.appliedIndex()).isEqualTo(8);
        assertThat(applier.limits()).isEqualTo(LIMITS);
        assertThat(applier.limitsDecidedAt()).isEqualTo(8);
        assertThat(applier.sessionCount()).isEqualTo(2);
        Session session = applier.session(4);
        assertThat(session.secret()).isEqualTo(new SecretHash(1, 2, 3, 4));
        assertThat(session.nonce()).isEqualTo(12);
        assertThat(session.firstKept()).isEqualTo(1);
        assertThat(session.lastSequence()).isEqualTo(2);
        assertThat(session.isSkipped(1)).isTrue();
        assertThat(session.slot(2)).isEqualTo(6);
        assertThat(session.replyLength(2)).isEqualTo(SequencerStateMachine.STAMP_BYTES + 4);
        assertThat(applier.session(7).lastSequence()).isZero();
        new TestLog(applier).command(4, 3, 3, "fig").apply();
        assertThat(applier.session(4).replyBuffer().getByte(applier.session(4).replyOffset(3)))
                .isEqualTo((byte) 3);
    }

    /**
     * Slots 1 to 6: system version 3, two sessions that are kept alive, a word of the first when
     * the stopwatch shows 1.5 s, a command of the second when it shows 1.7 s.
     */
    private byte[] writtenWithStopwatch() throws IOException {
        SequencerStateMachine app = new SequencerStateMachine();
        CommandApplier writer = new CommandApplier(app, LIMITS);
        TestLog log = new TestLog(writer).at(1_700_000_000_000L);
        log.agreeOn(new Version(3, 1)).openKept(11).openKept(12).apply();
        log.alive(1_500, 2).alive(200).command(3, 1, 1, "pear").apply();
        return SnapshotBytes.of(writer.beginCopy(), app.view());
    }

    @Test
    void readsTheStopwatchAndWhoWasHeardOfWhen() throws IOException {
        applier.restore(
                new ByteArrayInputStream(dump("snapshot-v6.hex")), new SequencerStateMachine());

        assertThat(applier.appliedIndex()).isEqualTo(6);
        Session first = applier.session(2);
        assertThat(first.isKeptAlive()).isTrue();
        assertThat(first.renewedSlot()).isEqualTo(4);
        assertThat(first.renewedAtMs()).isEqualTo(1_500);
        Session second = applier.session(3);
        assertThat(second.renewedSlot()).isEqualTo(6);
        assertThat(second.renewedAtMs()).isEqualTo(1_700);
        new TestLog(applier).alive(50, 2).apply();
        assertThat(first.renewedAtMs()).isEqualTo(1_750);
    }

    @Test
    void writesTheStopwatchAsItsDump() throws IOException {
        assertThat(HexFormat.of().formatHex(writtenWithStopwatch()))
                .isEqualTo(HexFormat.of().formatHex(dump("snapshot-v6.hex")));
    }

    @Test
    void writesTheSameBytesAsItsDump() throws IOException {
        assertThat(HexFormat.of().formatHex(written()))
                .isEqualTo(HexFormat.of().formatHex(dump("snapshot-v4.hex")));
    }
}
