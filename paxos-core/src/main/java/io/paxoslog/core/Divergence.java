package io.paxoslog.core;

import static io.paxoslog.core.Memberships.NOBODY;

import java.util.Arrays;

/**
 * Notices that state machines hold different things, though they were given the same commands.
 * Members tell each other, at slots that all agree on, a hash of what they applied. A hash that
 * differs from the one here counts once its sender has confirmed it under a number that it alone
 * was told; a missing one is no difference.
 *
 * <p>If most members agree on another hash, the state machine here halts, and begins again with a
 * snapshot of one of them. If most have told, and no hash is that of most, all halt.
 */
final class Divergence implements Roster.Keeper {
    private static final int PATIENCE_TIMEOUTS = 16;
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final ReplicaConfig config;
    private final Peers peers;
    private final CommittedLog committed;
    private final Snapshots snapshots;
    private final Memberships memberships;
    private final Nonces nonces;
    private final KeptLog kept;
    private final HashReports[] reports = new HashReports[Roster.MAX];
    private long nowTick;
    private long askTick = NEVER;
    private long wantTick = NEVER;
    private long doubtedFrom;
    private long doubtedSlot;
    private long doubtedTick;
    private long equalUpTo;
    private long differsAt;
    private boolean isMinority;
    private long rightSlot;
    private int rightMembers;
    private int source;

    Divergence(
            ReplicaConfig config,
            Peers peers,
            CommittedLog committed,
            Snapshots snapshots,
            Memberships memberships,
            Nonces nonces,
            KeptLog kept) {
        this.config = config;
        this.peers = peers;
        this.committed = committed;
        this.snapshots = snapshots;
        this.memberships = memberships;
        this.nonces = nonces;
        this.kept = kept;
        Arrays.setAll(reports, member -> new HashReports());
    }

    /** The service here has applied everything up to an agreed slot. */
    void applied(long slot, long hash) {
        own().confirmed(slot, hash);
        peers.toAll().hashed(config.self(), slot, hash, 0);
        judge(slot);
        for (int left = members(); left != 0; left &= left - 1) {
            askIfDoubtful(Integer.numberOfTrailingZeros(left), slot);
        }
    }

    /** Those whose word counts. */
    private int members() {
        return memberships.now().voters();
    }

    @Override
    public void left(int number, long member) {
        reports[number].clear();
        rightMembers &= ~(1 << number);
    }

    /** A member told its hash; with a number it answers a question of this one. */
    void hashed(long from, long slot, long hash, long nonce) {
        HashReports its = reports[indexOf(from)];
        if (its == own()) {
            return;
        }
        if (nonce == 0) {
            its.heard(slot, hash, nonces.next(indexOf(from)));
        } else if (its.has(slot) && its.nonce(slot) == nonce) {
            its.confirmed(slot, hash);
        } else {
            return;
        }
        judge(slot);
        askIfDoubtful(indexOf(from), slot);
    }

    /** A member asks whether this one stands by what was told under its name. */
    void asked(long from, long nonce, long slot) {
        if (nonce != 0 && own().has(slot)) {
            peers.to(MemberId.node(from)).hashed(config.self(), slot, own().hash(slot), nonce);
        }
    }

    /** An answer may be lost, and so may a question. */
    void onTick(long tick) {
        nowTick = tick;
        if (tick >= askTick) {
            askTick = tick + config.heartbeatTicks();
            for (int left = members(); left != 0; left &= left - 1) {
                askAgain(Integer.numberOfTrailingZeros(left));
            }
            judge(doubtedSlot);
        }
        if (isMinority && tick >= wantTick) {
            wantTick = tick + config.electionTimeoutTicks();
            wantSnapshot();
        }
    }

    private void askAgain(int member) {
        for (int i = 0; i < HashReports.KEPT; i++) {
            askIfDoubtful(member, reports[member].slot(i));
        }
    }

    private void askIfDoubtful(int member, long slot) {
        if (isDoubtful(reports[member], slot)) {
            peers.to(memberships.node(member))
                    .askHash(config.self(), reports[member].nonce(slot), slot);
        }
    }

    /** It would be a difference, and nobody knows who said so. */
    private boolean isDoubtful(HashReports its, long slot) {
        return !isMinority
                && own().has(slot)
                && its.has(slot)
                && its.hash(slot) != own().hash(slot)
                && !its.isConfirmed(slot);
    }

    /** Nothing is judged twice over: who is in the minority stays so until it begins again. */
    private void judge(long slot) {
        if (isMinority || !own().has(slot)) {
            return;
        }
        long ownHash = own().hash(slot);
        if (isOfMost(votesFor(slot, ownHash))) {
            equal(slot);
            return;
        }
        for (int left = members(); left != 0; left &= left - 1) {
            int i = Integer.numberOfTrailingZeros(left);
            if (counts(i, slot) && isOfMost(votesFor(slot, reports[i].hash(slot)))) {
                isMinority = true;
                rightSlot = slot;
                rightMembers = membersWith(slot, reports[i].hash(slot));
                differs(slot);
                return;
            }
        }
        if (differsAt == 0 && isOutOfHope(slot)) {
            differs(doubtedSlot == 0 ? slot : doubtedFrom);
        }
    }

    private void equal(long slot) {
        if (differsAt == 0) {
            equalUpTo = Math.max(equalUpTo, slot);
        }
        if (slot >= doubtedSlot) {
            doubtedSlot = 0;
        }
    }

    private void differs(long slot) {
        differsAt = differsAt == 0 ? slot : differsAt;
        committed.diverged(equalUpTo, differsAt, isMinority);
    }

    /** Most have told, and those who have not cannot help, or are silent for long. */
    private boolean isOutOfHope(long slot) {
        int told = 0;
        int largest = 0;
        for (int left = members(); left != 0; left &= left - 1) {
            int i = Integer.numberOfTrailingZeros(left);
            if (counts(i, slot)) {
                told++;
                largest = Math.max(largest, votesFor(slot, reports[i].hash(slot)));
            }
        }
        if (!isOfMost(told) || largest == told) {
            return false;
        }
        int missing = memberships.current().voters() - told;
        return !isOfMost(largest + missing) || isPatienceOver(slot);
    }

    private boolean isPatienceOver(long slot) {
        if (doubtedSlot == 0) {
            doubtedFrom = slot;
            doubtedTick = nowTick;
        }
        doubtedSlot = Math.max(doubtedSlot, slot);
        return nowTick - doubtedTick >= (long) PATIENCE_TIMEOUTS * config.electionTimeoutTicks();
    }

    private int votesFor(long slot, long hash) {
        return Integer.bitCount(membersWith(slot, hash));
    }

    private int membersWith(long slot, long hash) {
        int members = 0;
        for (int left = members(); left != 0; left &= left - 1) {
            int i = Integer.numberOfTrailingZeros(left);
            members |= counts(i, slot) && reports[i].hash(slot) == hash ? 1 << i : 0;
        }
        return members;
    }

    private boolean counts(int member, long slot) {
        HashReports its = reports[member];
        return its.has(slot) && (its.isConfirmed(slot) || its.hash(slot) == own().hash(slot));
    }

    private boolean isOfMost(int votes) {
        return votes >= ReplicaConfig.majorityOf(memberships.current().voters());
    }

    /** From those whose hash is that of most, one after the other. */
    private void wantSnapshot() {
        int next = memberships.nextOther(source, member -> (rightMembers & 1 << member) != 0);
        if (next != NOBODY) {
            source = next;
            snapshots.wanted(memberships.node(next), usefulAbove());
        }
    }

    /** A snapshot that is to help must reach beyond the difference, and join the log here. */
    private long usefulAbove() {
        return Math.max(rightSlot, kept.firstKept() - 1) - 1;
    }

    /** Snapshots up to this slot are of no use to a node that knows so much chosen. */
    long snapshotsUsefulAbove(long commitIndex) {
        return isMinority ? usefulAbove() : commitIndex;
    }

    /** First agreed slot at which what is applied here differs; 0 for none. */
    long differsAt() {
        return differsAt;
    }

    /** Last agreed slot at which what is applied here is what most applied; 0 for none. */
    long equalUpTo() {
        return equalUpTo;
    }

    /** What is applied here is as a snapshot of another node has it: all begins anew. */
    void begunAnew() {
        equalUpTo = isMinority ? rightSlot : 0;
        isMinority = false;
        differsAt = 0;
        doubtedSlot = 0;
        own().clear();
    }

    private HashReports own() {
        return reports[memberships.own()];
    }

    private int indexOf(long member) {
        return memberships.numberOf(member);
    }
}
