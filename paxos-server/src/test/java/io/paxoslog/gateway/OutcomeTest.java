package io.paxoslog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.service.SessionLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What somebody is told who asks what became of a command. */
class OutcomeTest {
    private static final int OWNER = 7;
    private static final int ASKER = 8;
    private static final long CLUSTER = 9;
    private static final long SECRET = ClientFrames.SECRET;
    private static final SessionLimits TWO_SESSIONS = new SessionLimits(2, 100, 1024, 64 * 1024);

    private final Desk desk =
            new Desk(new GatewayConfig(4, 1000, 4000, 16, 4096, 100), TWO_SESSIONS);
    private final ClientFrames frames = desk.frames();
    private final FakeLink owner = desk.hello(OWNER);
    private final FakeLink asker = desk.hello(ASKER);
    private long asked;

    private void chooseAndSpeak() {
        desk.choose();
        desk.speak();
    }

    private long session() {
        desk.hear(OWNER, frames.openSession(OWNER));
        chooseAndSpeak();
        long session = desk.lastSlot();
        desk.hear(OWNER, frames.resume(session, 1, 1));
        desk.speak();
        owner.takeSaid();
        return session;
    }

    private void close(long session) {
        desk.hear(OWNER, frames.closeSession(session));
        chooseAndSpeak();
        owner.takeSaid();
    }

    private String ask(long session, long sequence) {
        desk.hear(ASKER, frames.outcome(++asked, CLUSTER, session, SECRET, sequence));
        chooseAndSpeak();
        List<String> said = asker.takeSaid();
        assertThat(said).hasSize(1);
        return said.get(0);
    }

    @Test
    void tellsWhatTookEffectAndWhatMayYetWithoutTakingTheSessionAway() {
        long session = session();
        desk.hear(OWNER, frames.commands(session, 1, 1, "a", "b"));
        chooseAndSpeak();
        assertThat(ask(session, 1)).isEqualTo("outcome 1 APPLIED 3 100");
        assertThat(ask(session, 3)).isEqualTo("outcome 2 NOT_YET 0 0");
        owner.takeSaid();
        desk.hear(OWNER, frames.commands(session, 3, 3, "c"));
        chooseAndSpeak();
        assertThat(owner.takeSaid()).containsExactly("reply 3 at 7 100");
        // The client has had the first two replies.
        assertThat(ask(session, 2)).isEqualTo("outcome 3 REPLY_GONE 0 0");
        assertThat(ask(session, 3)).isEqualTo("outcome 4 APPLIED 7 100");
    }

    @Test
    void aSessionThatHasEndedDecidesTheRest() {
        long session = session();
        desk.hear(OWNER, frames.commands(session, 1, 1, "a"));
        chooseAndSpeak();
        close(session);
        assertThat(ask(session, 1)).isEqualTo("outcome 1 REPLY_GONE 0 0");
        assertThat(ask(session, 2)).isEqualTo("outcome 2 NEVER 0 0");
    }

    /**
     * It must not be told that something never took effect before all chosen before it is applied.
     */
    @Test
    void theAnswerHoldsAsOfASlotChosenAfterTheQuestion() {
        long session = session();
        desk.hear(OWNER, frames.commands(session, 1, 1, "a"));
        desk.hear(ASKER, frames.outcome(5, CLUSTER, session, SECRET, 1));
        chooseAndSpeak();
        assertThat(asker.takeSaid()).containsExactly("outcome 5 APPLIED 3 100");
    }

    @Test
    void sessionsThatEndedLongAgoAreNotKnown() {
        long first = session();
        close(first);
        for (int i = 0; i < 2; i++) {
            close(session());
        }
        assertThat(ask(first, 1)).isEqualTo("outcome 1 NOT_KNOWN 0 0");
    }

    @Test
    void strangersAreToldNothingAndCostNoSlot() {
        long session = session();
        desk.hear(OWNER, frames.commands(session, 1, 1, "a"));
        chooseAndSpeak();
        desk.hear(ASKER, frames.outcome(1, CLUSTER, session, 1, 1));
        assertThat(desk.heardCommands()).isZero();
        desk.speak();
        assertThat(asker.takeSaid()).containsExactly("outcome 1 NOT_KNOWN 0 0");
        desk.hear(ASKER, frames.outcome(2, CLUSTER + 1, session, SECRET, 1));
        assertThat(desk.heardCommands()).isZero();
        desk.speak();
        assertThat(asker.takeSaid()).containsExactly("outcome 2 NOT_KNOWN 0 0");
        close(session);
        desk.hear(ASKER, frames.outcome(3, CLUSTER, session, 1, 1));
        desk.speak();
        assertThat(asker.takeSaid()).containsExactly("outcome 3 NOT_KNOWN 0 0");
        assertThat(desk.clients.strangers()).isEqualTo(3);
    }

    @Test
    void aFollowerSendsWhoAsksToTheLeader() {
        long session = session();
        desk.isLeading = false;
        desk.hear(ASKER, frames.outcome(1, CLUSTER, session, SECRET, 1));
        assertThat(desk.heardCommands()).isZero();
        desk.speak();
        assertThat(asker.takeSaid()).noneMatch(said -> said.startsWith("outcome"));
    }
}
