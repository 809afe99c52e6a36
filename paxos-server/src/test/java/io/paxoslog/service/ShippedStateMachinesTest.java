package io.paxoslog.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** The state machines that come with a node. */
class ShippedStateMachinesTest {

    @Test
    void logAnswersTheSlot() {
        CommandApplier applier = new CommandApplier(new LogStateMachine(), SessionLimits.DEFAULT);
        TestLog log = new TestLog(applier);
        log.noOps(4);
        long session = log.open(1).apply();
        log.command(session, 1, 1, "pear").apply();
        Session open = applier.session(session);
        assertThat(open.replyLength(1)).isEqualTo(Long.BYTES);
        assertThat(longAt(open, 1, 0)).isEqualTo(6);
    }

    @Test
    void sequencerNumbersWithoutGapsAndEchoes() {
        CommandApplier applier =
                new CommandApplier(new SequencerStateMachine(), SessionLimits.DEFAULT);
        TestLog log = new TestLog(applier);
        long session = log.at(1_000).open(1).apply();
        log.command(session, 1, 1, "pear").apply();
        log.noOps(5);
        log.at(2_000).command(session, 1, 1, "pear").command(session, 2, 1, "fig").apply();
        Session open = applier.session(session);
        assertThat(longAt(open, 1, 0)).isEqualTo(1);
        assertThat(longAt(open, 1, Long.BYTES)).isEqualTo(1_000);
        assertThat(longAt(open, 2, 0)).isEqualTo(2);
        assertThat(longAt(open, 2, Long.BYTES)).isEqualTo(2_000);
        assertThat(open.replyLength(2)).isEqualTo(SequencerStateMachine.STAMP_BYTES + 3);
        int echo = open.replyOffset(2) + SequencerStateMachine.STAMP_BYTES;
        assertThat(open.replyBuffer().getStringWithoutLengthUtf8(echo, 3)).isEqualTo("fig");
    }

    @Test
    void sequencerGoesOnFromItsSnapshot() throws IOException {
        SequencerStateMachine sequencer = new SequencerStateMachine();
        CommandApplier applier = new CommandApplier(sequencer, SessionLimits.DEFAULT);
        TestLog log = new TestLog(applier);
        long session = log.open(1).apply();
        log.command(session, 1, 1, "pear").apply();
        StateView view = sequencer.view();
        log.command(session, 2, 1, "fig").apply();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        view.writeTo(out);

        SequencerStateMachine next = new SequencerStateMachine();
        next.restore(new ByteArrayInputStream(out.toByteArray()));

        CommandApplier other = new CommandApplier(next, SessionLimits.DEFAULT);
        TestLog otherLog = new TestLog(other);
        long otherSession = otherLog.open(1).apply();
        otherLog.command(otherSession, 1, 1, "kiwi").apply();
        assertThat(longAt(other.session(otherSession), 1, 0)).isEqualTo(2);
        assertThatThrownBy(() -> next.restore(new ByteArrayInputStream(new byte[7])))
                .hasMessage("the state of a sequencer has 8 bytes, not 7");
    }

    private static long longAt(Session session, long sequence, int offset) {
        return session.replyBuffer()
                .getLong(session.replyOffset(sequence) + offset, ByteOrder.LITTLE_ENDIAN);
    }
}
