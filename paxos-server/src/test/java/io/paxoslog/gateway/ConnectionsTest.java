package io.paxoslog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.Publication;
import io.paxoslog.codecs.ClientProtocol;
import io.paxoslog.service.ReplySink;
import io.paxoslog.service.SessionLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What clients are told, rule by rule. */
class ConnectionsTest {
    private static final int CLIENT = 7;
    private static final int VERSION = ClientProtocol.VERSION;
    private static final GatewayConfig CONFIG = new GatewayConfig(2, 1000, 4000, 16, 4096, 100);

    private final Desk desk = new Desk(CONFIG, SessionLimits.DEFAULT);
    private final ClientFrames frames = desk.frames();

    @Test
    void answersHelloEachTimeItIsSaid() {
        FakeLink link = desk.hello(CLIENT);
        desk.hear(CLIENT, frames.hello(1000 + CLIENT, VERSION, "127.0.0.1:4000"));
        desk.speak();
        assertThat(link.takeSaid()).containsExactly("welcome leader 1 takes YES");
        assertThat(desk.links).hasSize(1);
    }

    /** Who asks now and then would miss those who are members for less time. */
    @Test
    void whoAskedForTheMembersOnceIsToldOfOthersAtOnce() {
        FakeLink follower = desk.hello(CLIENT);
        FakeLink other = desk.hello(8);
        desk.hear(CLIENT, frames.members(5));
        desk.speak();
        assertThat(follower.takeSaid()).containsExactly("members 5 of slot 0");

        desk.membershipSlot = 9;
        desk.speak();

        assertThat(follower.takeSaid()).containsExactly("members 5 of slot 9");
        assertThat(other.takeSaid()).isEmpty();
        desk.speak();
        assertThat(follower.takeSaid()).isEmpty();
    }

    /** Its id would be one that an earlier process may have given. */
    @Test
    void nobodyIsLetInBeforeTheFirstTick() {
        Desk started = new Desk(CONFIG, SessionLimits.DEFAULT, null, false);
        started.hear(CLIENT, frames.hello(5, VERSION, "127.0.0.1:4000"));
        assertThat(started.clients.links().count()).isZero();
        started.tick(1);
        started.hear(CLIENT, frames.hello(5, VERSION, "127.0.0.1:4000"));
        assertThat(started.clients.links().count()).isEqualTo(1);
    }

    @Test
    void anotherLinkIdIsAnotherConnection() {
        FakeLink first = desk.hello(CLIENT);
        desk.clients.onTick(OpenLinks.REOPEN_TICKS, 0);
        desk.hear(CLIENT, frames.hello(5, VERSION, "127.0.0.1:4000"));
        assertThat(first.isClosed).isTrue();
        assertThat(desk.links).hasSize(2);
        assertThat(desk.clients.links().count()).isEqualTo(1);
    }

    @Test
    void aClientThatAlwaysComesByAnotherLinkIsHeardOnceInAWhile() {
        FakeLink first = desk.hello(CLIENT);
        for (int link = 5; link < 100; link++) {
            desk.beFull(false);
            desk.hear(CLIENT, frames.hello(link, VERSION, "127.0.0.1:4000"));
        }
        assertThat(desk.links).hasSize(1);
        assertThat(first.isClosed).isFalse();
    }

    @Test
    void whoIsNotWhereItSaysIsNotLookedForAgainAtOnce() {
        FakeLink link = desk.neverReached(CLIENT);
        for (int tick = 0; tick <= 10 * Connection.REACH_TICKS; tick++) {
            desk.clients.onTick(tick, 0);
            desk.clients.links().dropGone();
            desk.beFull(false);
            desk.hear(CLIENT, frames.hello(5 + tick, 1, "127.0.0.1:4000"));
            desk.links.forEach(opened -> opened.isConnected = false);
        }
        assertThat(link.isClosed).isTrue();
        assertThat(desk.links.size()).isBetween(2, 4);
    }

    /** A client that died is not waited for as one is that cannot be reached for a while. */
    @Test
    void whoseHostSaysThatItIsGoneIsLetGoSoon() {
        Desk patient =
                new Desk(new GatewayConfig(2, 1000, 4000, 16, 4096, 10_000), SessionLimits.DEFAULT);
        FakeLink silent = patient.hello(CLIENT);
        FakeLink dead = patient.hello(8);
        patient.clients.onTick(1, 1);
        patient.clients.links().dropGone();
        silent.isConnected = false;
        dead.isConnected = false;
        dead.isRefused = true;
        patient.clients.onTick(1 + Connection.REFUSED_TICKS, 1);
        patient.clients.links().dropGone();
        assertThat(dead.isClosed).isFalse();
        patient.clients.onTick(2 + Connection.REFUSED_TICKS, 1);
        patient.clients.links().dropGone();
        assertThat(dead.isClosed).isTrue();
        assertThat(silent.isClosed).isFalse();
    }

    @Test
    void soManyLinksLeadNowhereAtATime() {
        for (int image = 0; image < 100; image++) {
            desk.beFull(false);
            desk.neverReached(image);
        }
        assertThat(desk.links.size()).isLessThanOrEqualTo(OpenLinks.LEAST_UNREACHED);
    }

    /** Each says hello and nothing more; its stream goes ten seconds later. */
    @Test
    void aNodeForManyClientsTakesFiveHundredThatComeAndDieASecond() {
        int clients = 8_192;
        Desk many =
                new Desk(
                        new GatewayConfig(clients, 1024, 8192, 64, 1024, 10_000),
                        SessionLimits.DEFAULT);
        for (int client = 1; client <= 10_000; client++) {
            many.tick(2L * client);
            many.clients.links().dropGone();
            many.beFull(false);
            many.hear(client, frames.hello(client, VERSION, "127.0.0.1:4000"));
            if (client > 5_000) {
                many.clients.links().imageLost(client - 5_000);
            }
        }
        assertThat(many.links).hasSize(10_000);
        assertThat(many.clients.links().count()).isEqualTo(5_000);
        assertThat(IntStream.range(0, many.clients.links().count()))
                .allMatch(i -> many.clients.links().isAdmitted(many.clients.links().get(i)));
    }

    @Test
    void soManyLinksAreOpenedATurn() {
        for (int image = 1; image <= 2; image++) {
            desk.hear(image, frames.hello(image, VERSION, "127.0.0.1:4000"));
        }
        desk.hear(3, frames.hello(3, VERSION, "127.0.0.1:4000"));
        assertThat(desk.links).hasSize(OpenLinks.MOST_OPENED_A_TURN);
        desk.beFull(false);
        desk.hear(3, frames.hello(3, VERSION, "127.0.0.1:4000"));
        assertThat(desk.links).hasSize(3);
    }

    @Test
    void repliesComeOnceAndInOrder() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.hear(CLIENT, frames.commands(session, 1, 1, "a", "b"));
        desk.choose();
        desk.speak();
        assertThat(link.takeSaid()).containsExactly("reply 1 at 3 100", "reply 2 at 4 100");
        desk.speak();
        assertThat(link.takeSaid()).isEmpty();
    }

    @Test
    void repliesShareFragments() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        String[] commands = IntStream.range(0, 20).mapToObj(i -> "c" + i).toArray(String[]::new);
        desk.hear(CLIENT, frames.commands(session, 1, 1, commands));
        desk.choose();
        int before = link.messages;
        desk.speak();
        assertThat(link.takeSaid()).hasSize(20);
        // 28 bytes in front, then 120 bytes a reply: 8 fit into a fragment of 1,024 bytes.
        assertThat(link.messages - before).isEqualTo(3);
    }

    @Test
    void slowClientGetsTheRestLaterAndHoldsNobodyUp() {
        FakeLink slow = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        String[] commands = IntStream.range(0, 20).mapToObj(i -> "c" + i).toArray(String[]::new);
        desk.hear(CLIENT, frames.commands(session, 1, 1, commands));
        desk.choose();
        slow.room = 1;
        desk.speak();
        assertThat(slow.takeSaid()).hasSize(8);
        FakeLink quick = desk.hello(8);
        desk.hear(8, frames.status(3));
        desk.speak();
        assertThat(quick.takeSaid()).containsExactly("status 3 LEADER");
        slow.room = Integer.MAX_VALUE;
        desk.speak();
        assertThat(slow.takeSaid()).hasSize(12).startsWith("reply 9 at 11 100");
    }

    @Test
    void aGapThatALinkDidNotTakeIsToldLater() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.hear(CLIENT, frames.commands(session, 1, 9, "gap"));
        link.room = 0;
        desk.speak();
        link.room = 1;
        desk.speak();
        assertThat(link.takeSaid()).containsExactly("gap 1 attempt 1");
    }

    @Test
    void whatALinkDidNotTakeComesAgainFromThere() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.hear(CLIENT, frames.commands(session, 1, 1, "a", "b"));
        desk.choose();
        link.room = 0;
        desk.speak();
        desk.hear(CLIENT, frames.commands(session, 1, 3, "c"));
        desk.choose();
        desk.speak();
        link.room = 100;
        desk.speak();
        assertThat(link.takeSaid())
                .containsExactly("reply 1 at 3 100", "reply 2 at 4 100", "reply 3 at 5 100");
    }

    @Test
    void aLinkThatIsNotConnectedGetsItsRepliesOnceItIs() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.hear(CLIENT, frames.commands(session, 1, 1, "a"));
        desk.choose();
        link.isConnected = false;
        desk.speak();
        link.isConnected = true;
        desk.speak();
        assertThat(link.takeSaid()).containsExactly("reply 1 at 3 100");
    }

    @Test
    void repliesThatWereAskedForEarlierAreTooLate() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        Connection client = desk.clients.links().get(0);
        long before = client.attachment();
        desk.hear(CLIENT, frames.resume(session, 1, 2));
        desk.speak();
        desk.clients.replies(client.id, before, 1, 0, 0, new UnsafeBuffer(new byte[64]), 0, 64);
        assertThat(link.messages).isEqualTo(2);
        desk.round++;
        desk.speak();
        link.takeSaid();
        int messages = link.messages;
        desk.clients.replies(client.id, before, 1, 0, 0, new UnsafeBuffer(new byte[64]), 0, 64);
        assertThat(link.messages).isEqualTo(messages);
    }

    @Test
    void whoIsGoneIsAnsweredNoMore() {
        desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        FakeLink link = desk.links.get(0);
        desk.hear(CLIENT, frames.commands(session, 1, 1, "a"));
        desk.choose();
        desk.clients.links().imageLost(CLIENT);
        int messages = link.messages;
        desk.speak();
        desk.speak();
        assertThat(link.messages).isEqualTo(messages);
        assertThat(desk.side.attachedCount()).isZero();
    }

    @Test
    void noAnswerOfALinkLosesAMessage() {
        for (int refusals : new int[] {1, 10, 10_000}) {
            Desk fresh = new Desk(CONFIG, SessionLimits.DEFAULT);
            FakeLink link = fresh.hello(CLIENT);
            long session = fresh.session(CLIENT);
            fresh.hear(CLIENT, frames.commands(session, 1, 1, "a"));
            fresh.hear(CLIENT, frames.commands(session, 1, 9, "gap"));
            fresh.hear(CLIENT, frames.status(3));
            fresh.choose();
            link.room = 0;
            for (int i = 0; i < refusals; i++) {
                fresh.speak();
            }
            for (String next : List.of("status 3 LEADER", "reply 1 at 3 100", "gap 2 attempt 1")) {
                link.room = 1;
                fresh.speak();
                assertThat(link.takeSaid()).containsExactly(next);
            }
        }
    }

    @Test
    void closedAndWornOutLinksAreBroken() {
        for (long result :
                new long[] {
                    Publication.NOT_CONNECTED, Publication.BACK_PRESSURED, Publication.ADMIN_ACTION
                }) {
            AeronResponseLink.Outcome outcome = AeronResponseLink.outcomeOf(result);
            assertThat(outcome).isEqualTo(AeronResponseLink.Outcome.AGAIN);
        }
        assertThat(AeronResponseLink.outcomeOf(Publication.CLOSED))
                .isEqualTo(AeronResponseLink.Outcome.BROKEN);
        assertThat(AeronResponseLink.outcomeOf(Publication.MAX_POSITION_EXCEEDED))
                .isEqualTo(AeronResponseLink.Outcome.BROKEN);
        assertThat(AeronResponseLink.outcomeOf(64)).isEqualTo(AeronResponseLink.Outcome.TAKEN);
    }

    @Test
    void brokenLinkIsLetGo() {
        FakeLink link = desk.hello(CLIENT);
        link.isBroken = true;
        desk.clients.onTick(1, 1);
        desk.clients.links().dropGone();
        assertThat(desk.clients.links().count()).isZero();
        assertThat(link.isClosed).isTrue();
    }

    @Test
    void clientThatCannotBeReachedIsLetGoAfterTheTimeout() {
        FakeLink link = desk.hello(CLIENT);
        desk.clients.onTick(50, 1);
        desk.clients.links().dropGone();
        link.isConnected = false;
        desk.clients.onTick(150, 1);
        desk.clients.links().dropGone();
        assertThat(desk.clients.links().count()).isEqualTo(1);
        desk.clients.onTick(151, 1);
        desk.clients.links().dropGone();
        assertThat(desk.clients.links().count()).isZero();
    }

    @Test
    void followerRedirects() {
        desk.isLeading = false;
        desk.leader = 3;
        FakeLink link = desk.hello(CLIENT);
        desk.hear(CLIENT, frames.openSession(1));
        desk.hear(CLIENT, frames.resume(2, 1, 1));
        desk.hear(CLIENT, frames.commands(2, 1, 1, "a"));
        desk.speak();
        assertThat(link.takeSaid()).containsExactly("redirect 3 10.0.0.3:9000");
        assertThat(desk.heardCommands()).isZero();
    }

    @Test
    void nodeWithoutLeaderSaysSo() {
        desk.isLeading = false;
        desk.leader = 0;
        FakeLink link = desk.hello(CLIENT);
        desk.hear(CLIENT, frames.openSession(1));
        desk.speak();
        assertThat(link.takeSaid()).containsExactly("redirect 0 ");
    }

    @Test
    void changeOfLeaderIsToldAtOnceAndCommandsNeedAResume() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.round = 2;
        desk.speak();
        assertThat(link.takeSaid()).containsExactly("welcome leader 1 takes YES");
        desk.hear(CLIENT, frames.commands(session, 1, 1, "a"));
        assertThat(desk.heardCommands()).isZero();
        desk.hear(CLIENT, frames.resume(session, 1, 2));
        desk.hear(CLIENT, frames.commands(session, 1, 1, "a"));
        assertThat(desk.heardCommands()).isEqualTo(1);
    }

    /**
     * The word that this node led no more may be lost, and the next one says the same as before.
     */
    @Test
    void whoStillTakesALostSessionForBroughtIsTold() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.reelect();
        desk.speak();
        link.takeSaid();

        desk.hear(CLIENT, frames.keepAlive(session + 1));
        desk.speak();
        assertThat(link.takeSaid()).containsExactly("welcome leader 1 takes YES");
        desk.hear(CLIENT, frames.keepAlive(session));
        desk.speak();
        assertThat(link.takeSaid())
                .containsExactly("welcome leader 1 takes YES", "gap 0 attempt 1");

        desk.hear(CLIENT, frames.resume(session, 1, 2));
        desk.speak();
        link.takeSaid();
        desk.hear(CLIENT, frames.keepAlive(session));
        desk.speak();
        assertThat(link.takeSaid()).isEmpty();
    }

    @Test
    void gapIsToldOnceUntilTheNextResume() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.hear(CLIENT, frames.commands(session, 1, 2, "b"));
        desk.hear(CLIENT, frames.commands(session, 1, 3, "c"));
        desk.speak();
        assertThat(link.takeSaid()).containsExactly("gap 1 attempt 1");
        assertThat(desk.heardCommands()).isZero();
        desk.hear(CLIENT, frames.resume(session, 1, 2));
        desk.hear(CLIENT, frames.commands(session, 1, 1, "a", "b", "c"));
        assertThat(desk.heardCommands()).isEqualTo(3);
    }

    /** Else a client that has waited for long makes all wait longer, and sends them once more. */
    @Test
    void whatIsSentAgainIsNotProposedAgainByTheSameLeader() {
        desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.hear(CLIENT, frames.commands(session, 1, 1, "a", "b", "c"));
        desk.hear(CLIENT, frames.resume(session, 1, 2));
        desk.hear(CLIENT, frames.commands(session, 1, 1, "a", "b"));
        desk.hear(CLIENT, frames.commands(session, 1, 3, "c"));
        FakeLink other = desk.hello(8);
        desk.hear(8, frames.resume(session, 1, 3));
        desk.hear(8, frames.commands(session, 1, 1, "a", "b", "c"));
        assertThat(desk.heardCommands()).isEqualTo(3);
        desk.hear(8, frames.commands(session, 1, 4, "d"));
        assertThat(desk.heardCommands()).isEqualTo(4);
        desk.choose();
        desk.speak();
        assertThat(other.takeSaid())
                .containsExactly(
                        "reply 1 at 3 100",
                        "reply 2 at 4 100",
                        "reply 3 at 5 100",
                        "reply 4 at 6 100");
    }

    @Test
    void whatWasRefusedForWantOfAnotherIsProposedAgain() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.hear(CLIENT, frames.commands(session, 1, 1, "a", "b"));
        desk.clients.refused(session, desk.lastSlot() + 5, 1, ReplySink.Refusal.GAP);
        desk.speak();
        assertThat(link.takeSaid()).containsExactly("gap 1 attempt 1");
        desk.hear(CLIENT, frames.resume(session, 1, 2));
        desk.hear(CLIENT, frames.commands(session, 1, 1, "a", "b"));
        assertThat(desk.heardCommands()).isEqualTo(4);
    }

    /** They may be other commands by the same numbers. */
    @Test
    void commandsOfAnotherProcessWithTheSessionAreProposed() {
        desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.hear(CLIENT, frames.commands(session, 1, 1, "a"));
        desk.hello(8);
        desk.hear(8, frames.resume(session, ClientFrames.SECRET, 1, 1, 77, 0, 0));
        desk.hear(8, frames.commands(session, 1, 1, "z"));
        assertThat(desk.heardCommands()).isEqualTo(2);
    }

    @Test
    void gapAmongOlderCommandsSaysNothingAboutNewerOnes() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.clients.refused(session, desk.lastSlot(), 1, ReplySink.Refusal.GAP);
        desk.speak();
        assertThat(link.takeSaid()).isEmpty();
        desk.chooseForeign(session, 5);
        desk.speak();
        assertThat(link.takeSaid()).containsExactly("gap 1 attempt 1");
    }

    @Test
    void gapAmongCommandsThatWaitToBeProposedSaysNothingAboutNewerOnes() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.hear(CLIENT, frames.resume(session, 5, 2));
        desk.hear(CLIENT, frames.commands(session, 1, 5, "e"));
        desk.hear(CLIENT, frames.resume(session, 1, 3));
        desk.hear(CLIENT, frames.commands(session, 1, 1, "a"));
        desk.choose();
        desk.speak();
        assertThat(link.takeSaid()).containsExactly("reply 1 at 4 100");
    }

    @Test
    void resumeThatALeftLinkStillCarriesTakesNothingBack() {
        FakeLink left = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        FakeLink link = desk.hello(8);
        desk.hear(8, frames.resume(session, 1, 3));
        desk.hear(CLIENT, frames.resume(session, 1, 2));
        desk.hear(CLIENT, frames.commands(session, 1, 1, "a"));
        assertThat(desk.heardCommands()).isZero();
        desk.hear(8, frames.commands(session, 1, 1, "a"));
        desk.choose();
        desk.speak();
        assertThat(link.takeSaid()).containsExactly("reply 1 at 3 100");
        assertThat(left.takeSaid()).containsExactly("welcome leader 1 takes YES");
    }

    @Test
    void whileTheReplicaIsFullAllButCommandsIsHeard() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.beFull(true);
        assertThat(desk.hear(CLIENT, frames.commands(session, 1, 1, "a"))).isFalse();
        assertThat(desk.hear(CLIENT, frames.openSession(5))).isFalse();
        assertThat(desk.hear(CLIENT, frames.closeSession(session))).isFalse();
        assertThat(desk.hear(CLIENT, frames.status(3))).isTrue();
        desk.speak();
        assertThat(link.takeSaid()).containsExactly("status 3 LEADER");
        desk.beFull(false);
        assertThat(desk.hear(CLIENT, frames.commands(session, 1, 1, "a"))).isTrue();
        assertThat(desk.heardCommands()).isEqualTo(1);
    }

    @Test
    void resumedSessionGetsTheRepliesThatItLacks() {
        desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.hear(CLIENT, frames.commands(session, 1, 1, "a", "b", "c"));
        desk.choose();
        desk.speak();
        FakeLink other = desk.hello(8);
        desk.hear(8, frames.resume(session, 2, 2));
        desk.speak();
        assertThat(other.takeSaid()).containsExactly("reply 2 at 4 100", "reply 3 at 5 100");
    }

    @Test
    void sessionBelongsToTheConnectionThatResumedItLast() {
        FakeLink first = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        FakeLink second = desk.hello(8);
        desk.hear(8, frames.resume(session, 1, 2));
        desk.hear(CLIENT, frames.commands(session, 1, 1, "old"));
        desk.hear(8, frames.commands(session, 1, 1, "a"));
        assertThat(desk.heardCommands()).isEqualTo(1);
        desk.choose();
        desk.speak();
        assertThat(second.takeSaid()).containsExactly("reply 1 at 3 100");
        assertThat(first.takeSaid()).doesNotContain("reply 1 at 3 100");
    }

    @Test
    void unknownSessionIsToldExpired() {
        FakeLink link = desk.hello(CLIENT);
        desk.hear(CLIENT, frames.resume(99, 1, 1));
        desk.hear(CLIENT, frames.commands(99, 1, 1, "a"));
        desk.choose();
        desk.speak();
        assertThat(link.takeSaid()).contains("ended 99 EXPIRED");
    }

    @Test
    void closingASessionIsConfirmed() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.hear(CLIENT, frames.closeSession(session));
        desk.choose();
        desk.speak();
        assertThat(link.takeSaid()).containsExactly("ended " + session + " CLOSED");
        assertThat(desk.applier.sessionCount()).isZero();
    }

    @Test
    void tooLargeACommandIsRefusedAndTheNextIsTaken() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.hear(CLIENT, frames.commands(session, 1, 1, "x".repeat(1001)));
        desk.speak();
        assertThat(link.takeSaid()).containsExactly("failure TOO_LARGE bound 1000");
        desk.hear(CLIENT, frames.commands(session, 1, 1, "x".repeat(1000)));
        assertThat(desk.heardCommands()).isEqualTo(1);
    }

    @Test
    void whatFindsNoRoomInTheBatchComesAgain() {
        desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        List<Boolean> taken = new ArrayList<>();
        for (int sequence = 1; sequence <= 4; sequence++) {
            byte[] frame = frames.commands(session, 1, sequence, "x".repeat(1000));
            taken.add(desk.hear(CLIENT, frame));
        }
        assertThat(taken).containsExactly(true, true, true, false);
        desk.choose();
        assertThat(desk.hear(CLIENT, frames.commands(session, 1, 4, "x".repeat(1000)))).isTrue();
    }

    @Test
    void clientsBeyondTheLimitAreRefused() {
        desk.hello(1);
        desk.hello(2);
        desk.beFull(false);
        desk.hear(3, frames.hello(3, VERSION, "127.0.0.1:4000"));
        desk.speak();
        assertThat(desk.links.get(2).takeSaid()).contains("failure TOO_MANY_CLIENTS bound 2");
        desk.hear(3, frames.openSession(1));
        assertThat(desk.heardCommands()).isZero();
        for (int image = 4; image < 50; image++) {
            desk.beFull(false);
            desk.hear(image, frames.hello(image, VERSION, "127.0.0.1:4000"));
        }
        assertThat(desk.links).hasSize(4);
    }

    @Test
    void otherVersionsAreRefused() {
        desk.hear(CLIENT, frames.hello(3, VERSION - 1, "127.0.0.1:4000"));
        desk.speak();
        assertThat(desk.links.get(0).takeSaid()).contains("failure WRONG_VERSION bound " + VERSION);
    }

    @Test
    void whoNeverSaidHelloIsCountedOnly() {
        desk.hear(CLIENT, frames.openSession(1));
        desk.hear(CLIENT, frames.status(1));
        desk.hear(CLIENT, frames.tail(1, 1, 2));
        assertThat(desk.clients.strangers()).isEqualTo(3);
        assertThat(desk.heardCommands()).isZero();
    }

    @Test
    void lostImageIsANewConnection() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.clients.links().imageLost(CLIENT);
        assertThat(link.isClosed).isTrue();
        desk.hello(CLIENT);
        desk.hear(CLIENT, frames.commands(session, 1, 1, "a"));
        assertThat(desk.heardCommands()).isZero();
        desk.speak();
        assertThat(desk.links.get(1).takeSaid()).containsExactly("welcome leader 1 takes YES");
    }

    @Test
    void tailServesWhatTookEffectAndEnds() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        desk.hear(CLIENT, frames.commands(session, 1, 1, "a", "b"));
        desk.choose();
        desk.chooseForeign(session, 1);
        desk.chooseForeign(session, 9);
        desk.hear(CLIENT, frames.resume(session, 3, 2));
        desk.hear(CLIENT, frames.commands(session, 3, 3, "c"));
        desk.choose();
        desk.speak();
        link.takeSaid();
        desk.hear(CLIENT, frames.tail(5, 1, desk.lastSlot()));
        serveTails(4);
        assertThat(link.takeSaid())
                .containsExactly("tail 3 a", "tail 4 b", "tail 7 c", "tail end 8");
        serveTails(2);
        assertThat(link.takeSaid()).isEmpty();
    }

    @Test
    void tailGoesOnWhereALinkTookNoMore() {
        FakeLink link = desk.hello(CLIENT);
        long session = desk.session(CLIENT);
        String[] commands = IntStream.range(0, 9).mapToObj(i -> "" + i).toArray(String[]::new);
        desk.hear(CLIENT, frames.commands(session, 1, 1, commands));
        desk.choose();
        desk.speak();
        link.takeSaid();
        link.fragmentBytes = 100;
        link.room = 1;
        desk.hear(CLIENT, frames.tail(5, 1, Long.MAX_VALUE));
        serveTails(3);
        assertThat(link.takeSaid()).hasSize(4);
        link.room = Integer.MAX_VALUE;
        serveTails(3);
        assertThat(link.takeSaid())
                .containsExactly("tail 7 4", "tail 8 5", "tail 9 6", "tail 10 7", "tail 11 8");
    }

    private void serveTails(int turns) {
        for (int i = 0; i < turns; i++) {
            desk.tails.serve(desk.clients.links().get(0), CONFIG.tailBytesPerTurn());
        }
    }
}
