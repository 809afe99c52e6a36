package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every relation of an Accept and a Prepare to what a replica is: its promise, its commit index,
 * the floor, the window, what it holds and its role.
 */
class AcceptorExhaustiveTest {
    private static final long COMMIT = 5;
    private static final long FLOOR = 8;
    private static final int LIMIT = 10;

    /** How the ballot of a message compares with the promise. */
    enum BallotIs {
        BELOW,
        EQUAL,
        ABOVE
    }

    /** Where the slot of a message lies. */
    enum SlotIs {
        KNOWN_CHOSEN(COMMIT),
        UNKNOWN_BELOW_THE_FLOOR(COMMIT + 1),
        AT_THE_FLOOR(FLOOR),
        ABOVE_A_HOLE(FLOOR + 2),
        LAST_OF_THE_WINDOW(FLOOR + LIMIT - 1),
        BEHIND_THE_WINDOW(FLOOR + LIMIT);

        final long slot;

        SlotIs(long slot) {
            this.slot = slot;
        }

        boolean isOpen() {
            return this != KNOWN_CHOSEN && this != BEHIND_THE_WINDOW;
        }
    }

    /** What lies in the slot before. */
    enum Holds {
        NOTHING,
        A_LOWER_BALLOT,
        THE_PROMISED_BALLOT
    }

    record Case(BallotIs ballot, SlotIs slot, Holds holds, Role role) {
        boolean isHeldBefore() {
            return holds != Holds.NOTHING && slot.isOpen();
        }
    }

    private final HandCluster cluster = new HandCluster(3, 2, 2, LIMIT).started();
    private final Replica replica = cluster.replica(1);
    private final RecordingJournal journal = cluster.node(1).journal;
    private long promised;
    private long ballot;
    private int recordsBefore;

    /** What one says that returns is another story: {@link WayBackTest}. */
    private static final Set<Role> TAKING_PART = EnumSet.complementOf(EnumSet.of(Role.RETURNING));

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (BallotIs ballot : BallotIs.values()) {
            for (SlotIs slot : SlotIs.values()) {
                for (Holds holds : Holds.values()) {
                    for (Role role : TAKING_PART) {
                        cases.add(new Case(ballot, slot, holds, role));
                    }
                }
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void acceptsWhatThePromiseAndTheWindowAllow(Case given) {
        arrange(given);

        replica.accept(speaker(), Batches.commands(ballot, given.slot().slot, "new"), FLOOR);

        if (given.ballot() == BallotIs.BELOW) {
            assertRefused(given);
            return;
        }
        boolean isHeldUnderIt =
                given.ballot() == BallotIs.EQUAL && given.holds() == Holds.THE_PROMISED_BALLOT;
        String record = "accepted b=" + Ballot.text(ballot) + " slot=" + given.slot().slot + " new";
        assertThat(written().contains(record)).isEqualTo(given.slot().isOpen() && !isHeldUnderIt);
        assertPromised(given);
        // No slot above the floor is held without a hole below it.
        long upTo = given.slot() == SlotIs.AT_THE_FLOOR ? FLOOR : FLOOR - 1;
        assertThat(answers())
                .containsExactly("Accepted b=" + Ballot.text(ballot) + " upTo=" + upTo);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void promisesWhatIsNotBelowThePromiseAndReportsAllThatIsHeld(Case given) {
        arrange(given);

        replica.prepare(speaker(), ballot, 1);

        if (given.ballot() == BallotIs.BELOW) {
            assertRefused(given);
            return;
        }
        assertPromised(given);
        int slots = given.isHeldBefore() ? 1 : 0;
        assertThat(answers()).hasSize(1 + slots);
        assertThat(answers())
                .last()
                .isEqualTo("Promise b=" + Ballot.text(ballot) + " commit=5 slots=" + slots);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void answersHeartbeatsThatAreNotBelowThePromise(Case given) {
        arrange(given);

        replica.heartbeat(speaker(), ballot, COMMIT + 1, 0, false, 1, 0, 0, 0);

        if (given.ballot() == BallotIs.BELOW) {
            assertRefused(given);
            return;
        }
        assertPromised(given);
        assertThat(answers())
                .first()
                .isEqualTo("HeartbeatHeard b=" + Ballot.text(ballot) + " commit=5");
    }

    private void assertRefused(Case given) {
        assertThat(written()).isEmpty();
        assertThat(answers()).containsExactly("Nack promised=" + Ballot.text(promised));
        assertThat(replica.role()).isEqualTo(given.role());
    }

    private void assertPromised(Case given) {
        boolean isRaised = given.ballot() == BallotIs.ABOVE;
        assertThat(written().contains("promised " + Ballot.text(ballot))).isEqualTo(isRaised);
        boolean isBeaten =
                isRaised && (given.role() == Role.PREPARING || given.role() == Role.LEADING);
        assertThat(replica.role()).isEqualTo(isBeaten ? Role.FOLLOWING : given.role());
    }

    /** Brings the replica into the state of a case and names the ballot of the message. */
    private void arrange(Case given) {
        long second = cluster.node(2).config.self();
        Membership genesis = Roles.genesis(cluster.node(1).config);
        replica.chosen(second, Batches.membership(Ballot.NONE, genesis), 1);
        replica.chosen(second, Batches.noOps(Ballot.NONE, 2, (int) COMMIT - 1), COMMIT);
        if (given.holds() == Holds.A_LOWER_BALLOT) {
            hold(given, Ballot.of(3, 2));
        }
        replica.prepare(second, Ballot.of(5, 2), 1);
        become(given.role());
        promised =
                given.role() == Role.PREPARING || given.role() == Role.LEADING
                        ? replica.ballot()
                        : Ballot.of(5, 2);
        if (given.holds() == Holds.THE_PROMISED_BALLOT) {
            hold(given, promised);
        }
        ballot =
                switch (given.ballot()) {
                    case BELOW -> Ballot.of(Ballot.round(promised) - 1, 2);
                    case EQUAL -> promised;
                    case ABOVE -> Ballot.of(Ballot.round(promised) + 1, 2);
                };
        assertThat(replica.role()).isEqualTo(given.role());
        assertThat(replica.commitIndex()).isEqualTo(COMMIT);
        cluster.drop(letter -> true);
        recordsBefore = journal.size();
    }

    private void hold(Case given, long under) {
        if (given.slot().isOpen()) {
            replica.accept(
                    memberOf(under), Batches.commands(under, given.slot().slot, "new"), FLOOR);
        }
    }

    private void become(Role role) {
        if (role == Role.FOLLOWING) {
            return;
        }
        cluster.drop(letter -> true);
        cluster.pass(2 * HandCluster.ELECTION_TIMEOUT, 1);
        if (role != Role.CANVASSING) {
            cluster.deliver(letter -> letter.is("Canvass") || letter.is("Canvassed"));
            cluster.deliver(letter -> letter.is("Prepare") && letter.to() == 1);
        }
        if (role == Role.LEADING) {
            cluster.deliver(
                    letter ->
                            letter.is("Prepare")
                                    || letter.is("PromisedSlots")
                                    || letter.is("Promise"));
        }
    }

    private long speaker() {
        return memberOf(ballot);
    }

    private long memberOf(long itsBallot) {
        return cluster.node(Ballot.owner(itsBallot)).config.self();
    }

    private List<String> written() {
        return journal.lines().subList(recordsBefore, journal.size());
    }

    /** What the speaker hears back. */
    private List<String> answers() {
        return cluster.waiting().stream()
                .filter(letter -> letter.from() == 1 && letter.to() == Ballot.owner(ballot))
                .map(Letter::text)
                .toList();
    }
}
