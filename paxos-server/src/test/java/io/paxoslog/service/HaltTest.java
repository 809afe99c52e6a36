package io.paxoslog.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.core.Decision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A command that the state machine cannot take, and what the log makes of it. */
class HaltTest {
    private static final SessionLimits LIMITS = new SessionLimits(3, 4, 64, 1024);

    private final List<String> effects = new ArrayList<>();
    private final CommandApplier applier = newApplier();
    private final TestLog log = new TestLog(applier);

    private CommandApplier newApplier() {
        return new CommandApplier(this::apply, LIMITS);
    }

    private void apply(Entry entry, Reply reply) {
        String text = entry.buffer().getStringWithoutLengthUtf8(entry.offset(), entry.length());
        switch (text) {
            case "deep" -> throw new StackOverflowError();
            case "hungry" -> throw new OutOfMemoryError();
            case "wrong" -> throw new IllegalStateException("no such account");
            case "large" -> reply.resize(LIMITS.maxReplyBytes() + 1);
            case "swallows" -> {
                try {
                    reply.resize(LIMITS.maxReplyBytes() + 1);
                } catch (IllegalArgumentException tooLarge) {
                    reply.resize(0);
                }
            }
            default -> reply.resize(text.length()).putBytes(0, bytes(text));
        }
        effects.add(entry.slot() + "=" + text);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private long session() {
        return log.open(77).apply();
    }

    @Test
    void haltsWhateverIsThrown() {
        for (String poison : List.of("deep", "hungry", "wrong", "large")) {
            CommandApplier one = newApplier();
            TestLog itsLog = new TestLog(one);
            long session = itsLog.open(77).apply();
            itsLog.command(session, 1, 1, "a").command(session, 2, 1, poison).apply();

            assertThat(one.halt().slot()).isEqualTo(3);
            assertThat(one.halt().session()).isEqualTo(session);
            assertThat(one.halt().sequence()).isEqualTo(2);
            assertThat(one.halt().isClean()).isFalse();
            assertThat(one.appliedIndex()).isEqualTo(2);
            assertThat(one.halt().inOneLine())
                    .startsWith(
                            "the state machine is halted at slot 3: it could not take command 2"
                                    + " of session 1 (java.lang.");
        }
    }

    @Test
    void goesOnWhereTheApplicationCaughtIt() {
        long session = session();

        log.command(session, 1, 1, "swallows").command(session, 2, 1, "b").apply();

        assertThat(applier.halt()).isNull();
        assertThat(effects).containsExactly("2=swallows", "3=b");
    }

    @Test
    void hashesNothingOfASlotThatIsNotApplied() {
        long session = session();
        log.command(session, 1, 1, "a").apply();
        long before = applier.appliedHash();

        log.command(session, 2, 1, "wrong").command(session, 3, 1, "b").apply();

        assertThat(applier.appliedHash()).isEqualTo(before);
        assertThat(effects).containsExactly("2=a");
    }

    @Test
    void letsEverythingGoByWhileItIsHalted() {
        long session = session();
        log.command(session, 1, 1, "wrong").apply();

        log.command(session, 2, 1, "b").apply();

        assertThat(applier.appliedIndex()).isEqualTo(1);
        assertThat(effects).isEmpty();
    }

    @Test
    void consumesTheSequenceOfASkippedCommandWithATypedReply() {
        applier.decided(9, Decision.skip(2, 0));
        long session = session();

        log.command(session, 1, 1, "wrong").command(session, 2, 1, "b").apply();

        assertThat(effects).containsExactly("3=b");
        Session open = applier.session(session);
        assertThat(open.isSkipped(1)).isTrue();
        assertThat(open.replyLength(1)).isZero();
        assertThat(open.slot(1)).isEqualTo(2);
        assertThat(open.isSkipped(2)).isFalse();
        assertThat(open.lastSequence()).isEqualTo(2);
    }

    @Test
    void answersASkippedCommandThatIsSentAgainWithTheSameTypedReply() {
        applier.decided(9, Decision.skip(2, 0));
        long session = session();
        log.command(session, 1, 1, "wrong").apply();

        log.command(session, 1, 1, "wrong").apply();

        assertThat(effects).isEmpty();
        assertThat(applier.session(session).isSkipped(1)).isTrue();
        assertThat(applier.halt()).isNull();
    }

    @Test
    void keepsTypedRepliesThroughTheGrowthOfTheCache() {
        SessionLimits large = new SessionLimits(3, 500, 64, 64_000);
        CommandApplier one = new CommandApplier(this::apply, large);
        one.decided(999, Decision.skip(3, 0));
        TestLog itsLog = new TestLog(one);
        long session = itsLog.open(77).apply();
        for (int sequence = 1; sequence <= 300; sequence++) {
            itsLog.command(session, sequence, 1, "command " + sequence);
        }

        itsLog.apply();

        assertThat(one.session(session).isSkipped(1)).isFalse();
        assertThat(one.session(session).isSkipped(2)).isTrue();
        assertThat(one.session(session).replyLength(2)).isZero();
        assertThat(one.session(session).replyLength(300)).isEqualTo("command 300".length());
    }

    @Test
    void isEqualWhereverItWasSkippedBefore() {
        applier.decided(9, Decision.skip(3, 0));
        long session = session();
        log.command(session, 1, 1, "a").command(session, 2, 1, "wrong").apply();
        log.command(session, 3, 1, "b").apply();
        CommandApplier halted = newApplier();
        TestLog itsLog = new TestLog(halted);
        itsLog.open(77).apply();
        itsLog.command(session, 1, 1, "a").command(session, 2, 1, "wrong").apply();
        halted.decided(9, Decision.skip(3, 0));
        halted.startAgain(this::apply);
        itsLog.open(77).apply();

        new TestLog(halted).command(session, 1, 1, "a").command(session, 2, 1, "wrong").apply();
        new TestLog(halted).command(session, 3, 1, "b").apply();

        assertThat(halted.appliedIndex()).isEqualTo(applier.appliedIndex());
        assertThat(halted.appliedHash()).isEqualTo(applier.appliedHash());
    }

    @Test
    void doesNotTryASlotItHasSaidItHoldsBelow() {
        applier.held(3, 0);
        long session = session();
        log.command(session, 1, 1, "a").command(session, 2, 1, "fine now").apply();

        assertThat(effects).containsExactly("2=a");
        assertThat(applier.halt()).isEqualTo(new Halt(3, 0, 0, 0, null));
        assertThat(applier.appliedIndex()).isEqualTo(2);
    }

    @Test
    void triesAgainOnlyAfterADecisionAboveTheOneItsHoldRestsOn() {
        applier.held(2, 5);
        applier.decided(5, Decision.retry(2, 0));
        long session = session();
        log.command(session, 1, 1, "fine now").apply();
        assertThat(applier.halt().decision()).isEqualTo(5);

        applier.decided(9, Decision.retry(2, 5));
        applier.goOn();
        log.command(session, 1, 1, "fine now").apply();

        assertThat(effects).containsExactly("2=fine now");
    }

    @Test
    void haltsWhenTheLogSkipsWhatItHasApplied() {
        long session = session();
        log.command(session, 1, 1, "a").command(session, 2, 1, "b").apply();

        applier.decided(9, Decision.skip(2, 0));

        assertThat(applier.halt().slot()).isEqualTo(2);
        assertThat(applier.halt().decision()).isLessThan(9);
        assertThat(applier.halt().isClean()).isFalse();
    }

    @Test
    void doesNotGoOnWithWhatWasHalfChanged() {
        long session = session();
        log.command(session, 1, 1, "wrong").apply();

        assertThatThrownBy(applier::goOn).isInstanceOf(IllegalStateException.class);
    }
}
