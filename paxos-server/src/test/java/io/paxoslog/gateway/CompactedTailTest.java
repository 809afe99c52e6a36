package io.paxoslog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.service.SessionLimits;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A tail that wants what the log holds no more is told from where on it may go on. */
class CompactedTailTest {
    private final Desk desk = new Desk(GatewayConfig.DEFAULT, SessionLimits.DEFAULT);
    private FakeLink link;

    @BeforeEach
    void openASessionAndSayThreeCommands() {
        link = desk.hello(1);
        long session = desk.session(1);
        desk.hear(1, desk.frames().commands(session, 1, 1, "a", "b", "c"));
        desk.choose();
        desk.speak();
        link.takeSaid();
    }

    private List<String> serve() {
        desk.tails.serve(desk.clients.links().get(0), 1 << 20);
        return link.takeSaid();
    }

    private void tailFrom(long slot) {
        desk.hear(1, desk.frames().tail(5, slot, Long.MAX_VALUE));
    }

    @Test
    void aSlotThatIsNoLongerKeptIsRefusedWithTheFirstThatIs() {
        desk.firstKept = 4;
        tailFrom(3);
        assertThat(serve()).containsExactly("failure COMPACTED bound 4");
        assertThat(serve()).isEmpty();
    }

    @Test
    void theFirstSlotKeptIsServed() {
        desk.firstKept = 4;
        tailFrom(4);
        assertThat(serve()).containsExactly("tail 4 b", "tail 5 c");
    }

    /** Its journal may reach further down than what it knows of. */
    @Test
    void slotsOfWhichTheNodeDoesNotKnowWhichTookEffectAreRefused() {
        desk.clients.restored(4, 5);
        desk.clients.applied(5, 0);
        tailFrom(3);
        assertThat(serve()).containsExactly("failure COMPACTED bound 5");
        tailFrom(5);
        assertThat(serve()).containsExactly("tail 5 c");
    }

    @Test
    void aTailThatIsTooSlowForItsSlotsToBeKeptIsToldSo() {
        link.fragmentBytes = 1;
        link.room = 1;
        tailFrom(1);
        assertThat(serve()).containsExactly("tail 3 a");
        desk.firstKept = 5;
        link.room = 1;
        assertThat(serve()).containsExactly("failure COMPACTED bound 5");
    }

    @Test
    void theRefusalThatALinkDidNotTakeIsSaidLater() {
        desk.firstKept = 4;
        link.room = 0;
        tailFrom(1);
        assertThat(serve()).isEmpty();
        link.room = 1;
        assertThat(serve()).containsExactly("failure COMPACTED bound 4");
    }
}
