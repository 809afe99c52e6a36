package io.paxoslog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.service.SessionLimits;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client asks for a snapshot, and again and again how far it is. */
class SnapshotRequestTest {
    private final Desk desk = new Desk(GatewayConfig.DEFAULT, SessionLimits.DEFAULT);
    private final FakeSnapshots snapshots = desk.snapshots;
    private FakeLink link;

    @BeforeEach
    void connect() {
        link = desk.hello(1);
    }

    private void ask(long correlation) {
        desk.hear(1, desk.frames().snapshot(correlation));
        desk.speak();
    }

    private void requireSaid(String... said) {
        assertThat(link.takeSaid()).containsExactly(said);
    }

    @Test
    void isToldHowFarItIsUntilItIsTaken() {
        ask(7);
        requireSaid("snapshot 7 WAITING slot 0 bytes 0 ms 0");
        snapshots.slotInWork = 1;
        snapshots.writtenBytes = 10;
        ask(7);
        requireSaid("snapshot 7 WRITING slot 1 bytes 10 ms 0");
        snapshots.slotInWork = 0;
        snapshots.newestSlot = 1;
        snapshots.newestBytes = 20;
        snapshots.newestMs = 3;
        ask(7);
        requireSaid("snapshot 7 TAKEN slot 1 bytes 20 ms 3");
        assertThat(snapshots.requests).isEqualTo(1);
    }

    @Test
    void oneThatCoversLessThanWasAppliedWillNotDo() {
        snapshots.newestSlot = 1;
        long session = desk.session(1);
        link.takeSaid();
        ask(7);
        requireSaid("snapshot 7 WAITING slot 0 bytes 0 ms 0");
        snapshots.slotInWork = 1;
        ask(7);
        requireSaid("snapshot 7 WAITING slot 0 bytes 0 ms 0");
        snapshots.newestSlot = session;
        ask(7);
        requireSaid("snapshot 7 TAKEN slot " + session + " bytes 0 ms 0");
    }

    @Test
    void whatIsThereAlreadyIsNotTakenAgain() {
        snapshots.newestSlot = 1;
        snapshots.newestBytes = 20;
        ask(7);
        requireSaid("snapshot 7 TAKEN slot 1 bytes 20 ms 0");
        assertThat(snapshots.requests).isZero();
    }

    @Test
    void isToldWhyThereIsNone() {
        snapshots.refusal = "the state machine takes none";
        ask(7);
        requireSaid("snapshot 7 REFUSED slot 0 bytes 0 ms 0 the state machine takes none");
        snapshots.refusal = "";
        ask(8);
        snapshots.failures = 1;
        snapshots.lastFailure = "the disk is full";
        ask(8);
        requireSaid(
                "snapshot 8 WAITING slot 0 bytes 0 ms 0",
                "snapshot 8 FAILED slot 0 bytes 0 ms 0 the disk is full");
    }

    @Test
    void aFailureOfBeforeIsNoneOfThisOne() {
        snapshots.failures = 4;
        ask(7);
        requireSaid("snapshot 7 WAITING slot 0 bytes 0 ms 0");
    }

    @Test
    void anAnswerThatALinkDidNotTakeIsSaidLater() {
        link.room = 0;
        ask(7);
        requireSaid();
        link.room = 1;
        desk.speak();
        requireSaid("snapshot 7 WAITING slot 0 bytes 0 ms 0");
    }

    @Test
    void whoNeverSaidHelloIsNotHeard() {
        desk.hear(2, desk.frames().snapshot(7));
        assertThat(snapshots.requests).isZero();
    }

    @Test
    void aStatusSaysWhatIsStored() {
        desk.firstKept = 3;
        snapshots.newestSlot = 5;
        desk.hear(1, desk.frames().status(9));
        desk.speak();
        assertThat(link.storage).isEqualTo("from 3 snapshot 5 bytes 64 16 free 1000");
    }
}
