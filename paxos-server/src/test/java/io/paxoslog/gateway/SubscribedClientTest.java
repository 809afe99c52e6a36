package io.paxoslog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.service.SessionLimits;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node says to one who subscribes. Slot 1 founds the cluster, slot 2 opens a session. */
class SubscribedClientTest {
    private static final long CLUSTER = 9;

    private final Desk desk = new Desk(GatewayConfig.DEFAULT, SessionLimits.DEFAULT);
    private FakeLink link;
    private long session;
    private long tick = 1_000;

    @BeforeEach
    void openASession() {
        link = desk.hello(1);
        session = desk.session(1);
        append(1, "a", "b");
    }

    private void append(long sequence, String... commands) {
        desk.hear(1, desk.frames().commands(session, 1, sequence, commands));
        desk.choose();
        desk.speak();
        link.takeSaid();
    }

    private List<String> serve() {
        return serve(1 << 20);
    }

    private List<String> serve(int bytes) {
        desk.tick(tick);
        desk.tails.serve(desk.clients.links().get(0), bytes);
        return link.takeSaid();
    }

    private void subscribe(long fromSlot) {
        subscribe(CLUSTER, fromSlot);
    }

    private void subscribe(long clusterId, long fromSlot) {
        desk.hear(1, desk.frames().subscribe(5, clusterId, fromSlot));
    }

    private void passTicks(int ticks) {
        tick += ticks;
    }

    @Test
    void hearsEachCommandWithItsPlaceAndWhoseItIs() {
        subscribe(1);
        assertThat(serve()).containsExactly("log of 9 from 1 to 4 applied 4 3=2/1@7=a 4=2/2@7=b");
    }

    @Test
    void aCommandIsPushedInTheTurnInWhichItIsApplied() {
        subscribe(5);
        serve();
        append(3, "c");
        assertThat(serve()).containsExactly("log of 9 from 5 to 5 applied 5 5=2/3@7=c");
    }

    @Test
    void aCommandThatStandsInTwoSlotsIsSaidOnce() {
        desk.chooseForeign(session, 2);
        desk.chooseForeign(session, 3);
        desk.speak();
        link.takeSaid();
        subscribe(4);
        assertThat(serve()).containsExactly("log of 9 from 4 to 6 applied 6 4=2/2@7=b 6=2/3@7=");
    }

    @Test
    void slotsWithoutEffectAreToldAsProgressNowAndThen() {
        subscribe(5);
        assertThat(serve()).containsExactly("log of 9 from 5 to 4 applied 4");
        desk.chooseForeign(session, 1);
        desk.speak();
        link.takeSaid();
        assertThat(serve()).isEmpty();
        passTicks(TailSender.PROGRESS_TICKS);
        assertThat(serve()).containsExactly("log of 9 from 5 to 5 applied 5");
        assertThat(serve()).isEmpty();
    }

    @Test
    void whoHasNothingNewIsToldThatTheNodeIsThere() {
        subscribe(5);
        serve();
        passTicks(TailSender.LIFE_TICKS - 1);
        assertThat(serve()).isEmpty();
        passTicks(1);
        assertThat(serve()).containsExactly("log of 9 from 5 to 4 applied 4");
    }

    @Test
    void eachMessageSaysWhereTheOneBeforeEnded() {
        link.fragmentBytes = 1;
        subscribe(3);
        assertThat(serve())
                .containsExactly(
                        "log of 9 from 3 to 3 applied 4 3=2/1@7=a",
                        "log of 9 from 4 to 4 applied 4 4=2/2@7=b");
    }

    @Test
    void whatTheLinkDidNotTakeIsSaidFromThereOn() {
        link.fragmentBytes = 1;
        link.room = 1;
        subscribe(3);
        assertThat(serve()).containsExactly("log of 9 from 3 to 3 applied 4 3=2/1@7=a");
        link.room = 1;
        assertThat(serve()).containsExactly("log of 9 from 4 to 4 applied 4 4=2/2@7=b");
    }

    @Test
    void nothingIsReadForALinkThatHasNoRoom() {
        subscribe(3);
        link.room = 0;
        assertThat(desk.tails.serve(desk.clients.links().get(0), 1 << 20)).isZero();
        assertThat(link.takeSaid()).isEmpty();
    }

    @Test
    void beginsWithTheFirstSlotKeptWhereThatIsWanted() {
        desk.firstKept = 4;
        subscribe(0);
        assertThat(serve()).containsExactly("log of 9 from 4 to 4 applied 4 4=2/2@7=b");
    }

    @Test
    void aSlotThatIsKeptNoMoreIsRefusedWithTheFirstThatIs() {
        desk.firstKept = 4;
        subscribe(3);
        assertThat(serve()).containsExactly("failure COMPACTED bound 4");
        assertThat(serve()).isEmpty();
    }

    @Test
    void aPositionOfAnotherClusterIsRefused() {
        subscribe(8, 1);
        assertThat(serve()).containsExactly("failure OTHER_CLUSTER bound 0");
        assertThat(serve()).isEmpty();
    }

    @Test
    void oneThatIsAheadOfTheNodeWaits() {
        subscribe(6);
        assertThat(serve()).containsExactly("log of 9 from 6 to 5 applied 4");
        append(3, "c", "d");
        assertThat(serve()).containsExactly("log of 9 from 6 to 6 applied 6 6=2/4@7=d");
    }

    @Test
    void nothingIsSaidThatIsNotAppliedYet() {
        subscribe(5);
        serve();
        desk.applies(false);
        append(3, "c");
        assertThat(serve()).isEmpty();
        desk.applies(true);
        desk.speak();
        link.takeSaid();
        assertThat(serve()).containsExactly("log of 9 from 5 to 5 applied 5 5=2/3@7=c");
    }

    @Test
    void nothingIsSaidOnceItEnds() {
        subscribe(1);
        desk.hear(1, desk.frames().unsubscribe(5));
        assertThat(serve()).isEmpty();
    }

    @Test
    void anEndThatComesLateIsNotThatOfTheNextOne() {
        subscribe(1);
        desk.hear(1, desk.frames().unsubscribe(4));
        assertThat(serve()).hasSize(1);
    }
}
