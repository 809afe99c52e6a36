package io.paxoslog.core;

import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.collections.LongArrayQueue;

/**
 * What a leader does under its one ballot: proposes in slot order, counts votes, keeps in touch
 * with a quorum.
 */
final class Leadership implements Roster.Keeper {
    private static final int RESEND_BYTES = 256 * 1024;
    private static final int PROGRESS_TIMEOUTS = 3;

    /** How long members are waited for that may only be slow to answer. */
    private static final int ABSENT_TIMEOUTS = 10;

    private static final int FAR_FREER = 4;
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final ReplicaConfig config;
    private final Peers peers;
    private final Learner learner;
    private final OpenSlots openSlots;
    private final Memberships memberships;
    private final AgreedTime time;
    private final OwnRoom room;
    private final ElectionTimer timer;
    private final ServiceSurvey survey;
    private final Establishing establishing;
    private final OwnPace pace;
    private final Lease lease;
    private final AcceptedTally tally = new AcceptedTally();
    private final LongArrayQueue openBatches = new LongArrayQueue(Long.MIN_VALUE);
    private final long[] heardTick = new long[Roster.MAX];
    private final long[] returningTick = new long[Roster.MAX];
    private final long[] shortTick = new long[Roster.MAX];
    private final long[] fullTick = new long[Roster.MAX];
    private final long[] committedAt = new long[Roster.MAX];
    private final int[] priority = new int[Roster.MAX];
    private final int[] stalled = new int[Roster.MAX];
    private int near;
    private final long[] told = new long[Roster.MAX];
    private final long[] toldTick = new long[Roster.MAX];
    private final Batch batch = new Batch();
    private final Batch range = new Batch();
    private long ballot;
    private OpenSlots reported;
    private long reportedUpTo;
    private long[] identities;
    private Version founders = Version.FIRST;
    private long nextSlot;
    private long openBytes;
    private long heartbeatTick;
    private long saidChosen;
    private long saidChosenTick;
    private long progressTick;
    private long openDecision;
    private long openChange;
    private long startSlot;
    private long fillUpTo;
    private long knownSlot;
    private long knownTick;
    private boolean isQuorumShort;
    private boolean isClosed;
    private boolean isOffered;

    Leadership(
            ReplicaConfig config,
            Peers peers,
            Learner learner,
            OpenSlots openSlots,
            Memberships memberships,
            AgreedTime time,
            OwnRoom room,
            ElectionTimer timer) {
        this.config = config;
        this.peers = peers;
        this.learner = learner;
        this.openSlots = openSlots;
        this.memberships = memberships;
        this.time = time;
        this.room = room;
        this.timer = timer;
        this.survey = new ServiceSurvey(timer.longestTicks());
        this.establishing = new Establishing(config, peers, memberships);
        this.pace = new OwnPace(config.heartbeatTicks(), timer.longestTicks());
        this.lease = new Lease(config.leaseTicks());
        memberships.roster().keptBy(this);
        memberships.roster().keptBy(survey);
        memberships.roster().keptBy(tally);
        memberships.roster().keptBy(lease);
        Arrays.fill(returningTick, NEVER);
        Arrays.fill(shortTick, NEVER);
        Arrays.fill(fullTick, NEVER);
        Arrays.fill(toldTick, NEVER);
    }

    @Override
    public void joined(int number, long member, String address) {
        left(number, member);
    }

    @Override
    public void left(int number, long member) {
        heardTick[number] = NEVER;
        returningTick[number] = NEVER;
        shortTick[number] = NEVER;
        fullTick[number] = NEVER;
        committedAt[number] = 0;
        priority[number] = 0;
        stalled[number] = 0;
        near &= ~(1 << number);
        toldTick[number] = NEVER;
    }

    /** Phase 1 of this ballot is done in the membership that governs its first slot. */
    void begin(long wonBallot, PromiseTally promises, long nowTick) {
        ballot = wonBallot;
        reported = promises.reported();
        reported.dropUpTo(learner.commitIndex());
        reportedUpTo = Math.max(learner.commitIndex(), reported.lastSlot());
        identities = promises.identities(memberships.current().size());
        founders = promises.known(memberships.current().size());
        nextSlot = learner.commitIndex() + 1;
        startSlot = nextSlot;
        fillUpTo = 0;
        openChange = 0;
        openDecision = 0;
        noteOpen();
        establishing.begin(wonBallot, promises);
        openBatches.clear();
        openBytes = 0;
        tally.begin();
        survey.begin();
        isClosed = false;
        isOffered = false;
        pace.begin(learner.commitIndex());
        time.begin();
        lease.begin(time.nextNonce());
        // An accept quorum said yes to the canvass a moment ago; it gets one time-out to answer
        // again.
        Arrays.fill(heardTick, nowTick);
        Arrays.fill(committedAt, 0);
        Arrays.fill(priority, 0);
        Arrays.fill(stalled, 0);
        near = 0;
        Arrays.fill(toldTick, NEVER);
        lookForRoom(nowTick);
        progressTick = nowTick;
        room.leads();
        knownSlot = memberships.slot();
        knownTick = nowTick;
        fillUpToChange();
        establish();
        proposeWhatWasReported();
        heartbeat(nowTick);
        saidChosenTick = nowTick;
    }

    /** This node. */
    int node() {
        return MemberId.node(config.self());
    }

    /** The one that it leads under, or did. */
    long ballot() {
        return ballot;
    }

    /** The last slot proposed. */
    long lastSlot() {
        return nextSlot - 1;
    }

    /**
     * Whether commands are taken, if perhaps not at once: there is room for them where it takes
     * some to choose them. While a window is filled before a change they wait, as behind any bound;
     * nobody has to send them again.
     */
    boolean takesCommands() {
        return isThroughWithReported() && hasRoom();
    }

    /**
     * Whether genesis is chosen, everything that Phase 1 reported is proposed again, no window is
     * left to be filled before a change, and there is a time to stamp on commands.
     */
    boolean isSettled() {
        return isThroughWithReported() && nextSlot > fillUpTo;
    }

    private boolean isThroughWithReported() {
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
        boolean fits = openBytes == 0 || openBytes + length <= config.openBytesLimit();
        boolean isReady = !isClosed && isSettled() && hasRoom();
        if (!isReady || !fits || count > slotsLeft()) {
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
        if (isClosed || !isSettled() || slotsLeft() < 1 || isDeciding()) {
            return false;
        }
        ExpandableArrayBuffer entry = new ExpandableArrayBuffer();
        entry.putInt(0, Decision.BYTES, ByteOrder.LITTLE_ENDIAN);
        decision.encode(entry, Batch.ENTRY_PREFIX_BYTES);
        openDecision = nextSlot;
        send(
                batch.slots(ballot, nextSlot, 1)
                        .value(Batch.DECISION, ballot, 0)
                        .bytes(entry, 0, Batch.ENTRY_PREFIX_BYTES + Decision.BYTES));
        return true;
    }

    /**
     * Proposes a membership, and no-ops behind it up to the end of the window, so that it comes
     * into force as soon as that is chosen; or takes nothing when a bound would be passed.
     */
    boolean propose(Membership change) {
        if (isClosed || !isSettled() || slotsLeft() < 1 || isChanging()) {
            return false;
        }
        proposeEntry(change);
        openChange = lastSlot();
        fillUpTo = lastSlot() + memberships.current().openSlotLimit() - 1;
        proposeWhatWasReported();
        return true;
    }

    private void proposeEntry(Membership membership) {
        ExpandableArrayBuffer entry = new ExpandableArrayBuffer();
        int length = membership.encode(entry, Batch.ENTRY_PREFIX_BYTES);
        entry.putInt(0, length, ByteOrder.LITTLE_ENDIAN);
        send(
                batch.slots(ballot, nextSlot, 1)
                        .value(Batch.MEMBERSHIP, ballot, 0)
                        .bytes(entry, 0, Batch.ENTRY_PREFIX_BYTES + length));
    }

    /** Whether a membership is proposed and not chosen yet, or chosen and not in force. */
    boolean isChanging() {
        return openChange > learner.commitIndex() || memberships.next() != null;
    }

    /** Whether something that was first proposed under this ballot, or again, is chosen. */
    boolean hasChosenOwn() {
        return learner.commitIndex() >= startSlot;
    }

    /**
     * Whether nothing that any lower ballot got chosen is unknown here: all that Phase 1 reported
     * is chosen, and it is done in the membership of the slot behind the commit index.
     */
    boolean knowsWhatWasReported() {
        return memberships.isFounded()
                && learner.commitIndex() >= reportedUpTo
                && learner.commitIndex() < establishing.lastProposable();
    }

    /**
     * Whether nobody can have been elected above this ballot by now, so that whatever else is
     * chosen is chosen by this leader, and whatever was chosen before is known here.
     */
    boolean holdsLease(long tick) {
        return knowsWhatWasReported() && lease.runs(memberships.now(), memberships.own(), tick);
    }

    /** How far a member has voted under this ballot. */
    long votedUpTo(int member) {
        return tally.upTo(member);
    }

    /** Of a ballot that has proposed nothing yet nothing would ever be chosen. */
    void proposeNoOpIfIdle() {
        if (!isClosed && nextSlot == startSlot && slotsLeft() > 0) {
            proposeNoOps(nextSlot);
        }
    }

    /** In which memberships this ballot is established. */
    Establishing establishing() {
        return establishing;
    }

    /** Members that promised this ballot, answered lately, and are near. */
    int promisedAndNear(long nowTick) {
        return establishing.promisedBelow(nextSlot) & answeringAndNear(nowTick);
    }

    /** Members that answered lately, as a set. */
    int answering(long nowTick) {
        return within(heardTick, nowTick);
    }

    /** Members that something was heard of in so many ticks, if only that they return, as a set. */
    int heardWithin(int ticks, long nowTick) {
        return within(heardTick, ticks, nowTick) | within(returningTick, ticks, nowTick);
    }

    /** Members that answered lately, and are near. */
    int answeringAndNear(long nowTick) {
        long slot = nearSlot();
        return Roster.only(answering(nowTick), member -> committedAt[member] >= slot);
    }

    /**
     * Whether no other member knows that a slot is chosen, and those that answer, and said so,
     * could promise another ballot without this one.
     */
    boolean isAloneToKnow(long slot, long nowTick) {
        int others = answering(nowTick) & ~own();
        int unaware =
                Roster.only(
                        others, member -> toldTick[member] != NEVER && committedAt[member] < slot);
        int aware = Roster.only(others, member -> committedAt[member] >= slot);
        return aware == 0 && memberships.now().isPrepareQuorum(unaware);
    }

    /**
     * Who knows this slot chosen is near: within a window of all that is. However short the log is,
     * that is more than nothing: a member that does not know the log knows of no other to get it
     * from once those before it are gone.
     */
    long nearSlot() {
        long slot = learner.commitIndex() - memberships.current().openSlotLimit();
        return Math.max(1, slot);
    }

    /** Members of which something was heard after a tick. */
    int heardSince(long tick) {
        int set = 0;
        for (int i = 0; i < memberships.roster().end(); i++) {
            set |= heardTick[i] > tick ? 1 << i : 0;
        }
        return set;
    }

    /** More has been promised to this ballot. */
    void promised() {
        establish();
        proposeWhatWasReported();
    }

    /**
     * What one more membership reported counts from the next slot on: below it this ballot has made
     * its choice, and nobody who promised it has seen anything else chosen there.
     */
    private void establish() {
        while (establishing.isDone(nextSlot)) {
            reported.dropUpTo(nextSlot - 1);
            reportedUpTo = Math.max(reportedUpTo, reported.lastSlot());
            noteOpen();
        }
    }

    private static boolean isAboutVersions(Batch batch) {
        return batch.kind() == Batch.DECISION && Decision.of(batch).kind() == Decision.Kind.VERSION;
    }

    /** Members do not change while what is agreed may, whoever has proposed either. */
    private void noteOpen() {
        for (int i = 0; i < reported.size(); i++) {
            HeldRange held = reported.get(i);
            held.view(range);
            if (range.kind() == Batch.MEMBERSHIP) {
                openChange = Math.max(openChange, held.firstSlot);
            } else if (isAboutVersions(range)) {
                openDecision = Math.max(openDecision, held.firstSlot);
            }
        }
    }

    /** A membership may have become known with what was chosen. */
    private void followMembership(long nowTick) {
        if (knownSlot == memberships.slot()) {
            return;
        }
        knownSlot = memberships.slot();
        knownTick = nowTick;
        for (int left = memberships.newest().members(); left != 0; left &= left - 1) {
            int member = Integer.numberOfTrailingZeros(left);
            // Who is new to this leader gets one time-out to answer.
            heardTick[member] = heardTick[member] == NEVER ? nowTick : heardTick[member];
        }
        fillUpToChange();
        establish();
        establishing.ask();
    }

    /**
     * A change comes into force by slots, so a leader does not wait for commands to fill them; nor
     * does whoever was removed, who may stop once something is chosen without it.
     */
    private void fillUpToChange() {
        fillUpTo = memberships.newest().firstSlot();
    }

    /** Those of some members that have told this leader lately that they lack a version. */
    int lacking(int members, Version wanted, long nowTick) {
        return Roster.only(
                members & within(toldTick, nowTick),
                member -> !Version.of(told[member]).covers(wanted));
    }

    /**
     * Which members of the membership are not known to know a version.
     *
     * @return for people: each with what it knows; empty when all do
     */
    String whoLacks(Version wanted, long nowTick) {
        int members = memberships.members();
        int silent = members & ~within(toldTick, nowTick);
        int named = silent | lacking(members, wanted, nowTick);
        StringBuilder text = new StringBuilder();
        for (int left = named; left != 0; left &= left - 1) {
            int member = Integer.numberOfTrailingZeros(left);
            text.append(text.isEmpty() ? "node " : ", node ").append(memberships.node(member));
            text.append(
                    (silent & 1 << member) != 0
                            ? " has not told lately what it knows"
                            : " knows " + Version.of(told[member]));
        }
        return text.toString();
    }

    /** Whether a decision of this ballot, or a reported one about versions, is not chosen yet. */
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
                        ? memberships.lastProposable(learner.commitIndex())
                        : config.base().foundingSlot();
        limit = Math.min(limit, establishing.lastProposable());
        if (nextSlot <= memberships.lastGoverned()) {
            // Nothing crosses the first slot of a membership.
            limit = Math.min(limit, memberships.lastGoverned());
        }
        return Math.min(limit, Batch.MAX_SLOT - 1) - nextSlot + 1;
    }

    /**
     * Proposes again what Phase 1 reported, gaps and the window before a change filled, as far as
     * the window reaches.
     */
    void proposeWhatWasReported() {
        while (nextSlot <= Math.max(reportedUpTo, fillUpTo) && slotsLeft() > 0) {
            proposeNextReported();
        }
        if (nextSlot == config.base().foundingSlot() && !memberships.isFounded()) {
            proposeGenesis();
        }
    }

    private void proposeNextReported() {
        long windowEnd = nextSlot + slotsLeft() - 1;
        int index = reported.firstEndingAtOrAfter(nextSlot);
        if (index == reported.size()) {
            proposeNoOps(Math.min(Math.max(reportedUpTo, fillUpTo), windowEnd));
            return;
        }
        HeldRange held = reported.get(index);
        if (held.firstSlot > nextSlot) {
            proposeNoOps(Math.min(held.firstSlot - 1, windowEnd));
            return;
        }
        batch.slice(held.view(range), nextSlot, windowEnd);
        send(batch.slots(ballot, batch.firstSlot(), batch.count()));
        reported.dropUpTo(lastSlot());
    }

    private void proposeNoOps(long upTo) {
        long last = Math.min(upTo, nextSlot + Integer.MAX_VALUE - 1);
        send(
                batch.slots(ballot, nextSlot, (int) (last - nextSlot + 1))
                        .value(Batch.NO_OP, ballot, 0)
                        .noBytes());
    }

    private void proposeGenesis() {
        Version agreed = founders.lowest(config.knows().newest());
        proposeEntry(Membership.genesis(config, identities).foundedAt(agreed));
    }

    private void send(Batch proposal) {
        assert !isOffered : "proposes under a ballot that it has handed over";
        nextSlot = proposal.lastSlot() + 1;
        openBatches.addLong(proposal.lastSlot());
        openBatches.addLong(proposal.length());
        openBytes += proposal.length();
        time.known(proposal.timestamp());
        saidChosen = learner.commitIndex();
        peers.toAll().accept(config.self(), proposal, saidChosen + 1);
    }

    /** A member has accepted this ballot up to a slot. */
    void accepted(int member, long upTo, long nowTick) {
        heardTick[member] = nowTick;
        tally.accepted(member, Math.min(upTo, lastSlot()));
        commit(nowTick);
    }

    /** Moves the commit index to what a quorum has accepted, as far as it is held here too. */
    void commit(long nowTick) {
        boolean hasMoved = false;
        long counted;
        do {
            counted = memberships.now().slot();
            hasMoved |= learner.chosenUpTo(ballot, wonUpTo());
        } while (counted != memberships.now().slot());
        if (!hasMoved) {
            return;
        }
        progressTick = nowTick;
        followMembership(nowTick);
        while (!openBatches.isEmpty() && openBatches.peekLong() <= learner.commitIndex()) {
            openBatches.pollLong();
            openBytes -= openBatches.pollLong();
        }
        proposeWhatWasReported();
        sayAllChosen(nowTick);
    }

    /**
     * The next accept tells members what is chosen by now. Where none is to come they are told at
     * once, though only once a tick: whoever follows or reads there waits for nothing else.
     */
    private void sayAllChosen(long nowTick) {
        boolean isKnown = saidChosen == learner.commitIndex();
        if (isKnown || lastSlot() > learner.commitIndex() || nowTick == saidChosenTick) {
            return;
        }
        saidChosen = lastSlot();
        saidChosenTick = nowTick;
        peers.toAll().allChosen(config.self(), ballot, saidChosen);
    }

    /** Each slot is chosen by its own membership: votes count up to where the next one begins. */
    private long wonUpTo() {
        Tenure now = memberships.now();
        long won = tally.wonUpTo(now.voters(), now.membership().acceptQuorum());
        return Math.min(won, memberships.lastGoverned());
    }

    /** A member answered under this ballot. */
    void heard(
            int member,
            long commitIndex,
            long nonce,
            long wallClockNs,
            int itsPriority,
            long knows,
            int itsStalled,
            int granted,
            long nowTick) {
        heardTick[member] = nowTick;
        told[member] = knows;
        toldTick[member] = nowTick;
        committedAt[member] = commitIndex;
        priority[member] = itsPriority;
        stalled[member] = itsStalled;
        near = commitIndex >= nearSlot() ? near | 1 << member : near & ~(1 << member);
        time.reported(member, nonce, wallClockNs);
        lease.granted(member, nonce, granted);
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
                lacking != 0 && !memberships.couldAccept(within(heardTick, nowTick) & ~lacking);
    }

    /** Whether an accept quorum is heard that only for want of room can choose nothing at all. */
    private boolean isHeldUpByRoom(long nowTick) {
        int heard = within(heardTick, nowTick);
        int able = heard & ~within(fullTick, nowTick);
        return memberships.couldAccept(heard)
                && !memberships.couldAccept(room.isForReported() ? able : able & ~own());
    }

    /**
     * Whether commands could go on under another member: it has room, as has an accept quorum
     * without this node, and it is within a window of all that is chosen.
     */
    boolean hasSuccessorWithRoom(long nowTick) {
        int able = within(heardTick, nowTick) & ~within(shortTick, nowTick) & ~own();
        return successors(nowTick) != 0 && memberships.couldAccept(able);
    }

    /**
     * Members to come or in force, but for this node, that could lead at once: they take part, can
     * take commands, and are within a window of all that is chosen.
     */
    int successors(long nowTick) {
        return Roster.only(
                memberships.newest().voters() & ~own(),
                member -> isNear(member, nowTick) && isAble(member, nowTick));
    }

    /** Whether a member answered lately, and knew then all that was chosen but for a window. */
    boolean isNear(int member, long nowTick) {
        return isHeard(member, nowTick) && (near & 1 << member) != 0;
    }

    /** Whether a member answered within one time-out. */
    boolean isHeard(int member, long nowTick) {
        return (within(heardTick, nowTick) & 1 << member) != 0;
    }

    /** Whether a member takes part, and could take commands, as far as it has said. */
    boolean isAble(int member, long nowTick) {
        int unable = within(returningTick, nowTick) | within(shortTick, nowTick);
        return priority[member] != PeerMessages.UNABLE && (unable & 1 << member) == 0;
    }

    /** Of these members those that are to lead rather than whoever has a priority. */
    int above(int ownPriority, int members) {
        return Roster.only(members, member -> priority[member] > ownPriority);
    }

    /** Of these members those that had far more turns than a node that lost so much of its time. */
    int freerThan(int lost, int members) {
        return Roster.only(members, member -> stalled[member] <= lost / FAR_FREER);
    }

    /** Of these members those that have voted for all that is chosen. */
    int upToDate(int members) {
        return Roster.only(members, member -> tally.upTo(member) >= learner.commitIndex());
    }

    /** Of these members the one that is to lead before the others; {@link Memberships#NOBODY}. */
    int best(int members) {
        int best = Memberships.NOBODY;
        for (int left = members; left != 0; left &= left - 1) {
            int member = Integer.numberOfTrailingZeros(left);
            best = best == Memberships.NOBODY || isBetter(member, best) ? member : best;
        }
        return best;
    }

    private boolean isBetter(int member, int than) {
        return priority[member] == priority[than]
                ? tally.upTo(member) > tally.upTo(than)
                : priority[member] > priority[than];
    }

    /** Whether its own votes have been far behind those of others for a whole time-out. */
    boolean isSlow() {
        return pace.isSlow();
    }

    /** Takes nothing new from now on, and says of it what it says of any full bound. */
    void close() {
        isClosed = true;
    }

    boolean isClosed() {
        return isClosed;
    }

    /** Takes commands again. */
    void reopen() {
        isClosed = false;
    }

    /** Whether nothing is open any more, and nothing is about to be proposed by itself. */
    boolean isAllChosen() {
        return isSettled() && !isChanging() && lastSlot() == learner.commitIndex();
    }

    /** Whether a member has voted, under this ballot, for all that was proposed. */
    boolean hasVotedForAll(int member) {
        return tally.upTo(member) >= lastSlot();
    }

    /**
     * Tells a node that holds everything that it is to lead. All hear first that everything is
     * chosen, so that nothing has to be proposed again, and that this leader counts on no lease any
     * more, so that they may promise.
     */
    void offer(int node, long nowTick) {
        isOffered = true;
        lease.giveUp();
        heartbeat(nowTick);
        peers.to(node).handOver(config.self(), ballot, lastSlot());
    }

    private int own() {
        return 1 << memberships.own();
    }

    /** Whether a prepare quorum of members that take part answered within one time-out. */
    boolean couldPrepare(long nowTick) {
        int able = within(heardTick, nowTick) & ~within(returningTick, nowTick);
        return memberships.couldPrepare(able);
    }

    void onTick(long nowTick) {
        lookForRoom(nowTick);
        if (nowTick >= heartbeatTick) {
            pace.beat(learner.commitIndex(), tally.upTo(memberships.own()));
            heartbeat(nowTick);
            establishing.ask();
        }
        sayAllChosen(nowTick);
    }

    private void heartbeat(long nowTick) {
        heartbeatTick = nowTick + config.heartbeatTicks();
        long nonce = time.newNonce();
        saidChosen = learner.commitIndex();
        peers.toAll()
                .heartbeat(
                        config.self(),
                        ballot,
                        saidChosen + 1,
                        lastSlot(),
                        isConnected(nowTick),
                        nonce,
                        saidReported(),
                        takenOver(nowTick),
                        lease.ask(nonce, nowTick));
    }

    /**
     * Whoever returns must hold what the ballot was told in every membership it may have voted in.
     * While those are not all known, or not all have told, nobody returns.
     */
    private long saidReported() {
        boolean isKnown = openChange <= learner.commitIndex() && establishing.isComplete();
        return isKnown || !memberships.isFounded() ? reportedUpTo : Long.MAX_VALUE;
    }

    /**
     * Slot of the membership in force once its accept quorum needs nobody else, and none of its
     * voters needs those before it to find the others; 0 before.
     */
    private long takenOver(long nowTick) {
        Tenure now = memberships.now();
        int holding = Roster.only(now.voters(), member -> committedAt[member] >= now.firstSlot());
        int unaware = Roster.only(now.voters(), member -> committedAt[member] < now.slot());
        boolean isDone = now.isAcceptQuorum(holding) && awaited(unaware, knownTick, nowTick) == 0;
        return isDone ? now.slot() : 0;
    }

    /** Of some members those that answer, and for a while the others, too. */
    int awaited(int members, long sinceTick, long nowTick) {
        boolean isEarly = nowTick - sinceTick < (long) ABSENT_TIMEOUTS * timer.longestTicks();
        return isEarly ? members : members & answering(nowTick);
    }

    /** Whether an accept quorum of each membership in the window answered within one time-out. */
    boolean isConnected(long nowTick) {
        return memberships.couldAccept(within(heardTick, nowTick));
    }

    /**
     * Whether this node votes no more, and those who do have taken over: before they know that they
     * are members none of them would lead.
     */
    boolean isReplaced(long nowTick) {
        return !memberships.newest().votes(memberships.own())
                && takenOver(nowTick) == memberships.newest().slot();
    }

    /** Members that something was heard of within one time-out, as a set. */
    private int within(long[] lastTick, long nowTick) {
        return within(lastTick, timer.longestNow(), nowTick);
    }

    private int within(long[] lastTick, int ticks, long nowTick) {
        int set = 0;
        for (int i = 0; i < memberships.roster().end(); i++) {
            if (nowTick - lastTick[i] <= ticks) {
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
        if (lastSlot() <= learner.commitIndex() || isHeldUpByRoom(nowTick)) {
            progressTick = nowTick;
        }
        return nowTick - progressTick > (long) PROGRESS_TIMEOUTS * timer.longestNow();
    }

    /**
     * Whether this node has room by now for what it proposed while it had none, and so did not vote
     * on: what is sent again comes from what it holds, and this nobody sends again.
     */
    boolean lacksOwnVotes() {
        return room.isForReported() && room.refusedOwnUpTo() > learner.commitIndex();
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
