package io.paxoslog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.ClientProtocol;
import io.paxoslog.codecs.SecretHash;
import io.paxoslog.codecs.client.EndReason;
import io.paxoslog.service.ReplySink;
import io.paxoslog.service.SessionLimits;
import org.junit.jupiter.api.Test;

/** A session belongs to whoever knows its secret. */
class SessionOwnerTest {
    private static final int OWNER = 7;
    private static final int STRANGER = 8;
    private static final long GUESSED = 1;
    private static final GatewayConfig CONFIG = new GatewayConfig(4, 1000, 4000, 16, 4096, 100);

    private final Desk desk = new Desk(CONFIG, SessionLimits.DEFAULT);
    private final ClientFrames frames = desk.frames();
    private final FakeLink owner = desk.hello(OWNER);
    private final FakeLink stranger = desk.hello(STRANGER);

    private void chooseAndSpeak() {
        desk.choose();
        desk.speak();
    }

    private long sessionOfTheOwner() {
        desk.hear(OWNER, frames.openSession(OWNER));
        chooseAndSpeak();
        long session = desk.lastSlot();
        desk.hear(OWNER, frames.resume(session, 1, 1));
        desk.speak();
        owner.takeSaid();
        return session;
    }

    @Test
    void whoLacksTheSecretGetsNoRepliesAndTakesNothingAway() {
        long session = sessionOfTheOwner();
        desk.hear(OWNER, frames.commands(session, 1, 1, "a"));
        desk.hear(STRANGER, frames.resume(session, GUESSED, 1, 1_000));
        desk.hear(STRANGER, frames.commands(session, 1, 2, "forged"));
        assertThat(desk.heardCommands()).isEqualTo(1);
        chooseAndSpeak();
        assertThat(owner.takeSaid()).containsExactly("reply 1 at 3 100");
        // No more than anybody is told of a session that is not there.
        assertThat(stranger.takeSaid())
                .contains("ended " + session + " EXPIRED")
                .noneMatch(said -> said.startsWith("reply"));
        desk.hear(OWNER, frames.commands(session, 2, 2, "b"));
        desk.hear(OWNER, frames.resume(session, 2, 2));
        desk.hear(OWNER, frames.commands(session, 2, 2, "b"));
        chooseAndSpeak();
        assertThat(owner.takeSaid()).containsExactly("reply 2 at 4 100");
        assertThat(desk.clients.strangers()).isEqualTo(1);
    }

    @Test
    void whoLacksTheSecretClosesNothing() {
        long session = sessionOfTheOwner();
        desk.hear(STRANGER, frames.closeSession(session, GUESSED));
        assertThat(desk.heardCommands()).isZero();
        desk.speak();
        assertThat(stranger.takeSaid()).containsExactly("ended " + session + " CLOSED");
        assertThat(owner.takeSaid()).isEmpty();
        assertThat(desk.applier.sessionCount()).isEqualTo(1);
        desk.hear(OWNER, frames.commands(session, 1, 1, "a"));
        chooseAndSpeak();
        assertThat(owner.takeSaid()).containsExactly("reply 1 at 3 100");
        assertThat(desk.clients.strangers()).isEqualTo(1);
    }

    @Test
    void whoShowsTheSecretMayComeByAnotherLink() {
        long session = sessionOfTheOwner();
        desk.hear(OWNER, frames.commands(session, 1, 1, "a"));
        desk.hear(STRANGER, frames.resume(session, ClientFrames.SECRET, 1, 2));
        chooseAndSpeak();
        assertThat(stranger.takeSaid()).containsExactly("reply 1 at 3 100");
        assertThat(owner.takeSaid()).isEmpty();
    }

    @Test
    void oneNonceWithAnotherSecretIsAnotherClientsAndRefused() {
        desk.hear(OWNER, frames.openSession(5));
        chooseAndSpeak();
        long session = desk.lastSlot();
        assertThat(owner.takeSaid()).containsExactly("opened 5 as " + session);
        desk.hear(STRANGER, frames.openSession(5, SecretHash.of(GUESSED, GUESSED)));
        chooseAndSpeak();
        assertThat(stranger.takeSaid()).containsExactly("failure TOO_MANY_SESSIONS bound 16384");
        assertThat(owner.takeSaid()).isEmpty();
        assertThat(desk.applier.sessionCount()).isEqualTo(1);
        desk.hear(OWNER, frames.openSession(5));
        chooseAndSpeak();
        assertThat(owner.takeSaid()).containsExactly("opened 5 as " + session);
        assertThat(stranger.takeSaid()).isEmpty();
    }

    @Test
    void aSessionThatANewClusterEndedIsNobodysAnyMore() {
        long session = sessionOfTheOwner();
        desk.clients.refused(session, session + 5, 0, ReplySink.Refusal.EXPIRED);
        desk.speak();
        assertThat(owner.takeSaid()).containsExactly("ended " + session + " EXPIRED");

        desk.hear(OWNER, frames.resume(session, ClientFrames.SECRET, 1, 2));
        desk.speak();

        assertThat(owner.takeSaid()).containsExactly("ended " + session + " EXPIRED");
    }

    @Test
    void aSessionThatASnapshotDoesNotBringIsOver() {
        long session = sessionOfTheOwner();
        desk.clients.restored(session + 5, 1);
        desk.clients.opened(STRANGER, SecretHash.of(GUESSED, GUESSED), 1);
        desk.speak();
        assertThat(owner.takeSaid()).isEmpty();
        desk.clients.applied(session + 5, 0);
        desk.speak();
        assertThat(owner.takeSaid()).containsExactly("ended " + session + " EXPIRED");
    }

    @Test
    void aSessionThatASnapshotBringsGoesOnAndSoDoesOneFromAboveIt() {
        long session = sessionOfTheOwner();
        desk.clients.restored(session + 5, 1);
        desk.clients.opened(99, SecretHash.of(ClientFrames.SECRET, ClientFrames.SECRET), session);
        desk.clients.applied(session + 5, 0);
        desk.clients.restored(session - 1, 1);
        desk.clients.applied(session - 1, 0);
        desk.clients.applied(session + 1, 0);
        desk.speak();
        assertThat(owner.takeSaid()).isEmpty();
    }

    @Test
    void whoseAnEndedSessionIsAlsoComesWithASnapshot() {
        SessionOwners owners = new SessionOwners(16 * 1024);
        SecretHash secret = SecretHash.of(1, 2);
        owners.opened(5, SecretHash.of(3, 4));
        owners.forget();
        owners.ended(4, secret, EndReason.EXPIRED);
        assertThat(owners.ofAsker(4, secret, 9, 9)).isEqualTo(SessionOwners.Verdict.OWNER);
        assertThat(owners.ofAsker(4, SecretHash.of(3, 4), 9, 9))
                .isEqualTo(SessionOwners.Verdict.NOBODY);
        assertThat(owners.count()).isZero();
    }

    @Test
    void aSessionWithoutASecretIsNotOpened() {
        desk.hear(STRANGER, frames.openSession(5, SecretHash.NONE));
        assertThat(desk.heardCommands()).isZero();
        assertThat(desk.clients.strangers()).isEqualTo(1);
    }

    @Test
    void sessionsOfFormerReleasesHaveNoSecretAndGoOn() {
        long session = desk.chooseSessionOfOld(5);
        desk.speak();
        desk.hear(OWNER, frames.resume(session, 99, 1, 1));
        desk.hear(OWNER, frames.commands(session, 1, 1, "a"));
        chooseAndSpeak();
        assertThat(owner.takeSaid()).containsExactly("reply 1 at 3 100");
        desk.hear(OWNER, frames.closeSession(session, 99));
        chooseAndSpeak();
        assertThat(owner.takeSaid()).containsExactly("ended " + session + " CLOSED");
    }

    /** A leader may be asked before it has applied the slot that opened the session. */
    @Test
    void aSessionThatIsNotAppliedYetIsJudgedOnceItIs() {
        desk.hear(OWNER, frames.openSession(OWNER));
        desk.choose();
        long session = desk.lastSlot();
        desk.hear(STRANGER, frames.resume(session, GUESSED, 1, 1));
        desk.hear(OWNER, frames.resume(session, 1, 1));
        desk.hear(OWNER, frames.commands(session, 1, 1, "early"));
        assertThat(desk.heardCommands()).isZero();
        desk.hear(OWNER, frames.closeSession(session));
        desk.speak();
        assertThat(stranger.takeSaid()).containsExactly("ended " + session + " EXPIRED");
        // What came too early must come again, and its client is told so.
        assertThat(owner.takeSaid())
                .contains("gap 1 attempt 1")
                .noneMatch(said -> said.startsWith("ended"));
        desk.hear(OWNER, frames.resume(session, 1, 2));
        desk.hear(OWNER, frames.commands(session, 1, 1, "again"));
        chooseAndSpeak();
        assertThat(owner.takeSaid()).containsExactly("reply 1 at 3 100");
    }

    /** That this node led when it was asked shows what is chosen from then on. */
    @Test
    void aSessionAboveEverySlotIsOfAnotherLog() {
        desk.hear(OWNER, frames.resume(99, 1, 1));
        desk.hear(STRANGER, frames.closeSession(98));
        desk.speak();
        assertThat(owner.takeSaid()).isEmpty();
        assertThat(stranger.takeSaid()).isEmpty();
        assertThat(desk.heardCommands()).isEqualTo(2);
        chooseAndSpeak();
        desk.hear(STRANGER, frames.closeSession(98));
        desk.speak();
        assertThat(owner.takeSaid()).containsExactly("ended 99 EXPIRED");
        assertThat(stranger.takeSaid()).containsExactly("ended 98 CLOSED");
        assertThat(desk.heardCommands()).isZero();
    }

    /** It may stand in slots of whom led meanwhile, of which a sleeper has not heard. */
    @Test
    void whoLeadsNoMoreEndsNoSession() {
        desk.hear(OWNER, frames.resume(99, 1, 1));
        desk.speak();
        desk.forgetBatch();
        desk.reelect();
        desk.speak();
        assertThat(owner.takeSaid()).noneMatch(said -> said.startsWith("ended"));
        // What others had chosen meanwhile says nothing.
        desk.chooseForeign(5, 1);
        desk.hear(OWNER, frames.resume(99, 1, 2));
        desk.speak();
        assertThat(owner.takeSaid()).isEmpty();
        chooseAndSpeak();
        assertThat(owner.takeSaid()).containsExactly("ended 99 EXPIRED");
    }

    @Test
    void aClosedSessionIsNobodys() {
        long session = sessionOfTheOwner();
        desk.hear(OWNER, frames.closeSession(session));
        chooseAndSpeak();
        owner.takeSaid();
        desk.hear(OWNER, frames.closeSession(session));
        assertThat(desk.heardCommands()).isZero();
        desk.speak();
        assertThat(owner.takeSaid()).containsExactly("ended " + session + " CLOSED");
    }

    @Test
    void clientsOfFormerReleasesAreTold() {
        desk.beFull(false);
        desk.hear(9, frames.hello(3, ClientProtocol.VERSION - 1, "127.0.0.1:4000"));
        desk.speak();
        assertThat(desk.links.get(2).takeSaid())
                .contains("failure WRONG_VERSION bound " + ClientProtocol.VERSION);
    }
}
