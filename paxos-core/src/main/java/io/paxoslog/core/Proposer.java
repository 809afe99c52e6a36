package io.paxoslog.core;

import org.agrona.DirectBuffer;

/**
 * The road to leadership and back: follows, canvasses, runs Phase 1 once per ballot, leads, gives
 * way.
 */
final class Proposer implements Roster.Keeper {
    private static final int HANDICAP_TIMEOUTS = 2;

    /** For how long it leads before it looks whether another is to lead rather. */
    private static final int QUIET_TIMEOUTS = 20;

    /** Percent of the time without turns from which on a leader looks for one that has more. */
    private static final int MUCH_LOST = 50;

    /** Anybody may say that a member returns, and each time costs a leader its ballot. */
    private static final int RENEWAL_TIMEOUTS = 20;

    /** A candidate that gets nothing of what others know chosen for so long goes on without. */
    private static final int VAIN_HEARTBEATS = 2;

    private final ReplicaConfig config;
    private final Peers peers;
    private final JournalRecords journal;
    private final ReplicaEvents events;
    private final Acceptor acceptor;
    private final Learner learner;
    private final Memberships memberships;
    private final CatchUp catchUp;
    private final Leadership leadership;
    private final ElectionTimer timer;
    private final Holds holds;
    private final Repair repair;
    private final KnownRounds rounds;
    private final WayBack wayBack;
    private final OwnRoom room;
    private final OwnTurns turns;
    private final Grant grant;
    private final Preparation preparation;
    private final Transfer transfer;
    private final Restraint wayGiven;
    private final Restraint slowness;
    private final Restraint preference;
    private final Replacement replacement;
    private final Candidacies candidacies;
    private final PromiseTally promises = new PromiseTally();
    private final int node;

    private Role role = Role.FOLLOWING;
    private long nowTick;
    private long graceEndTick;
    private long highestSeen;
    private long ballot;
    private int leader;
    private long leaderBallot;
    private int granted;
    private int reachable;
    private final CommitIndexes commits = new CommitIndexes();
    private long commitThen;
    private long vainSinceTick;
    private long prepareFrom;
    private long askAgainTick;
    private boolean saidBallotsUsedUp;
    private long hadRoomTick;
    private long quietSinceTick;
    private long ledSinceTick;
    private long sharedTick;
    private int priority;
    private boolean isLeaving;
    private boolean isHandedOver;
    private String transferRefusal = "";
    private boolean isRenewing;
    private long mayRenewTick;

    Proposer(
            ReplicaConfig config,
            Peers peers,
            JournalRecords journal,
            ReplicaEvents events,
            Acceptor acceptor,
            Learner learner,
            Memberships memberships,
            Decisions decisions,
            CatchUp catchUp,
            Leadership leadership,
            ElectionTimer timer,
            Holds holds,
            Repair repair,
            KnownRounds rounds,
            WayBack wayBack,
            OwnRoom room,
            OwnTurns turns,
            Grant grant) {
        this.config = config;
        this.peers = peers;
        this.journal = journal;
        this.events = events;
        this.acceptor = acceptor;
        this.learner = learner;
        this.memberships = memberships;
        this.catchUp = catchUp;
        this.leadership = leadership;
        this.timer = timer;
        this.holds = holds;
        this.repair = repair;
        this.rounds = rounds;
        this.wayBack = wayBack;
        this.room = room;
        this.turns = turns;
        this.grant = grant;
        this.node = MemberId.node(config.self());
        this.preparation = new Preparation(memberships, decisions, holds, leadership);
        this.transfer = new Transfer(config, memberships, leadership, timer.longestTicks());
        this.wayGiven = new Restraint(timer.longestTicks());
        this.slowness = new Restraint(timer.longestTicks());
        this.preference = new Restraint((long) QUIET_TIMEOUTS * timer.longestTicks());
        this.replacement = new Replacement(config, events, memberships, leadership, preparation);
        this.candidacies = new Candidacies(config, memberships, timer);
        memberships.roster().keptBy(this);
        memberships.roster().keptBy(candidacies);
        memberships.roster().keptBy(promises);
    }

    @Override
    public void left(int number, long member) {
        granted &= ~(1 << number);
        reachable &= ~(1 << number);
    }

    Role role() {
        return role;
    }

    long ballot() {
        return role == Role.PREPARING || role == Role.LEADING
                ? ballot
                : Math.max(leaderBallot, acceptor.promised());
    }

    int leader() {
        return role == Role.LEADING ? node : leader;
    }

    boolean isLeadingUnder(long itsBallot) {
        return role == Role.LEADING && ballot == itsBallot;
    }

    /**
     * The lowest ballot whose candidate or leader is answered. A leader need not have heard its own
     * Prepare yet when a quorum of others has promised.
     */
    long lowestFollowed() {
        return role == Role.LEADING ? ballot : acceptor.promised();
    }

    /** Notes a ballot that counts, so that the next own one is above it. */
    void seen(long someBallot) {
        highestSeen = Math.max(highestSeen, someBallot);
        rounds.verified(someBallot);
    }

    /** The highest ballot that counts here, and that this node stands by when asked. */
    long highestKnown() {
        return Math.max(highestSeen, acceptor.promised());
    }

    void start(long tick) {
        nowTick = tick;
        hadRoomTick = tick;
        graceEndTick = tick + config.electionTimeoutTicks();
        timer.restart(tick);
        if (wayBack.isReturning()) {
            become(
                    Role.RETURNING,
                    "votes of this node may be lost, it waits for a leader above ballot "
                            + Ballot.text(wayBack.promised()));
        }
    }

    void onTick(long tick) {
        nowTick = tick;
        timer.onTick(nowTick);
        // One that could take commands comes first; if nobody can, all wait as long.
        timer.handicap(couldTakeCommands() ? 0 : HANDICAP_TIMEOUTS, nowTick);
        if (couldTakeCommands()) {
            wayGiven.forget();
        }
        hadRoomTick = room.isForCommands() ? nowTick : hadRoomTick;
        switch (role) {
            case RETURNING -> askIfOverdue();
            case FOLLOWING -> campaignIfOverdue();
            case CANVASSING -> canvassOn();
            case PREPARING -> prepareOn();
            case LEADING -> leadOn();
        }
    }

    /** For so long that others have told whether they have any. */
    private boolean hasLackedRoom() {
        return nowTick - hadRoomTick > config.electionTimeoutTicks();
    }

    private boolean couldTakeCommands() {
        return !holds.isHalted() && room.isForCommands();
    }

    private void campaignIfOverdue() {
        if (!mayCampaign()) {
            askIfOverdue();
        } else if (timer.isLeaderOverdue(nowTick)) {
            canvass("no leader was heard");
        }
    }

    /**
     * Others elect, without this node. Those who may lead need not know yet that they may, nor this
     * node who they are.
     */
    private void askIfOverdue() {
        if (timer.isLeaderOverdue(nowTick)) {
            timer.restart(nowTick);
            if (leader != 0) {
                leader = 0;
                become(role, "no leader was heard");
            }
            catchUp.probe(nowTick);
        }
    }

    /** Whoever is in no membership that matters here, or does not know which do, leads nobody. */
    private boolean mayCampaign() {
        boolean isFounder = memberships.isFounded() || !config.joins();
        return isFounder && memberships.isVoter() && memberships.isNextKnown();
    }

    private void canvass(String why) {
        timer.restart(nowTick);
        catchUp.leaderGone();
        long next = Ballot.inNextRound(highestSeen, node);
        if (next == Ballot.NONE) {
            refuseForWantOfBallots();
            return;
        }
        if (role == Role.CANVASSING || role == Role.PREPARING) {
            candidacies.giveUp(ballot);
        } else {
            candidacies.begin(next);
        }
        ballot = next;
        granted = 0;
        reachable = 0;
        hasMovedOn();
        leader = 0;
        become(Role.CANVASSING, why);
        askCanvass();
    }

    private void refuseForWantOfBallots() {
        if (!saidBallotsUsedUp) {
            saidBallotsUsedUp = true;
            events.role(role, highestSeen, 0, "ballots are used up: this node campaigns no more");
        }
    }

    private void askCanvass() {
        askAgainTick = nowTick + config.heartbeatTicks();
        peers.toAll().canvass(config.self(), ballot, learner.commitIndex());
    }

    private void canvassOn() {
        if (!mayCampaign()) {
            stepDown("it is no member any more");
        } else if (timer.isLeaderOverdue(nowTick)) {
            canvass("nobody was elected");
        } else if (nowTick >= askAgainTick) {
            askCanvass();
        }
    }

    /** Whether this node leads, and an accept quorum answered within one time-out. */
    boolean isConnected() {
        return role == Role.LEADING && leadership.isConnected(nowTick);
    }

    /**
     * Would this node promise that ballot? A node that hears a leader which works says no, and so
     * does a leader, and one that promises nothing.
     */
    void canvassedBy(long from, long itsBallot) {
        boolean leads = isConnected();
        boolean isVoter = memberships.isVoter(from);
        boolean grants =
                isVoter && !leads && nowTick >= graceEndTick && !timer.hearsLiveLeader(nowTick);
        peers.to(MemberId.node(from))
                .canvassed(
                        config.self(),
                        itsBallot,
                        grants && role != Role.RETURNING,
                        highestKnown(),
                        learner.commitIndex());
    }

    void canvassed(int member, long itsBallot, boolean grants, long promised, long commitIndex) {
        seen(promised);
        if (role != Role.CANVASSING || itsBallot != ballot || !memberships.isVoter(member)) {
            candidacies.canvassed(member, itsBallot, nowTick);
            return;
        }
        candidacies.canvassedInTime(member);
        if (!grants) {
            granted &= ~(1 << member);
            return;
        }
        granted |= 1 << member;
        commits.said(member, commitIndex);
        prepareIfGranted();
    }

    private void prepareIfGranted() {
        // One that returns promises nothing, but votes once this node leads.
        if (!memberships.couldPrepare(granted) || !memberships.couldAccept(granted | reachable)) {
            return;
        }
        if (grant.holdsBack(config.self())) {
            return;
        }
        int ahead = commits.highestOf(granted);
        boolean isBehind = learner.commitIndex() < commits.of(ahead);
        if (isBehind && !(isInVain() && memberships.couldPrepare(grantedByThoseLevel()))) {
            // What is chosen need not be reported by promises; they stay short this way.
            fetchAsCandidate(ahead, commits.of(ahead));
            return;
        }
        isRenewing = false;
        prepare("a quorum would promise");
    }

    private int grantedByThoseLevel() {
        return commits.below(granted, learner.commitIndex() + 1);
    }

    private void hasMovedOn() {
        commitThen = learner.commitIndex();
        vainSinceTick = nowTick;
    }

    /**
     * Whether this candidate asked for what others know chosen and got none of it for a while. Who
     * knows what was chosen may not have it any more, as when its disk is damaged, and those who
     * have it need not know: any quorum of them that promises says what may have been chosen.
     */
    private boolean isInVain() {
        if (learner.commitIndex() != commitThen) {
            hasMovedOn();
        }
        return nowTick - vainSinceTick >= (long) VAIN_HEARTBEATS * config.heartbeatTicks();
    }

    private void fetchAsCandidate(int member, long upTo) {
        if (nowTick - catchUp.askedAt() >= config.heartbeatTicks()) {
            catchUp.fetchFrom(member, upTo, nowTick);
        }
    }

    private void prepare(String why) {
        long next = Ballot.inNextRound(highestKnown(), node);
        if (next == Ballot.NONE) {
            refuseForWantOfBallots();
            return;
        }
        preparation.end();
        ballot = next;
        seen(ballot);
        journal.campaigned(ballot);
        prepareFrom = learner.commitIndex() + 1;
        promises.begin(prepareFrom);
        hasMovedOn();
        timer.restart(nowTick);
        become(Role.PREPARING, why);
        askPrepare();
    }

    private void askPrepare() {
        askAgainTick = nowTick + config.heartbeatTicks();
        peers.toAll().prepare(config.self(), ballot, prepareFrom);
    }

    private void prepareOn() {
        if (timer.isLeaderOverdue(nowTick)) {
            canvass("Phase 1 was not answered in time");
        } else if (nowTick >= askAgainTick) {
            askPrepare();
        }
    }

    void promisedSlots(int member, long itsBallot, Batch accepted) {
        if (hears(itsBallot) && isSound(accepted)) {
            promises.promisedSlots(member, accepted);
            promised();
        }
    }

    void promise(int member, long from, long itsBallot, long commitIndex, long slots, long knows) {
        if (hears(itsBallot)) {
            candidacies.promisedInTime(member);
            promises.promise(member, from, commitIndex, slots, knows);
            promised();
        } else {
            candidacies.promised(member, itsBallot, nowTick);
        }
    }

    /**
     * Also while it leads, as long as its ballot is not promised in all memberships that matter.
     */
    private boolean hears(long itsBallot) {
        return itsBallot == ballot
                && (role == Role.PREPARING
                        || (role == Role.LEADING && leadership.establishing().listens()));
    }

    /**
     * Nobody has accepted anything above the ballot that it promises; under it only what was
     * proposed since.
     */
    private boolean isSound(Batch accepted) {
        return role == Role.LEADING ? accepted.ballot() <= ballot : accepted.ballot() < ballot;
    }

    private void promised() {
        if (role == Role.LEADING) {
            leadership.promised();
        } else {
            leadIfPromised();
        }
    }

    private void leadIfPromised() {
        int promisedBy = promises.promisedBy();
        if (!mayLeadWith(promisedBy)) {
            return;
        }
        int ahead = promises.mostCommitted(promisedBy & memberships.now().voters());
        boolean isBehind = learner.commitIndex() < promises.commitIndex(ahead);
        if (isBehind && !(isInVain() && mayLeadWith(promisedByThoseLevel()))) {
            fetchAsCandidate(ahead, promises.commitIndex(ahead));
            return;
        }
        if (!mayCampaign()) {
            stepDown("it is no member any more");
            return;
        }
        leader = node;
        leaderBallot = ballot;
        quietSinceTick = nowTick;
        ledSinceTick = nowTick;
        sharedTick = nowTick;
        become(Role.LEADING, "a quorum promised");
        leadership.begin(ballot, promises, nowTick);
        replacement.begin();
    }

    private boolean mayLeadWith(int promisedBy) {
        return memberships.now().isPrepareQuorum(promisedBy)
                && (!isRenewing || isAmong(promisedBy));
    }

    private int promisedByThoseLevel() {
        return promises.promisedBelow(learner.commitIndex() + 1);
    }

    /** What this node proposed before, and nobody else may hold yet, is to be kept. */
    private boolean isAmong(int members) {
        return (members & own()) != 0;
    }

    /**
     * A member may have forgotten votes. Only a ballot above its promise leads it back, and it
     * campaigns for none itself: so the leader takes a higher one, without it, if enough others
     * answer to establish it.
     */
    void returning(int member, long itsPromise) {
        seen(itsPromise);
        if (role == Role.CANVASSING) {
            reachable |= 1 << member;
            prepareIfGranted();
        } else if (role == Role.LEADING) {
            leadership.returning(member, itsPromise, nowTick);
            renewFor(member, itsPromise);
        }
    }

    /** A member votes on no new commands for now. */
    void lacksRoom(int member, boolean votesOnReported) {
        leadership.lacksRoom(member, votesOnReported, nowTick);
    }

    private void renewFor(int member, long itsPromise) {
        if (itsPromise < ballot || nowTick < mayRenewTick || !couldRenew()) {
            return;
        }
        boolean isMissed =
                memberships.isVoter(member) || leadership.establishing().isWanted(member);
        // Nobody misses the vote of an observer, and whoever leads next takes a higher ballot.
        if (!isMissed) {
            return;
        }
        mayRenewTick = nowTick + (long) RENEWAL_TIMEOUTS * timer.longestTicks();
        int returner = memberships.node(member);
        renew("node " + returner + " returns, and promised " + Ballot.text(itsPromise));
    }

    private boolean couldRenew() {
        return leadership.couldPrepare(nowTick) && !transfer.isClosed();
    }

    /** What was proposed without a vote of this node is reported by those who voted on it. */
    private boolean mustRenewForOwnVotes() {
        boolean isEstablished = nowTick - ledSinceTick >= timer.longestTicks();
        return leadership.lacksOwnVotes() && isEstablished && couldRenew();
    }

    private void renew(String why) {
        isRenewing = true;
        prepare(why);
    }

    private void leadOn() {
        if (!leadership.isConnected(nowTick)) {
            stepDown("no accept quorum answered within one time-out");
        } else if (leadership.establishing().isOutrun()) {
            stepDown("members to come know more chosen than this node may propose");
        } else if (leadership.isStuck(nowTick)) {
            stepDown("open slots made no progress for three time-outs");
        } else if (leadership.isReplaced(nowTick) && !transfer.isUnderWay()) {
            makeWay(successors(), "it votes no more, and slots are chosen without it");
        } else if (mustRenewForOwnVotes()) {
            renew("its disk has room again for what it proposed and did not vote on");
        } else {
            makeWayIfDue();
            transferOn();
        }
        if (role == Role.LEADING) {
            if (!transfer.isUnderWay()) {
                replacement.onTick(nowTick);
            }
            preparation.onTick(nowTick);
            leadership.onTick(nowTick);
        }
    }

    /** A leader that takes no commands, or is slow, is worth less than others. */
    private void makeWayIfDue() {
        quietSinceTick = isBusy() ? nowTick : quietSinceTick;
        if (transfer.isUnderWay()) {
            return;
        }
        long lost = repair.lastUnknownSlot();
        if (lost == 0 || !leadership.isAloneToKnow(lost, nowTick)) {
            sharedTick = nowTick;
        }
        if (mustGiveWayFor(nowTick - sharedTick >= timer.longestTicks())) {
            // They have what it cannot read, and find it when one of them leads.
            wayGiven.used(nowTick);
            stepDown("it alone knows what is chosen at slot " + lost);
        } else if (mustGiveWayFor(holds.isHalted()) && successorsThatGoOn() != 0) {
            giveWay(
                    successorsThatGoOn(),
                    "its state machine is halted, and another member's goes on");
        } else if (mustGiveWayFor(hasLackedRoom()) && leadership.hasSuccessorWithRoom(nowTick)) {
            giveWay(successors(), "its disk is short of room, and others have some");
        } else if (!isBusy() && slowness.allows(nowTick) && leadership.isSlow()) {
            handOverForPace(successors(), "its disk is far slower than those of others");
        } else if (!isBusy() && slowness.allows(nowTick) && turns.lost() >= MUCH_LOST) {
            handOverForPace(
                    leadership.freerThan(turns.lost(), successors()),
                    "it has no turns for "
                            + turns.lost()
                            + " % of the time, and another member has far more");
        } else if (preference.allows(nowTick) && hasBeenQuiet()) {
            handOverToPreferred();
        }
    }

    /** There is something that would be lost, or is not through. */
    private boolean isBusy() {
        return preparation.isUnderWay() || leadership.isChanging() || !leadership.isSettled();
    }

    private boolean hasBeenQuiet() {
        return nowTick - quietSinceTick >= (long) QUIET_TIMEOUTS * timer.longestTicks();
    }

    private void handOverForPace(int members, String why) {
        int member = leadership.best(leadership.upToDate(members));
        if (member != Memberships.NOBODY) {
            slowness.used(nowTick);
            beginTransfer(member, false, why);
        }
    }

    private void handOverToPreferred() {
        int member = leadership.best(leadership.above(priority, successors()));
        if (member != Memberships.NOBODY) {
            preference.used(nowTick);
            beginTransfer(member, false, "that one has a higher priority");
        }
    }

    /** Those that could lead at once, and were not asked in vain. */
    private int successors() {
        return leadership.successors(nowTick) & ~transfer.failed();
    }

    private boolean mustGiveWayFor(boolean reason) {
        return reason && wayGiven.allows(nowTick);
    }

    /**
     * Only a member that has applied the very slot this one is halted at, and is within a window of
     * all that is chosen: leadership moves to ever higher applied slots, and so cannot come back by
     * itself.
     */
    private int successorsThatGoOn() {
        long slot = Math.max(holds.haltedAt(), leadership.nearSlot());
        return leadership.survey().successors(slot, memberships.newest().voters(), nowTick);
    }

    /**
     * Whoever could take over may not get elected, as when it is heard but hears nobody: then this
     * node or another that takes no commands leads again. Each gives way less and less often, as
     * without a leader nothing can be decided.
     */
    private void giveWay(int successors, String why) {
        wayGiven.used(nowTick);
        makeWay(successors, why);
    }

    /** Hands over to one of these, and leads no more in any case. */
    private void makeWay(int successors, String why) {
        int member = leadership.best(successors);
        if (member == Memberships.NOBODY) {
            stepDown(why);
        } else {
            beginTransfer(member, true, why);
        }
    }

    private void beginTransfer(int member, boolean finallyDown, String why) {
        events.transfer("hands over to node " + memberships.node(member) + ": " + why);
        transfer.begin(member, finallyDown, nowTick);
    }

    private void transferOn() {
        String failure = transfer.failure(nowTick);
        if (failure != null) {
            giveUpTransfer(failure);
        } else {
            transfer.onTick(nowTick);
        }
    }

    private void giveUpTransfer(String why) {
        boolean wasOffered = transfer.isOffered();
        transfer.giveUp(why);
        if (transfer.stepsDown()) {
            stepDown(why);
        } else if (wasOffered) {
            // What it was offered under proposes nothing any more.
            prepare(why + ", so this node leads on under a higher ballot");
        } else {
            events.transfer(why + ", so this node leads on");
        }
    }

    /** Something was voted on, chosen or heard, which a transfer may have waited for. */
    void hasMoved() {
        if (role == Role.LEADING && transfer.isUnderWay()) {
            transfer.goOn(nowTick);
        }
    }

    /** Leadership on its way to another member. */
    Transfer transfer() {
        return transfer;
    }

    /** An operator wants another member to lead: begins that, or goes on with it. */
    boolean transferTo(int toNode) {
        transferRefusal = "";
        if (transfer.node() == toNode && toNode != 0) {
            transfer.keepOn(nowTick);
            return true;
        }
        int member = memberships.roster().numberOf(toNode);
        transferRefusal = whyNotTo(toNode, member);
        if (transferRefusal.isEmpty()) {
            beginTransfer(member, false, "an operator asked for it");
        }
        return transferRefusal.isEmpty();
    }

    private String whyNotTo(int toNode, int member) {
        if (role != Role.LEADING) {
            return "this node does not lead";
        }
        if (!memberships.newest().votes(member)) {
            return "node " + toNode + " is no member that votes";
        }
        if (toNode == node) {
            return "node " + toNode + " leads already";
        }
        if (transfer.isUnderWay()) {
            return "leadership is on its way to node " + transfer.node() + ": ask again";
        }
        if (preparation.isUnderWay()) {
            return "a change of the members is being prepared:"
                    + " let it be proposed, or give it up first";
        }
        if (!leadership.isHeard(member, nowTick)) {
            return "node " + toNode + " does not answer the leader";
        }
        return leadership.isAble(member, nowTick)
                ? ""
                : "node "
                        + toNode
                        + " could take no commands: it is returning, halted, short of room, or stops";
    }

    /** Why the last transfer was not begun: one line for people; empty when it was. */
    String transferRefusal() {
        return transferRefusal;
    }

    /**
     * This node is about to stop: hands over to whoever is best, and takes no leadership over.
     *
     * @return whether that is under way, or might begin with the next answers, or whoever takes
     *     over is not heard yet
     */
    boolean leave() {
        isLeaving = true;
        if (role != Role.LEADING) {
            return role == Role.FOLLOWING && isHandedOver && leader == 0;
        }
        int member = transfer.isUnderWay() ? Memberships.NOBODY : leadership.best(successors());
        if (member != Memberships.NOBODY) {
            preparation.end();
            beginTransfer(member, false, "this node is about to stop");
        }
        // The first answers tell who is near.
        return transfer.isUnderWay() || nowTick - ledSinceTick <= config.heartbeatTicks();
    }

    /** From now on this node is preferred so much as leader, 0 to 100. */
    void priority(int newPriority) {
        priority = newPriority;
    }

    /** How gladly this node is seen leading, as it tells leaders. */
    int toldPriority() {
        return couldTakeOver() ? priority : PeerMessages.UNABLE;
    }

    private boolean couldTakeOver() {
        return couldTakeCommands() && !isLeaving;
    }

    /**
     * The leader of the ballot that is promised here wants this node to lead. That it asks nobody
     * whether it could win is no more than what a candidate may do: it promises as all do (I35).
     */
    void takeOver(long itsBallot, long lastSlot) {
        boolean isFollowed = role == Role.FOLLOWING && itsBallot == leaderBallot;
        boolean holdsAll = learner.commitIndex() == lastSlot;
        if (isFollowed && holdsAll && mayCampaign() && couldTakeOver()) {
            catchUp.leaderGone();
            isRenewing = false;
            prepare("node " + Ballot.owner(itsBallot) + " hands over");
        }
    }

    private void stepDown(String why) {
        isHandedOver = false;
        preparation.end();
        transfer.leadershipEnded();
        leader = 0;
        timer.leaderGone();
        timer.restart(nowTick);
        become(Role.FOLLOWING, why);
    }

    /** The commit index moved by what others told; a candidate may have waited for that. */
    void commitMoved() {
        if (role == Role.CANVASSING || role == Role.PREPARING) {
            timer.restart(nowTick);
        }
        if (role == Role.CANVASSING) {
            prepareIfGranted();
        } else if (role == Role.PREPARING) {
            leadIfPromised();
        }
    }

    /** Somebody else's ballot was promised here, or heard of in a refusal. */
    void meet(long otherBallot) {
        seen(otherBallot);
        boolean isBeaten = (role == Role.PREPARING || role == Role.LEADING) && otherBallot > ballot;
        if (isBeaten) {
            boolean isWanted = Ballot.owner(otherBallot) == transfer.node();
            stepDown(
                    isWanted
                            ? "node " + transfer.node() + " takes over"
                            : "a higher ballot was met");
            isHandedOver = isWanted;
        }
    }

    /** A candidate was promised its ballot: it gets a full time-out to make use of it. */
    void gavePromise(long otherBallot) {
        if (Ballot.owner(otherBallot) != node) {
            timer.leaderGone();
            timer.restart(nowTick);
        }
    }

    /** The leader of a ballot at or above the promise lives. */
    void leaderHeard(long itsBallot, boolean connected) {
        int owner = Ballot.owner(itsBallot);
        boolean ownIsHigher = role == Role.PREPARING && ballot > itsBallot;
        if (owner == node || ownIsHigher) {
            return;
        }
        if (connected) {
            timer.leaderHeard(nowTick);
        }
        boolean endsCanvass = role == Role.CANVASSING && connected;
        boolean isListening = role == Role.FOLLOWING || role == Role.RETURNING;
        boolean isNews = isListening && (leader != owner || leaderBallot != itsBallot);
        if (endsCanvass || isNews) {
            leader = owner;
            leaderBallot = itsBallot;
            become(isListening ? role : Role.FOLLOWING, "a leader was heard");
        }
    }

    /** This node takes part again. */
    void returned() {
        timer.restart(nowTick);
        become(Role.FOLLOWING, "is back: it holds all that may have been chosen with its votes");
    }

    boolean propose(int count, DirectBuffer entries, int offset, int length) {
        return role == Role.LEADING && leadership.propose(count, entries, offset, length);
    }

    boolean propose(Decision decision) {
        return role == Role.LEADING && leadership.propose(decision);
    }

    /** Changes the membership, and says why not. */
    Preparation preparation() {
        return preparation;
    }

    private int own() {
        return 1 << memberships.own();
    }

    private void become(Role next, String why) {
        role = next;
        events.role(role, ballot(), leader(), why);
    }
}
