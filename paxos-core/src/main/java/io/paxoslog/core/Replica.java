package io.paxoslog.core;

import java.util.List;
import java.util.SortedMap;
import org.agrona.DirectBuffer;

/**
 * One member's part in stable-leader Multi-Paxos: hears messages, ticks and proposals, and speaks
 * through its ports (Lamport, "Paxos Made Simple", section 3; Phase 1 runs once per ballot, for all
 * slots).
 *
 * <p>Pure: the same calls in the same order have the same result. Routes each message to the role
 * it concerns and holds no state of its own but the time. Not thread-safe; one thread owns a
 * replica. No port may call back into it before the call it is in has returned.
 */
public final class Replica implements PeerMessages {
    private static final long MEMORY_PER_OPEN_BYTE = 4;
    private static final long MEMORY_PER_OPEN_SLOT = 2L * ValuePool.SMALLEST_BYTES;
    private static final long MEMORY_FOR_GENESIS = 64 * 1024;

    private final ReplicaConfig config;
    private final Peers peers;
    private final StoredValues stored;
    private final Snapshots snapshots;
    private final ReplicaEvents events;
    private final OpenSlots openSlots;
    private final Memberships memberships;
    private final Learner learner;
    private final Acceptor acceptor;
    private final CatchUp catchUp;
    private final Leadership leadership;
    private final Proposer proposer;
    private final Admission admission;
    private final Decisions decisions = new Decisions();
    private final Holds holds;
    private final DecisionRules rules;
    private final AgreedTime time;
    private final KnownRounds rounds;
    private final KnownRuns runs;
    private final KeptLog kept = new KeptLog();
    private final SnapshotJump jump;
    private final WayBack wayBack;
    private final OwnRoom room;
    private final OwnTurns turns;
    private final CommittedLog committed;
    private final Divergence divergence;
    private final Repair repair;
    private final ReadIndex readIndex;
    private final Reads reads;
    private final QuorumReads quorumReads;
    private final LeaseReads leaseReads;
    private final Grant grant;
    private long nowTick;
    private long surveyTick;

    /**
     * Wires a replica that knows nothing yet. Let it hear its journal through {@link #recovery()},
     * then call {@link #start}.
     */
    public Replica(
            ReplicaConfig config,
            JournalRecords journal,
            Peers peers,
            CommittedLog committed,
            StoredValues stored,
            Snapshots snapshots,
            ReplicaEvents events) {
        this.config = config;
        this.peers = peers;
        this.stored = stored;
        this.snapshots = snapshots;
        this.committed = committed;
        this.openSlots = new OpenSlots(memoryFor(config));
        this.memberships = new Memberships(config);
        this.holds = new Holds(journal, decisions);
        ElectionTimer timer = new ElectionTimer(config.electionTimeoutTicks(), config.seed());
        Nonces nonces = new Nonces(config.nonceKey());
        this.time = new AgreedTime(config, memberships, timer, nonces.firstHeartbeat());
        this.admission = new Admission(config, peers, events, memberships);
        this.learner =
                new Learner(
                        openSlots,
                        journal,
                        timed(committed),
                        memberships,
                        decisions,
                        holds,
                        admission);
        this.room = new OwnRoom(config.self());
        this.wayBack = new WayBack(journal, openSlots, learner);
        this.acceptor =
                new Acceptor(
                        config.self(),
                        config.knows().newest().told(),
                        peers,
                        journal,
                        stored,
                        openSlots,
                        learner,
                        memberships,
                        wayBack,
                        room);
        this.catchUp =
                new CatchUp(
                        config.self(),
                        peers,
                        snapshots,
                        learner,
                        acceptor,
                        memberships,
                        room,
                        config.heartbeatTicks());
        this.jump = new SnapshotJump(journal, learner, memberships, decisions, kept, time);
        this.leadership =
                new Leadership(config, peers, learner, openSlots, memberships, time, room, timer);
        this.grant = new Grant(config);
        this.turns = new OwnTurns(config.heartbeatTicks(), timer.longestTicks());
        this.rounds = new KnownRounds(config, peers, events, memberships, nonces);
        this.runs = new KnownRuns(config, journal, peers, events, memberships, nonces, room);
        this.divergence =
                new Divergence(config, peers, committed, snapshots, memberships, nonces, kept);
        this.repair =
                new Repair(
                        config,
                        peers,
                        journal,
                        snapshots,
                        events,
                        learner,
                        memberships,
                        holds,
                        kept);
        this.proposer =
                new Proposer(
                        config,
                        peers,
                        journal,
                        events,
                        acceptor,
                        learner,
                        memberships,
                        decisions,
                        catchUp,
                        leadership,
                        timer,
                        holds,
                        repair,
                        rounds,
                        wayBack,
                        room,
                        turns,
                        grant);
        this.rules =
                new DecisionRules(
                        learner, memberships, decisions, holds, leadership, proposer.preparation());
        this.readIndex =
                new ReadIndex(config, peers, learner, memberships, leadership, time, nonces);
        this.reads = new Reads(config, peers, proposer, readIndex, nonces);
        this.quorumReads = new QuorumReads(config, peers, learner, memberships, nonces);
        this.leaseReads = new LeaseReads(learner, leadership);
        this.events = events;
        keepRoster();
    }

    private void keepRoster() {
        Roster roster = memberships.roster();
        List.of(time, catchUp, rounds, runs, divergence, repair, readIndex).forEach(roster::keptBy);
        roster.keptBy(
                new Roster.Keeper() {
                    @Override
                    public void joined(int number, long member, String address) {
                        peers.joined(member, address);
                    }

                    @Override
                    public void left(int number, long member) {
                        peers.left(member);
                    }
                });
    }

    private CommittedLog timed(CommittedLog committed) {
        return new CommittedLog() {
            @Override
            public void committed(Batch batch) {
                time.known(batch.timestamp());
                committed.committed(batch);
            }

            @Override
            public void jumped(long slot) {
                committed.jumped(slot);
            }

            @Override
            public void decided(long at, Decision decision) {
                committed.decided(at, decision);
            }

            @Override
            public void held(long slot, long decision) {
                committed.held(slot, decision);
            }
        };
    }

    /**
     * An own batch that finds no room could never be chosen, so the bounds on what is open must
     * always fit: chunks are up to twice what they hold, and after an election the new lies beside
     * the old.
     */
    private static long memoryFor(ReplicaConfig config) {
        return MEMORY_PER_OPEN_BYTE * config.openBytesLimit()
                + MEMORY_PER_OPEN_SLOT * config.openSlotLimit()
                + MEMORY_FOR_GENESIS;
    }

    /**
     * Hears what the newest snapshot here says of the log up to its slot, whether the journal goes
     * on above it or not. To be used before the journal is heard.
     *
     * @param timeNs agreed time at that slot
     * @param memberships encoded memberships by the slot of their entry, the last two valid ones
     * @param decisions encoded decisions in force by the slot of their entry
     * @throws IllegalArgumentException when this is not of a snapshot of such a log
     */
    public void recoverSnapshot(
            long slot,
            long timeNs,
            SortedMap<Long, byte[]> memberships,
            SortedMap<Long, byte[]> decisions) {
        SnapshotHead head = new SnapshotHead(slot, timeNs, memberships, decisions);
        if (!head.isSound(config.base())) {
            throw new IllegalArgumentException("not the head of a snapshot: slot " + slot);
        }
        jump.recover(head);
    }

    /**
     * Hears what the journal holds, in the order it was written. To be used before {@link #start}
     * only.
     */
    public JournalRecords recovery() {
        return new ReplicaRecovery(
                acceptor, learner, proposer, memberships, time, kept, wayBack, runs);
    }

    /**
     * Begins to take part.
     *
     * @param tick the time now, milliseconds of a monotonic clock
     * @param wallClockNs what the wall clock shows, nanoseconds since 1970
     * @throws IllegalStateException when the log does not reach up to its base, a recorded ballot
     *     leaves fewer than {@link Ballot#LEAST_ROUNDS_LEFT} rounds, or this build cannot go by
     *     what is agreed; the message says how
     */
    public void start(long tick, long wallClockNs) {
        if (learner.commitIndex() < config.base().slot()) {
            throw new IllegalStateException(
                    "held are the slots up to "
                            + learner.commitIndex()
                            + " only, of the base "
                            + config.base());
        }
        String lacking = lacksAgreed();
        if (lacking != null) {
            throw new IllegalStateException(lacking);
        }
        if (roundsLeft() < Ballot.LEAST_ROUNDS_LEFT) {
            throw new IllegalStateException(
                    "recorded is ballot "
                            + Ballot.text(proposer.highestKnown())
                            + ", which leaves "
                            + roundsLeft()
                            + " rounds");
        }
        jump.start();
        rounds.start(tick);
        runs.start(tick);
        turns.start(tick);
        grant.start(tick);
        onNow(tick, wallClockNs);
        proposer.start(tick);
        warnOfOtherSettings();
    }

    /** What was configured is how to find the cluster; what its log records is how it is. */
    private void warnOfOtherSettings() {
        String difference =
                memberships.isFounded()
                        ? memberships.newest().membership().differenceTo(config)
                        : null;
        if (difference != null) {
            events.warning(difference + ": the log counts");
        }
    }

    /**
     * In which run this node is. To be used once the journal was heard, before {@link #start}; not
     * at all where a journal counts no runs, of whose node others then remember nothing.
     *
     * @param history the runs of this directory, the present one the last
     * @param records how many records are on stable storage
     */
    public void runs(Runs history, long records) {
        runs.runs(history, records);
    }

    /**
     * So many records of this node are on stable storage. Say it now and then; others remember it.
     */
    public void forced(long records) {
        runs.forced(records);
    }

    /**
     * Asked for every frame of an admitted sender but {@link #askRun} and {@link #ran}.
     *
     * @param from the sender's identity
     * @param run the run it is in; {@link Runs#NONE} when it does not say
     * @return false when the frame must be dropped: the sender may have gone back in time
     */
    public boolean hears(long from, long run) {
        return runs.hears(from, run);
    }

    /** Ids of members that are not heard, as they run on old copies; none allocated for none. */
    public int[] nodesBehind() {
        return runs.nodesBehind();
    }

    /**
     * A frame of a version came that cannot be heard here: an operator is told, now and then. It
     * changes nothing else.
     *
     * @param from the identity that the frame seems to name as its sender
     * @param version of its wire form
     * @param known the one known here
     */
    public void speaksOtherwise(long from, int version, int known) {
        admission.speaksOtherwise(from, version, known);
    }

    /** How many members are not heard, as they run on old copies of their directories. */
    public int membersBehind() {
        return runs.behind();
    }

    /**
     * Asked for every frame before it is looked into further.
     *
     * @param from the sender's identity
     * @param clusterId the sender's {@link #spokenCluster}
     * @return false when the frame must be dropped
     */
    public boolean admits(long from, long clusterId) {
        return admission.admits(from, clusterId);
    }

    /**
     * Time has passed. Call it whenever the tick has moved; ticks never fall.
     *
     * @param tick milliseconds of a monotonic clock
     * @param wallClockNs what the wall clock shows, nanoseconds since 1970; may go either way
     */
    public void onTick(long tick, long wallClockNs) {
        if (admission.hasStopped()) {
            return;
        }
        onNow(tick, wallClockNs);
        proposer.onTick(tick);
        repair.onTick(tick);
        if (proposer.role() != Role.LEADING) {
            catchUp.onTick(tick);
        } else if (holds.isHalted() && tick >= surveyTick) {
            surveyTick = tick + config.heartbeatTicks();
            peers.toAll().survey(config.self(), proposer.ballot());
        }
    }

    private void onNow(long tick, long wallClockNs) {
        nowTick = tick;
        turns.onTick(tick);
        grant.onTick(tick);
        time.onTick(tick, wallClockNs);
        admission.onTick(tick);
        rounds.onTick(tick);
        runs.onTick(tick);
        divergence.onTick(tick);
    }

    /**
     * Proposes commands as one batch, if this node leads and no bound is passed. The time on them
     * is what the members' clocks agree on, see {@link AgreedTime}.
     *
     * @param count number of entries, at least 1
     * @param entries entries laid out as {@link Batch} says; copied before this returns
     * @return false when nothing was taken: keep it and try again, or send the client elsewhere
     */
    public boolean propose(int count, DirectBuffer entries, int offset, int length) {
        return !admission.hasStopped()
                && !holds.isHalted()
                && proposer.propose(count, entries, offset, length);
    }

    /** Says who hears from which slot on reads may be answered; before {@link #start}. */
    public void tellReads(ReadAnswers listener) {
        reads.tell(listener);
        quorumReads.tell(listener);
        leaseReads.tell(listener);
    }

    /**
     * A linearizable read came: {@link ReadAnswers#indexed} tells what it needs, whichever member
     * leads. What is proposed later in the same turn saves a message, so say it before. It waits
     * while nobody leads, for as long as that is.
     *
     * @param ticket above all before it, from 1 on; one for many reads is as good
     * @throws IllegalArgumentException when a ticket is used again
     */
    public void read(long ticket) {
        if (!admission.hasStopped()) {
            reads.came(ticket, nowTick);
        }
    }

    /**
     * A linearizable read came that is to go on without a leader as long as it can: {@link
     * ReadAnswers#indexedByQuorum} tells what it needs. It costs a question to all voters and their
     * answers, and waits while so many do not answer, or what they accepted is not known chosen.
     *
     * @param ticket above all before it, from 1 on; counted apart from those of {@link #read}
     * @throws IllegalArgumentException when a ticket is used again
     */
    public void readByQuorum(long ticket) {
        if (!admission.hasStopped()) {
            quorumReads.came(ticket);
        }
    }

    /** Whether this node grants leases, and asks for them when it leads. */
    public boolean offersLeases() {
        return config.leaseTicks() > 0;
    }

    /**
     * A linearizable read came that is to ask nobody: {@link ReadAnswers#indexedByLease} tells what
     * it needs, unless this node leads no more. Whoever answers it looks with {@link #holdsLease}
     * afterwards.
     *
     * @param ticket above all before it, from 1 on; counted apart from those of other reads
     * @return false when it must ask others: this node does not lead, holds no lease now, or has no
     *     room
     * @throws IllegalArgumentException when a ticket is used again
     */
    public boolean readByLease(long ticket) {
        return holdsLease(proposer.ballot(), nowTick) && leaseReads.came(ticket);
    }

    /**
     * Whether this node leads under a ballot and held a lease until now, so that what its state
     * machine has shown, at the index told for a read, was not out of date when that read came.
     *
     * @param ballot that it led under when the read came
     * @param tick what the clock that {@link #onTick} goes by shows, looked at after the state
     *     machine has answered
     */
    public boolean holdsLease(long ballot, long tick) {
        return !admission.hasStopped()
                && proposer.isLeadingUnder(ballot)
                && leadership.holdsLease(tick);
    }

    /**
     * All that there was to hear in this turn has been heard. Call it in each turn, before what was
     * said is sent: one question goes out for all reads that came in it.
     */
    public void endTurn() {
        if (admission.hasStopped()) {
            return;
        }
        reads.endTurn(nowTick);
        quorumReads.endTurn(nowTick);
        if (proposer.role() == Role.LEADING) {
            readIndex.endTurn();
            leaseReads.look();
        }
    }

    /**
     * How the state machine behind this replica stands. Say it whenever it has moved, before the
     * records of the turn are closed; saying the same again does nothing.
     *
     * @param appliedIndex every slot up to it was applied
     * @param haltedAt the slot whose command it could not take, 0 when it goes on: then this node
     *     votes and serves others as before, takes no commands, and lets others lead if they can
     * @param decision slot of the latest decision about {@code haltedAt} that it knew when it
     *     tried, 0 for none
     */
    public void serviceAt(long appliedIndex, long haltedAt, long decision) {
        holds.serviceAt(appliedIndex, haltedAt, decision);
    }

    /**
     * What the disk has room for, from now on. Say it in every turn; the same again does nothing.
     * Below {@link Room#COMMANDS} this node votes on no new commands and takes none as leader, but
     * for what it has proposed already.
     */
    public void room(Room now) {
        room.is(now);
    }

    /**
     * Whether this node leads and takes no commands only because there is too little room for them:
     * on its own disk, or on those of so many others that no accept quorum has it.
     */
    public boolean lacksRoom() {
        return proposer.role() == Role.LEADING
                && leadership.isSettled()
                && !leadership.hasRoom()
                && !holds.isHalted();
    }

    /**
     * The state machine behind this replica has applied everything up to a slot at which all
     * members compare.
     *
     * @param hash of what it applied, and of what came of it
     */
    public void hashed(long slot, long hash) {
        if (!admission.hasStopped()) {
            divergence.applied(slot, hash);
        }
    }

    /**
     * First slot at which what the state machine here applied is not what others applied; 0 for
     * none known.
     */
    public long differsAt() {
        return divergence.differsAt();
    }

    /** Last slot at which it was what most applied; 0 for none known. */
    public long equalUpTo() {
        return divergence.equalUpTo();
    }

    /** Snapshots up to this slot are of no use here. */
    public long snapshotsUsefulAbove() {
        return divergence.snapshotsUsefulAbove(repair.snapshotsUsefulAbove(learner.commitIndex()));
    }

    /**
     * Records of these slots cannot be read back. As soon as they are known chosen others are asked
     * for them, and what comes is written down again; those that a snapshot here holds are not
     * missed. Not while a call of this replica is on its way.
     */
    public void unknown(long firstSlot, long lastSlot) {
        repair.unknown(firstSlot, lastSlot);
    }

    /** Slots that are known chosen here and cannot be read back. */
    public long unknownSlots() {
        return repair.unknownSlots();
    }

    /** Slots that were written down again since the start, as others supplied them. */
    public long repairedSlots() {
        return repair.repairedSlots();
    }

    /**
     * Proposes to skip a slot, to try it again, other limits, or another version, if this node
     * leads and the rules allow it.
     *
     * @param decision for slots, {@link Decision#previous()} is filled in here
     * @return false when nothing was taken; {@link #refusal()} says why
     */
    public boolean decide(Decision decision) {
        if (admission.hasStopped() || proposer.role() != Role.LEADING) {
            rules.refuse("this node does not lead");
            return false;
        }
        return rules.allow(decision, nowTick) && proposer.propose(rules.completed(decision));
    }

    /**
     * Changes the membership, if this node leads and the rules allow it: new members learn from now
     * on, and once quorums of the members to come are there and caught up, the entry is proposed.
     *
     * @return false when nothing was begun; {@link #changeRefusal()} says why
     */
    public boolean change(Change change) {
        if (admission.hasStopped() || proposer.role() != Role.LEADING) {
            proposer.preparation().refuse("this node does not lead");
            return false;
        }
        if (proposer.transfer().isUnderWay()) {
            proposer.preparation().refuse("leadership is being handed over: ask again");
            return false;
        }
        return proposer.preparation().begin(change, nowTick);
    }

    /**
     * Gives a change up whose entry is not proposed yet.
     *
     * @return false when there is none; {@link #changeRefusal()} says so
     */
    public boolean giveUpChange() {
        return proposer.preparation().giveUp();
    }

    /**
     * Hands leadership over to a member, if this node leads and that one could: it goes on taking
     * commands until the other one is near, then takes none until that one leads. Asked for again,
     * it goes on; a member that is far is waited for as long as somebody asks now and then.
     *
     * @param node id of the member
     * @return false when nothing was begun; {@link #transferRefusal()} says why
     */
    public boolean transfer(int node) {
        return !admission.hasStopped() && proposer.transferTo(node);
    }

    /** Why the last call of {@link #transfer} began nothing: one line for people. */
    public String transferRefusal() {
        return proposer.transferRefusal();
    }

    /** Node id of the member that leadership is on its way to; 0 for none. */
    public int transfersTo() {
        return proposer.transfer().node();
    }

    /** What a transfer waits for: one line for people, empty when none is under way. */
    public String transferWaitsFor() {
        return proposer.transfer().waitsFor();
    }

    /** Why the last transfer of this leader was given up; empty when it was not. */
    public String transferGivenUp() {
        return proposer.transfer().ended();
    }

    /**
     * This node is about to stop: if it leads it hands over to the best member there is, and it
     * takes leadership over from nobody. Call it in each tick until the node stops.
     *
     * @return whether it is worth waiting: a transfer is under way, or the next leader is about to
     *     be heard
     */
    public boolean leave() {
        return !admission.hasStopped() && proposer.leave();
    }

    /**
     * How much this node is preferred as leader, 0 to {@link PeerMessages#MOST_PRIORITY}; 0 unless
     * said. A leader hands over, now and then, to a member with a higher one.
     */
    public void priority(int priority) {
        proposer.priority(priority);
    }

    /** Whether a change is being prepared by this leader, or on its way into force. */
    public boolean isChanging() {
        return proposer.preparation().isUnderWay()
                || memberships.next() != null
                || (proposer.role() == Role.LEADING && leadership.isChanging());
    }

    /** The members to come, as long as their entry is not proposed by this leader; else null. */
    public Membership preparedMembership() {
        return proposer.preparation().wanted();
    }

    /** What a change waits for before it is proposed: one line for people, empty for nothing. */
    public String changeWaitsFor() {
        return proposer.preparation().waitsFor(nowTick);
    }

    /** Why the last call of {@link #change} began nothing: one line for people. */
    public String changeRefusal() {
        return proposer.preparation().refusal();
    }

    /**
     * A snapshot from another node is here, verified and forced: it takes the place of all slots up
     * to its own that are not known chosen here. What this node promised, and what it accepted
     * above, stands.
     *
     * @param timeNs agreed time at that slot
     * @param memberships encoded memberships by the slot of their entry, the last two valid ones
     * @param decisions encoded decisions in force by the slot of their entry
     * @return false when it was not taken: it is of no use, this node leads, or it is not of this
     *     log; {@link CommittedLog#jumped} is not told then
     */
    public boolean installed(
            long slot,
            long timeNs,
            SortedMap<Long, byte[]> memberships,
            SortedMap<Long, byte[]> decisions) {
        SnapshotHead head = new SnapshotHead(slot, timeNs, memberships, decisions);
        boolean isAbove = slot > learner.commitIndex();
        // A leader's floor must rest on votes for its own ballot (I6).
        if (admission.hasStopped()
                || (isAbove && proposer.role() == Role.LEADING)
                || slot <= snapshotsUsefulAbove()
                || !head.isSound(config.base())
                || !admission.admitsSnapshot(head)) {
            return false;
        }
        boolean differed = divergence.differsAt() != 0;
        if (differed) {
            divergence.begunAnew();
            committed.begunAnew(slot);
        }
        if (isAbove) {
            jump.install(head);
            proposer.commitMoved();
            catchUp.jumped(nowTick);
        } else if (!differed) {
            // What is unknown here stands in it.
            kept.keeps(1, slot);
            committed.jumped(slot);
        }
        return true;
    }

    /**
     * How far down this node's log reaches. Say it before {@link #start}, when a snapshot was
     * taken, and before files of the journal are let go; neither number ever falls.
     *
     * @param firstKept lowest slot from which on the journal holds every chosen slot
     * @param snapshotSlot slot of the newest snapshot, 0 for none
     */
    public void keeps(long firstKept, long snapshotSlot) {
        kept.keeps(firstKept, snapshotSlot);
    }

    /** Lowest slot that others can be served; below it only a snapshot. */
    public long firstKept() {
        return kept.firstKept();
    }

    /** Why the last call of {@link #decide} took nothing: one line for people. */
    public String refusal() {
        return rules.refusal();
    }

    /** Whether the decision chosen at a slot came into force. */
    public boolean isInForce(long decisionSlot) {
        return decisions.isInForce(decisionSlot);
    }

    /** Whether the log skips the command at a slot. */
    public boolean isSkipped(long slot) {
        return decisions.isSkipped(slot);
    }

    /** What is agreed at the commit index; holds for every slot behind {@link #versionAt}. */
    public Version version() {
        return decisions.version();
    }

    /** Slot of the entry that says what is agreed; 0 when none does. */
    public long versionAt() {
        return decisions.latestVersion();
    }

    /** Which versions this build can go by. */
    public KnownVersions knows() {
        return config.knows();
    }

    /**
     * Why this build cannot go by what snapshot and journal say is agreed: one line for people, or
     * null when it can. Such a node must not start.
     */
    public String lacksAgreed() {
        return config.knows().whyNot(version(), versionAt());
    }

    /** Slot of the latest decision about limits, 0 when there is none. */
    public long limitsDecidedAt() {
        return decisions.latestLimits();
    }

    /** The slot whose command this node's state machine could not take; 0 when it goes on. */
    public long haltedAt() {
        return holds.haltedAt();
    }

    /** Whether this node leads, and an accept quorum answered within one time-out. */
    public boolean isConnected() {
        return proposer.isConnected();
    }

    /** The agreed time that a batch would be stamped with now; while it takes commands only. */
    public long timeNs() {
        return time.stamp();
    }

    /** Ticks between two heartbeats of a leader. */
    public int heartbeatTicks() {
        return config.heartbeatTicks();
    }

    /** Whether this node leads and takes commands now; {@link #propose} may still meet a bound. */
    public boolean takesCommands() {
        return proposer.role() == Role.LEADING
                && leadership.takesCommands()
                && !holds.isHalted()
                && !admission.hasStopped();
    }

    /**
     * Whether this node leads, and is done with what was open when it began to and with the window
     * before a change; until then it begins none.
     */
    public boolean isSettled() {
        return proposer.role() == Role.LEADING && leadership.isSettled();
    }

    @Override
    public void canvass(long from, long ballot, long commitIndex) {
        catchUp.servedBy(indexOf(from), commitIndex);
        proposer.canvassedBy(from, ballot);
        acceptor.sayLacksRoom(MemberId.node(from));
        if (wayBack.isReturning()) {
            sayReturning(from, proposer.lowestFollowed());
        }
    }

    @Override
    public void canvassed(
            long from, long ballot, boolean granted, long promised, long commitIndex) {
        if (!rounds.counts(from, promised)) {
            return;
        }
        catchUp.servedBy(indexOf(from), commitIndex);
        proposer.canvassed(indexOf(from), ballot, granted, promised, commitIndex);
    }

    @Override
    public void prepare(long from, long ballot, long firstSlot) {
        if (grant.holdsBack(from)) {
            return;
        }
        if (wayBack.isReturning() || isRefused(from, ballot)) {
            return;
        }
        boolean isNew = ballot > acceptor.promised();
        proposer.meet(ballot);
        acceptor.prepare(MemberId.node(from), ballot, firstSlot);
        if (isNew) {
            proposer.gavePromise(ballot);
        }
    }

    @Override
    public void promisedSlots(long from, long ballot, Batch accepted) {
        proposer.promisedSlots(indexOf(from), ballot, accepted);
    }

    @Override
    public void promise(long from, long ballot, long commitIndex, long slots, long knows) {
        catchUp.servedBy(indexOf(from), commitIndex);
        proposer.promise(indexOf(from), from, ballot, commitIndex, slots, knows);
    }

    @Override
    public void accept(long from, Batch batch, long floor) {
        if (isRefused(from, batch.ballot()) || !admission.admitsEntry(from, batch)) {
            return;
        }
        followBallot(from, batch.ballot(), floor, batch.lastSlot());
        // A node that knows of no founding votes on that only, so it has no other vote to forget.
        if (memberships.isFounded() || batch.lastSlot() == config.base().foundingSlot()) {
            acceptor.accept(MemberId.node(from), batch, floor);
        }
        if (proposer.isLeadingUnder(batch.ballot())) {
            leadership.commit(nowTick);
            readIndex.look();
            proposer.hasMoved();
        }
    }

    @Override
    public void heartbeat(
            long from,
            long ballot,
            long floor,
            long lastSlot,
            boolean connected,
            long nonce,
            long reported,
            long takenOver,
            int lease) {
        if (isRefused(from, ballot)) {
            learnFromBelow(from, ballot, floor, takenOver);
            return;
        }
        acceptor.hearFloor(ballot, floor);
        followBallot(from, ballot, floor, lastSlot);
        proposer.leaderHeard(ballot, connected);
        if (wayBack.takenUnder(ballot, reported)) {
            proposer.returned();
        }
        if (wayBack.isReturning()) {
            sayReturning(from, wayBack.promised());
        } else {
            peers.to(MemberId.node(from))
                    .heartbeatHeard(
                            config.self(),
                            ballot,
                            learner.commitIndex(),
                            nonce,
                            time.ownNs(),
                            proposer.toldPriority(),
                            config.knows().newest().told(),
                            turns.lost(),
                            grant.give(from, ballot, nonce, lease, connected));
        }
        acceptor.sayLacksRoom(MemberId.node(from));
        acceptor.vote(MemberId.node(from));
        // Who leads is not told by itself: it hands over first.
        if (!proposer.isLeadingUnder(ballot)) {
            stopIfRemoved(takenOver);
        }
    }

    private void stopIfRemoved(long takenOver) {
        if (takenOver != 0 && takenOver == memberships.slot() && isRemoved()) {
            admission.removed();
        }
    }

    /** Whoever learns before it becomes a member has an id above all there were. */
    private boolean isRemoved() {
        return !memberships.isMember()
                && MemberId.node(config.self()) <= memberships.current().highestNode();
    }

    /** Until a higher ballot leads it back, or never, it learns from the leader that there is. */
    private void learnFromBelow(long from, long ballot, long floor, long takenOver) {
        if (wayBack.isReturning() && ballot < acceptor.promised()) {
            catchUp.servedBy(indexOf(from), floor - 1);
            stopIfRemoved(takenOver);
        }
    }

    private void sayReturning(long to, long promised) {
        peers.to(MemberId.node(to)).returning(config.self(), promised);
    }

    /**
     * What is below the promise, does not belong to its sender, or is far above all that is known
     * is not followed.
     */
    private boolean isRefused(long from, long ballot) {
        if (admission.hasStopped() || Ballot.owner(ballot) != MemberId.node(from)) {
            return true;
        }
        long lowest = proposer.lowestFollowed();
        if (ballot < lowest) {
            refuse(from, lowest);
            return true;
        }
        return !rounds.counts(from, ballot);
    }

    /** A refusal ends a leadership, which a node that may not help to elect another must not do. */
    private void refuse(long to, long lowest) {
        if (wayBack.isReturning()) {
            sayReturning(to, lowest);
        } else {
            peers.to(MemberId.node(to)).nack(config.self(), lowest);
        }
    }

    private void followBallot(long from, long ballot, long floor, long lastSlot) {
        proposer.meet(ballot);
        if (learner.chosenUpTo(ballot, floor - 1)) {
            proposer.commitMoved();
        }
        catchUp.servedBy(indexOf(from), floor - 1);
        catchUp.leaderProposed(indexOf(from), lastSlot);
    }

    @Override
    public void accepted(long from, long ballot, long upTo) {
        if (proposer.isLeadingUnder(ballot)) {
            leadership.accepted(indexOf(from), upTo, nowTick);
            readIndex.look();
            proposer.hasMoved();
        } else if (ballot <= acceptor.promised()) {
            quorumReads.voted(indexOf(from), ballot, upTo);
            // A leader's floor must rest on votes for its own ballot (I6).
            if (proposer.role() != Role.LEADING && quorumReads.learn()) {
                proposer.commitMoved();
            }
        }
    }

    @Override
    public void nack(long from, long promised) {
        if (rounds.counts(from, promised)) {
            proposer.meet(promised);
        }
    }

    @Override
    public void heartbeatHeard(
            long from,
            long ballot,
            long commitIndex,
            long nonce,
            long wallClockNs,
            int priority,
            long knows,
            int stalled,
            int granted) {
        catchUp.servedBy(indexOf(from), commitIndex);
        if (proposer.isLeadingUnder(ballot)) {
            leadership.heard(
                    indexOf(from),
                    commitIndex,
                    nonce,
                    wallClockNs,
                    priority,
                    knows,
                    stalled,
                    granted,
                    nowTick);
            readIndex.heartbeatHeard(indexOf(from), nonce);
            proposer.hasMoved();
        }
    }

    @Override
    public void handOver(long from, long ballot, long lastSlot) {
        boolean isItsOwn = Ballot.owner(ballot) == MemberId.node(from);
        if (admission.hasStopped() || !isItsOwn || ballot != acceptor.promised()) {
            return;
        }
        followBallot(from, ballot, lastSlot + 1, lastSlot);
        grant.givenUp(ballot);
        proposer.takeOver(ballot, lastSlot);
    }

    @Override
    public void fetch(long from, long firstSlot, long lastSlot) {
        long commitIndex = learner.commitIndex();
        if (firstSlot < 1 || lastSlot < firstSlot) {
            return;
        }
        if (firstSlot < kept.firstKept()) {
            peers.to(MemberId.node(from))
                    .compacted(config.self(), kept.firstKept(), kept.snapshotSlot());
        } else if (firstSlot <= commitIndex) {
            stored.sendChosen(MemberId.node(from), firstSlot, Math.min(lastSlot, commitIndex));
        } else if (proposer.role() == Role.LEADING) {
            leadership.resend(MemberId.node(from), firstSlot, lastSlot);
        }
    }

    @Override
    public void chosen(long from, Batch batch, long burstEnd) {
        if (!admission.admitsEntry(from, batch) || !room.learns(batch)) {
            return;
        }
        // A leader's floor must rest on votes for its own ballot: what others chose since may
        // differ from what its followers hold under that ballot (I6).
        repair.chosen(batch);
        if (proposer.role() == Role.LEADING) {
            return;
        }
        if (learner.chosen(batch)) {
            repair.known(batch.firstSlot(), batch.lastSlot());
            proposer.commitMoved();
            catchUp.served(indexOf(from), burstEnd, nowTick);
        }
    }

    @Override
    public void compacted(long from, long firstKept, long snapshotSlot) {
        repair.compacted(indexOf(from), firstKept, snapshotSlot);
        if (proposer.role() != Role.LEADING) {
            catchUp.compacted(indexOf(from), firstKept, snapshotSlot, nowTick);
        }
    }

    @Override
    public void fetchSnapshot(long from, long slot, long manifest, int chunk) {
        snapshots.send(MemberId.node(from), slot, manifest, chunk);
    }

    @Override
    public void snapshotPart(
            long from,
            long slot,
            long manifest,
            int chunk,
            DirectBuffer buffer,
            int offset,
            int length) {
        snapshots.received(MemberId.node(from), slot, manifest, chunk, buffer, offset, length);
    }

    @Override
    public void survey(long from, long ballot) {
        if (wayBack.isReturning() || isRefused(from, ballot)) {
            return;
        }
        long held = holds.isHeld() ? holds.haltedAt() : 0;
        peers.to(MemberId.node(from))
                .surveyed(
                        config.self(),
                        ballot,
                        holds.appliedIndex(),
                        holds.isHalted(),
                        held,
                        held == 0 ? 0 : holds.heldAgainst());
    }

    @Override
    public void surveyed(
            long from, long ballot, long applied, boolean halted, long held, long against) {
        if (proposer.isLeadingUnder(ballot)) {
            leadership.survey().surveyed(indexOf(from), applied, halted, held, against, nowTick);
        }
    }

    @Override
    public void hashed(long from, long slot, long hash, long nonce) {
        divergence.hashed(from, slot, hash, nonce);
    }

    @Override
    public void askHash(long from, long nonce, long slot) {
        divergence.asked(from, nonce, slot);
    }

    @Override
    public void stranger(long from, long expected, long clusterId) {
        admission.stranger(from, expected, clusterId);
    }

    @Override
    public void question(long from, long nonce) {
        if (!admission.hasStopped()) {
            peers.to(MemberId.node(from)).vouch(config.self(), nonce, proposer.highestKnown());
        }
    }

    @Override
    public void vouch(long from, long nonce, long ballot) {
        rounds.vouched(from, nonce, ballot);
    }

    @Override
    public void returning(long from, long promised) {
        if (rounds.counts(from, promised)) {
            proposer.returning(indexOf(from), promised);
        }
    }

    @Override
    public void askRun(long from, long nonce, long run, long records) {
        if (!admission.hasStopped()) {
            runs.asked(from, nonce, run, records);
        }
    }

    @Override
    public void ran(long from, long nonce, long run, long records, long asked, long held) {
        runs.told(from, nonce, run, records, asked, held);
    }

    @Override
    public void lacksRoom(long from, boolean votesOnReported) {
        proposer.lacksRoom(indexOf(from), votesOnReported);
    }

    @Override
    public void confirm(long from, long ballot, long nonce) {
        if (!wayBack.isReturning() && !isRefused(from, ballot)) {
            peers.to(MemberId.node(from)).confirmed(config.self(), ballot, nonce);
        }
    }

    @Override
    public void confirmed(long from, long ballot, long nonce) {
        if (proposer.isLeadingUnder(ballot)) {
            readIndex.confirmed(indexOf(from), nonce);
        }
    }

    @Override
    public void allChosen(long from, long ballot, long lastSlot) {
        if (!isRefused(from, ballot)) {
            acceptor.hearFloor(ballot, lastSlot + 1);
            followBallot(from, ballot, lastSlot + 1, lastSlot);
        }
    }

    @Override
    public void askIndex(long from, long read) {
        if (proposer.role() == Role.LEADING && !admission.hasStopped()) {
            readIndex.ask(from, read);
        }
    }

    @Override
    public void indexed(long from, long ballot, long read, long index) {
        reads.told(read, index);
        if (!isRefused(from, ballot)) {
            followBallot(from, ballot, index + 1, index);
        }
    }

    @Override
    public void askHighest(long from, long read) {
        if (!admission.hasStopped() && !wayBack.isReturning()) {
            peers.to(MemberId.node(from)).highest(config.self(), read, acceptor.lastSlot());
            acceptor.vote(MemberId.node(from));
        }
    }

    @Override
    public void highest(long from, long read, long lastSlot) {
        quorumReads.highest(indexOf(from), read, lastSlot);
    }

    private int indexOf(long member) {
        return memberships.numberOf(member);
    }

    /** What this replica is doing about leadership. */
    public Role role() {
        return proposer.role();
    }

    /** Whether this node is a member that only learns. */
    public boolean isObserver() {
        return memberships.isFounded() && memberships.isObserver();
    }

    /** Rounds left above the highest ballot that counts here. */
    public long roundsLeft() {
        return Ballot.MAX_ROUND - Ballot.round(proposer.highestKnown());
    }

    /** The highest ballot that counts here. */
    public long highestBallot() {
        return proposer.highestKnown();
    }

    /** Own ballot when preparing or leading, else the leader's or the highest promised. */
    public long ballot() {
        return proposer.ballot();
    }

    /** Node id of the leader this node knows, itself included; 0 when it knows none. */
    public int leader() {
        return proposer.leader();
    }

    /** Every slot up to it is known chosen here. */
    public long commitIndex() {
        return learner.commitIndex();
    }

    /** Last slot proposed when leading, else the last one held here. */
    public long lastSlot() {
        return proposer.role() == Role.LEADING ? leadership.lastSlot() : acceptor.lastSlot();
    }

    /** The cluster this node belongs to; 0 until genesis is chosen. */
    public long clusterId() {
        return memberships.current().clusterId();
    }

    /**
     * What this node's frames name as their cluster: until it knows one, what that is founded on.
     */
    public long spokenCluster() {
        return admission.spokenCluster();
    }

    /**
     * The membership in force; the configured one, with quorums of all, until genesis is chosen.
     */
    public Membership membership() {
        return memberships.current();
    }

    /** The latest valid membership that is known here, in force or to come. */
    public Membership newestMembership() {
        return memberships.newest().membership();
    }

    /**
     * A node that may know of the cluster is found there. Nothing follows from it but that this
     * node hears it and speaks to it, as long as the log does not say otherwise.
     */
    public void hint(int node, String address) {
        memberships.hint(node, address);
    }

    /** The slot from which on {@link #newestMembership} is in force; 0 until genesis is chosen. */
    public long membershipFirstSlot() {
        return memberships.newest().firstSlot();
    }

    /** Slot of the entry of {@link #newestMembership}; 0 until genesis is chosen. */
    public long membershipSlot() {
        return memberships.slot();
    }
}
