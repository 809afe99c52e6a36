package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.service.CommandApplier;
import io.paxoslog.service.EntryFormat;
import io.paxoslog.service.SessionLimits;
import io.paxoslog.service.TestLog;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The comparison of the demo must be able to fail. */
class HeldCommandsTest {

    private static final long FIRST_COMMAND_SLOT = 2;

    private final NumberedCommand command = new NumberedCommand();
    private final HeldCommands held = new HeldCommands(3, number -> FIRST_COMMAND_SLOT + number);
    private final TestLog log = new TestLog(new CommandApplier(held, SessionLimits.DEFAULT));
    private final long session = log.open(4711).apply();
    private long sequence;

    @Test
    void allIsWellWhenEachCommandIsInItsSlotOnce() {
        append(0, 1, 2, 3);
        assertFound(0, 0, 0);
    }

    @Test
    void findsAMissingCommand() {
        append(0, 1);
        assertFound(1, 0, 0);
    }

    @Test
    void findsACommandThatTookEffectTwice() {
        append(0, 1, 2, 3);
        append(1);
        assertFound(0, 1, 1);
    }

    @Test
    void findsCommandsInOtherSlotsThanTheirRepliesSaid() {
        append(0, 2, 1);
        assertFound(0, 0, 2);
    }

    @Test
    void aResentCommandThatTookNoEffectIsNoRepetition() {
        append(0, 1, 2);
        sequence--;
        append(2);
        assertFound(0, 0, 0);
    }

    @Test
    void aNumberedCommandIsKnownAgainAndNothingElseIs() {
        UnsafeBuffer numbered = command.numbered(7);
        int length = numbered.capacity();
        assertThat(NumberedCommand.numberIn(numbered, 0, length)).isEqualTo(7);
        assertThat(NumberedCommand.numberIn(numbered, 0, length - 1)).isEqualTo(-1);
        UnsafeBuffer other = new UnsafeBuffer(new byte[length]);
        assertThat(NumberedCommand.numberIn(other, 0, length)).isEqualTo(-1);
    }

    private void append(long... numbers) {
        for (long number : numbers) {
            UnsafeBuffer numbered = command.numbered(number);
            byte[] bytes = new byte[numbered.capacity()];
            numbered.getBytes(0, bytes);
            sequence++;
            log.entry(EntryFormat.COMMAND, session, sequence, 1, bytes).apply();
        }
    }

    private void assertFound(long missing, long repeated, long misplaced) {
        assertThat(held.missing()).as("missing").isEqualTo(missing);
        assertThat(held.repeated()).as("repeated").isEqualTo(repeated);
        assertThat(held.misplaced()).as("misplaced").isEqualTo(misplaced);
    }
}
