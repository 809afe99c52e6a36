package io.paxoslog.core;

import java.util.Arrays;

/**
 * Which ballots may count. Anybody can write down the highest ballot there is; honest ones rise by
 * one round a campaign. So a ballot counts at once only if its round is one that is known, or above
 * it by no more than elections can have raised it lately; for anything farther its sender is asked
 * at its configured address, with a number that only it hears, what the highest is that it stands
 * by. A ballot that does not count changes nothing, as if it had been lost on the way.
 *
 * <p>Known is what the journal holds, what this node used itself, what counted before and what a
 * member stood by.
 */
final class KnownRounds implements Roster.Keeper {
    /** Rounds a member that may be raised in one go. */
    private static final int BURST_ROUNDS = 16;

    private static final long NEVER = Long.MIN_VALUE / 2;
    private static final long CLOSED = 0;

    private final ReplicaConfig config;
    private final Peers peers;
    private final ReplicaEvents events;
    private final Memberships memberships;
    private final Nonces nonces;
    private final Seldom denials;
    private final long costOfRound;
    private final long[] question = new long[Roster.MAX];
    private final long[] askedTick = new long[Roster.MAX];
    private final long[] doubted = new long[Roster.MAX];
    private long known;
    private long credit;
    private long nowTick;

    KnownRounds(
            ReplicaConfig config,
            Peers peers,
            ReplicaEvents events,
            Memberships memberships,
            Nonces nonces) {
        this.config = config;
        this.peers = peers;
        this.events = events;
        this.memberships = memberships;
        this.nonces = nonces;
        this.denials = new Seldom(config.electionTimeoutTicks());
        // Each member begins at most one round in a shortest time-out.
        this.costOfRound = config.electionTimeoutTicks();
        this.credit = mostCredit();
        Arrays.fill(askedTick, NEVER);
    }

    private long mostCredit() {
        return (long) BURST_ROUNDS * memberships.current().voters() * costOfRound;
    }

    @Override
    public void left(int number, long member) {
        question[number] = CLOSED;
        askedTick[number] = NEVER;
        doubted[number] = Ballot.NONE;
    }

    void start(long tick) {
        nowTick = tick;
    }

    void onTick(long tick) {
        long earned = (tick - nowTick) * memberships.current().voters();
        credit = Math.min(mostCredit(), credit + earned);
        nowTick = tick;
    }

    /** A ballot from the journal, or one of this node's own: it counts, however high. */
    void verified(long ballot) {
        known = Math.max(known, Ballot.round(ballot));
    }

    /**
     * Whether a ballot that a member spoke of counts. If not, the member is asked; when it stands
     * by the ballot, the message counts when it comes again, as all that carry ballots do.
     */
    boolean counts(long from, long ballot) {
        long rise = Ballot.round(ballot) - known;
        if (rise <= 0) {
            return true;
        }
        if (rise <= credit / costOfRound) {
            credit -= rise * costOfRound;
            known += rise;
            return true;
        }
        ask(from, ballot);
        return false;
    }

    private void ask(long from, long ballot) {
        int member = indexOf(from);
        if (nowTick - askedTick[member] < config.heartbeatTicks()) {
            return;
        }
        askedTick[member] = nowTick;
        doubted[member] = ballot;
        if (question[member] == CLOSED) {
            question[member] = nonces.next(member);
        }
        // The same number until it is answered: the answer may take longer than the patience.
        peers.to(MemberId.node(from)).question(config.self(), question[member]);
    }

    /** A member says what it stands by; that counts if it knows what only it was told. */
    void vouched(long from, long nonce, long ballot) {
        int member = indexOf(from);
        if (question[member] == CLOSED || nonce != question[member]) {
            return;
        }
        question[member] = CLOSED;
        verified(ballot);
        if (Ballot.round(doubted[member]) > known && denials.isDue(nowTick)) {
            events.warning(
                    "not followed: ballot "
                            + Ballot.text(doubted[member])
                            + " came under the name of node "
                            + MemberId.node(from)
                            + ", which itself stands by no ballot above "
                            + Ballot.text(ballot)
                            + " ("
                            + denials.count()
                            + " times so far): somebody forges messages");
        }
    }

    private int indexOf(long member) {
        return memberships.numberOf(member);
    }
}
