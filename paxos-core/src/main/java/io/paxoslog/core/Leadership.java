package io.paxoslog.core;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.collections.LongArrayQueue;

/**
 * What a leader does under its one ballot: proposes in slot order, counts votes, keeps in touch
 * with a quorum.
 */
final class Leadership {
    private static final int RESEND_BYTES = 256 * 1024;
    private static final int PROGRESS_TIMEOUTS = 3;
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final ReplicaConfig config;
    private final Peers peers;
    private final Learner learner;
    private final OpenSlots openSlots;
    private final Memberships memberships;
    private final AgreedTime time;
    private final OwnRoom room;
    private final int timeoutTicks;
    private final ServiceSurvey survey;
    private final AcceptedTally tally = new AcceptedTally();
    private final LongArrayQueue openBatches = new LongArrayQueue(Long.MIN_VALUE);
    private final long[] heardTick = new long[Membership.MAX_MEMBERS];
    private final long[] returningTick = new long[Membership.MAX_MEMBERS];
    private final long[] shortTick = new long[Membership.MAX_MEMBERS];
    private final long[] fullTick = new long[Membership.MAX_MEMBERS];
    private final long[] committedAt = new long[Membership.MAX_MEMBERS];
    private final Batch batch = new Batch();
    private final Batch range = new Batch();
    private long ballot;
    private OpenSlots reported;
    private long reportedUpTo;
    private long[] identities;
    private long nextSlot;
    private long openBytes;
    private long heartbeatTick;
    private long progressTick;
    private long openDecision;
    private boolean isQuorumShort;

    Leadership(
            ReplicaConfig config,
            Peers peers,
            Learner learner,
            OpenSlots openSlots,
            Memberships memberships,
            AgreedTime time,
            OwnRoom room,
            int timeoutTicks) {
        this.config = config;
        this.peers = peers;
        this.learner = learner;
        this.openSlots = openSlots;
        this.memberships = memberships;
        this.time = time;
        this.room = room;
        this.timeoutTicks = timeoutTicks;
        this.survey = new ServiceSurvey(timeoutTicks);
        Arrays.fill(returningTick, NEVER);
        Arrays.fill(shortTick, NEVER);
        Arrays.fill(fullTick, NEVER);
    }

    /** Phase 1 of this ballot is done. */
    void begin(long wonBallot, PromiseTally promises, long nowTick) {
        ballot = wonBallot;
        reported = promises.reported();
        reported.dropUpTo(learner.commitIndex());
        reportedUpTo = Math.max(learner.commitIndex(), reported.lastSlot());
        identities = promises.identities(memberships.current().size());
        nextSlot = learner.commitIndex() + 1;
        openBatches.clear();
        openBytes = 0;
        tally.begin();
        survey.begin();
        openDecision = 0;
        time.begin();
        // An accept quorum said yes to the canvass a moment ago; it gets one time-out to answer
        // again.
        Arrays.fill(heardTick, nowTick);
        Arrays.fill(committedAt, 0);
        lookForRoom(nowTick);
        progressTick = nowTick;
        proposeWhatWasReported();
        heartbeat(nowTick);
    }

    /** This node. */
    int node() {
        return MemberId.node(config.self());
    }

    /** The last slot proposed. */
    long lastSlot() {
        return nextSlot - 1;
    }

    /** Whether commands are taken: there is room for them where it takes some to choose them. */
    boolean takesCommands() {
        return isSettled() && hasRoom();
    }

    /**
     * Whether genesis is chosen, everything that Phase 1 reported is proposed again, and there is a
     * time to stamp on commands.
     */
    boolean isSettled() {
        return memberships.isFounded() && nextSlot > reportedUpTo && time.isKnown();
    }

    /**
     * Whether this node, which has to hold what it proposes, and an accept quorum have room for new
     * commands.
     */
    boolean hasRoom() {
        return room.isForCommands() && !isQuorumShort;
    }

    /** Proposes commands as one batch, or takes nothing when a bound would be passed. */
    boolean propose(int count, DirectBuffer entries, int offset, int length) {
        boolean hasRoom = openBytes == 0 || openBytes + length <= config.openBytesLimit();
        if (!takesCommands() || !hasRoom || count > slotsLeft()) {
            return false;
        }
        send(
                batch.slots(ballot, nextSlot, count)
                        .value(Batch.COMMANDS, ballot, time.stamp())
                        .bytes(entries, offset, length));
        return true;
    }

    /** Proposes a decision, or takes nothing when a bound would be passed. */
    boolean propose(Decision decision) {
        if (!isSettled() || slotsLeft() < 1 || isDeciding()) {
            return false;
        }
        ExpandableArrayBuffer entry = new ExpandableArrayBuffer();
        entry.putInt(0, Decision.BYTES, java.nio.ByteOrder.LITTLE_ENDIAN);
        decision.encode(entry, Batch.ENTRY_PREFIX_BYTES);
        openDecision = nextSlot;
        send(
                batch.slots(ballot, nextSlot, 1)
                        .value(Batch.DECISION, ballot, 0)
                        .bytes(entry, 0, Batch.ENTRY_PREFIX_BYTES + Decision.BYTES));
        return true;
    }

    /** Whether a decision of this ballot is not chosen yet. */
    boolean isDeciding() {
        return openDecision > learner.commitIndex();
    }

    /** What the members said about their state machines under this ballot. */
    ServiceSurvey survey() {
        return survey;
    }

    private long slotsLeft() {
        // Before genesis is chosen nobody knows what governs any slot but its own.
        long limit =
                memberships.isFounded()
                        ? learner.commitIndex() + memberships.current().openSlotLimit()
                        : config.base().foundingSlot();
        return Math.min(limit, Batch.MAX_SLOT - 1) - nextSlot + 1;
    }

    /** Proposes again what Phase 1 reported, gaps filled, as far as the window reaches. */
    void proposeWhatWasReported() {
        while (nextSlot <= reportedUpTo && slotsLeft() > 0) {
            proposeNextReported();
        }
        if (nextSlot == config.base().foundingSlot() && !memberships.isFounded()) {
            proposeGenesis();
        }
    }

    private void proposeNextReported() {
        long windowEnd = nextSlot + slotsLeft() - 1;
        int index = reported.firstEndingAtOrAfter(nextSlot);
        HeldRange held = reported.get(index);
        if (held.firstSlot > nextSlot) {
            long gapEnd =
                    Math.min(
                            Math.min(held.firstSlot - 1, windowEnd),
                            nextSlot + Integer.MAX_VALUE - 1);
            send(
                    batch.slots(ballot, nextSlot, (int) (gapEnd - nextSlot + 1))
                            .value(Batch.NO_OP, ballot, 0)
                            .noBytes());
            return;
        }
        batch.slice(held.view(range), nextSlot, windowEnd);
        send(batch.slots(ballot, batch.firstSlot(), batch.count()));
        reported.dropUpTo(batch.lastSlot());
    }

    private void proposeGenesis() {
        Membership genesis = Membership.genesis(config, identities);
        ExpandableArrayBuffer entry = new ExpandableArrayBuffer();
        int length = genesis.encode(entry, Batch.ENTRY_PREFIX_BYTES);
        entry.putInt(0, length, java.nio.ByteOrder.LITTLE_ENDIAN);
        send(
                batch.slots(ballot, nextSlot, 1)
                        .value(Batch.MEMBERSHIP, ballot, 0)
                        .bytes(entry, 0, Batch.ENTRY_PREFIX_BYTES + length));
    }

    private void send(Batch proposal) {
        nextSlot = proposal.lastSlot() + 1;
        openBatches.addLong(proposal.lastSlot());
        openBatches.addLong(proposal.length());
        openBytes += proposal.length();
        time.known(proposal.timestamp());
        peers.toAll().accept(config.self(), proposal, learner.commitIndex() + 1);
    }

    /** A member has accepted this ballot up to a slot. */
    void accepted(int member, long upTo, long nowTick) {
        heardTick[member] = nowTick;
        tally.accepted(member, Math.min(upTo, lastSlot()));
        commit(nowTick);
    }

    /** Moves the commit index to what a quorum has accepted, as far as it is held here too. */
    void commit(long nowTick) {
        Membership membership = memberships.current();
        long won = tally.wonUpTo(membership.size(), membership.acceptQuorum());
        if (won <= learner.commitIndex() || !learner.chosenUpTo(ballot, won)) {
            return;
        }
        progressTick = nowTick;
        while (!openBatches.isEmpty() && openBatches.peekLong() <= learner.commitIndex()) {
            openBatches.pollLong();
            openBytes -= openBatches.pollLong();
        }
        proposeWhatWasReported();
    }

    /** A member answered under this ballot. */
    void heard(int member, long commitIndex, long nonce, long wallClockNs, long nowTick) {
        heardTick[member] = nowTick;
        committedAt[member] = commitIndex;
        time.reported(member, nonce, wallClockNs);
    }

    /**
     * A member that may have forgotten votes answered. It can still be reached, and votes under
     * this ballot soon if that is one that leads it back.
     */
    void returning(int member, long promised, long nowTick) {
        returningTick[member] = nowTick;
        if (promised < ballot) {
            heardTick[member] = nowTick;
        }
    }

    /** A member said, to this leader or candidate, that it does not vote on new commands. */
    void lacksRoom(int member, boolean votesOnReported, long nowTick) {
        shortTick[member] = nowTick;
        fullTick[member] = votesOnReported ? NEVER : nowTick;
        lookForRoom(nowTick);
    }

    private void lookForRoom(long nowTick) {
        int lacking = within(shortTick, nowTick);
        isQuorumShort =
                lacking != 0
                        && !memberships
                                .current()
                                .acceptQuorum()
                                .isReachedBy(within(heardTick, nowTick) & ~lacking);
    }

    /** Whether an accept quorum could choose what was proposed, once it is proposed anew. */
    private boolean couldChooseReported(long nowTick) {
        int able = within(heardTick, nowTick) & ~within(fullTick, nowTick);
        return memberships
                .current()
                .acceptQuorum()
                .isReachedBy(room.isForReported() ? able : able & ~own());
    }

    /**
     * Whether commands could go on under another member: it has room, as has an accept quorum
     * without this node, and it is within a window of all that is chosen.
     */
    boolean hasSuccessorWithRoom(long nowTick) {
        Membership membership = memberships.current();
        int able = within(heardTick, nowTick) & ~within(shortTick, nowTick) & ~own();
        long slot = learner.commitIndex() - membership.openSlotLimit();
        boolean isAnyNear = false;
        for (int i = 0; i < membership.size(); i++) {
            isAnyNear |= (able & 1 << i) != 0 && committedAt[i] >= slot;
        }
        return isAnyNear && membership.acceptQuorum().isReachedBy(able);
    }

    private int own() {
        return 1 << memberships.current().indexOfNode(node());
    }

    /** Whether a prepare quorum of members that take part answered within one time-out. */
    boolean couldPrepare(long nowTick) {
        int able = within(heardTick, nowTick) & ~within(returningTick, nowTick);
        return memberships.current().prepareQuorum().isReachedBy(able);
    }

    void onTick(long nowTick) {
        lookForRoom(nowTick);
        if (nowTick >= heartbeatTick) {
            heartbeat(nowTick);
        }
    }

    private void heartbeat(long nowTick) {
        heartbeatTick = nowTick + config.heartbeatTicks();
        peers.toAll()
                .heartbeat(
                        config.self(),
                        ballot,
                        learner.commitIndex() + 1,
                        lastSlot(),
                        isConnected(nowTick),
                        time.newNonce(),
                        reportedUpTo);
    }

    /** Whether an accept quorum answered within one time-out. */
    boolean isConnected(long nowTick) {
        int heard = within(heardTick, nowTick);
        return memberships.current().acceptQuorum().isReachedBy(heard);
    }

    /** Members that something was heard of within one time-out, as a set. */
    private int within(long[] lastTick, long nowTick) {
        int set = 0;
        for (int i = 0; i < memberships.current().size(); i++) {
            if (nowTick - lastTick[i] <= timeoutTicks) {
                set |= 1 << i;
            }
        }
        return set;
    }

    /**
     * Whether slots are open and none was chosen for three time-outs. What nobody has room for, no
     * other leader gets chosen either; what only new commands have no room for, it does.
     */
    boolean isStuck(long nowTick) {
        if (lastSlot() <= learner.commitIndex() || !couldChooseReported(nowTick)) {
            progressTick = nowTick;
        }
        return nowTick - progressTick > (long) PROGRESS_TIMEOUTS * timeoutTicks;
    }

    /**
     * Sends open slots again to a member that missed them; a bounded number of bytes, it asks again
     * for more.
     */
    void resend(int node, long firstSlot, long lastSlot) {
        long floor = learner.commitIndex() + 1;
        long next = Math.max(firstSlot, floor);
        int bytes = 0;
        for (int i = openSlots.firstEndingAtOrAfter(next);
                i < openSlots.size() && bytes < RESEND_BYTES;
                i++) {
            HeldRange held = openSlots.get(i);
            if (held.firstSlot > lastSlot || held.ballot != ballot || held.isShed) {
                return;
            }
            batch.slice(held.view(range), next, held.lastSlot);
            peers.to(node).accept(config.self(), batch, floor);
            bytes += batch.length();
        }
    }
}
