package io.paxoslog.core;

import org.agrona.DirectBuffer;

/**
 * All that replicas say to one another. The transport encodes it, the replica hears it, the
 * simulator records it.
 *
 * <p>{@code from} is always the sender's {@link MemberId}. Every message may be lost, late,
 * repeated or overtaken. {@link #prepare}, {@link #promisedSlots}, {@link #promise}, {@link
 * #accepted} and {@link #surveyed} leave only once the disk holds what they rest on ({@link
 * SyncRule}); the others leave at once.
 */
public interface PeerMessages {
    /** In the place of the number of a chunk: the first piece of the manifest, which lists them. */
    int MANIFEST = -1;

    /** In the place of a priority: the sender could take no commands as leader. */
    int UNABLE = -1;

    /** The highest priority there is. */
    int MOST_PRIORITY = 100;

    /**
     * Could {@code ballot} win? Asked before a ballot is used; changes nothing at the one who is
     * asked.
     */
    void canvass(long from, long ballot, long commitIndex);

    /**
     * Answer to {@link #canvass}.
     *
     * @param ballot the ballot that was asked about
     * @param granted whether the sender would promise it
     * @param promised the highest ballot the sender has seen, so that the candidate can go above it
     * @param commitIndex up to where the sender can serve chosen slots
     */
    void canvassed(long from, long ballot, boolean granted, long promised, long commitIndex);

    /** Phase 1a, for every slot from {@code firstSlot} on. */
    void prepare(long from, long ballot, long firstSlot);

    /**
     * Part of phase 1b: slots that the sender accepted, at or above the slot that Prepare named and
     * above its commit index.
     *
     * @param ballot the ballot that is promised
     * @param accepted the slots; {@code accepted.ballot()} is the one they were accepted under
     */
    void promisedSlots(long from, long ballot, Batch accepted);

    /**
     * Phase 1b: {@code ballot} is promised and everything up to {@code commitIndex} is chosen.
     *
     * @param slots how many slots the sender accepted at or above the one that Prepare named and
     *     above {@code commitIndex}; the promise counts only when all of them have come
     * @param knows the newest {@link Version} that the sender can go by, {@linkplain Version#told
     *     as one number}; 0 when it does not say
     */
    void promise(long from, long ballot, long commitIndex, long slots, long knows);

    /** Phase 2a. {@code floor} is the leader's commit index + 1: every slot below it is chosen. */
    void accept(long from, Batch batch, long floor);

    /**
     * Phase 2b: each slot from the highest floor heard under {@code ballot} up to {@code upTo} is
     * held durably under exactly this ballot, or known chosen here.
     */
    void accepted(long from, long ballot, long upTo);

    /** Refusal of a Prepare, Accept or heartbeat whose ballot is below {@code promised}. */
    void nack(long from, long promised);

    /**
     * The leader lives.
     *
     * @param floor the leader's commit index + 1
     * @param lastSlot the last slot proposed, so that a lost tail is noticed
     * @param connected whether an accept quorum answered within the last election time-out
     * @param nonce this heartbeat's own number, never used again; 0 from a build without them
     * @param reported the last slot that Phase 1 of this ballot reported, or the one before the
     *     ballot's first slot; {@link Long#MAX_VALUE} from a build that does not say, and while the
     *     leader does not know it of each membership that matters
     * @param takenOver slot of the membership in force, once an accept quorum of it holds all that
     *     the ones before governed and something above; 0 before
     * @param lease for how many ticks the leader asks for a lease; 0 when it wants none, and gives
     *     up what it was granted for earlier heartbeats
     */
    void heartbeat(
            long from,
            long ballot,
            long floor,
            long lastSlot,
            boolean connected,
            long nonce,
            long reported,
            long takenOver,
            int lease);

    /**
     * Answer to a heartbeat; never waits for a disk, and so says nothing about votes.
     *
     * @param nonce the heartbeat's number
     * @param wallClockNs what the sender's wall clock shows, nanoseconds since 1970
     * @param priority how gladly the sender is seen leading, 0 to {@link #MOST_PRIORITY}; 0 from a
     *     build that does not say, {@link #UNABLE} while it is halted, short of room, or stops
     * @param knows as in {@link #promise}
     * @param stalled for how much of the last while the sender had no turns, in percent; 0 from a
     *     build that does not say
     * @param granted for how many ticks from now on the sender helps nobody else to lead; 0 when it
     *     granted no lease
     */
    void heartbeatHeard(
            long from,
            long ballot,
            long commitIndex,
            long nonce,
            long wallClockNs,
            int priority,
            long knows,
            int stalled,
            int granted);

    /**
     * The leader of {@code ballot} wants the receiver to lead in its place, at once and without a
     * {@link #canvass}. It proposes nothing under that ballot any more.
     *
     * @param lastSlot the last slot that it proposed; everything up to it is chosen
     */
    void handOver(long from, long ballot, long lastSlot);

    /**
     * Asks for slots: chosen values of those known chosen, and from the leader Accepts of those
     * still open.
     */
    void fetch(long from, long firstSlot, long lastSlot);

    /**
     * Chosen values, whatever ballot they were chosen under.
     *
     * @param burstEnd last slot that this answer to a {@link #fetch} brings; whoever wants more
     *     asks again then
     */
    void chosen(long from, Batch batch, long burstEnd);

    /**
     * Answer to {@link #fetch}: slots below {@code firstKept} are in the sender's log no more.
     *
     * @param snapshotSlot everything up to it is in the sender's newest snapshot; 0 when there is
     *     none
     */
    void compacted(long from, long firstKept, long snapshotSlot);

    /**
     * Asks for a part of a snapshot.
     *
     * @param slot the snapshot's; 0 for the newest
     * @param manifest id of the manifest that the part belongs to; 0 while it is not known
     * @param chunk number of the chunk; from {@link #MANIFEST} down, a piece of the manifest
     */
    void fetchSnapshot(long from, long slot, long manifest, int chunk);

    /**
     * Answer to {@link #fetchSnapshot}: one part, or none of it when the sender has not got that
     * snapshot any more.
     */
    void snapshotPart(
            long from,
            long slot,
            long manifest,
            int chunk,
            DirectBuffer buffer,
            int offset,
            int length);

    /**
     * A leader whose own state machine is halted asks how those of the others stand: somebody else
     * may take its place, or the slot may be passed.
     */
    void survey(long from, long ballot);

    /**
     * Answer to {@link #survey}. Leaves only once the disk holds what it says of a hold.
     *
     * @param applied every slot up to it was applied by the sender's state machine
     * @param halted whether that state machine stands still
     * @param held the slot it holds below, written down as {@link JournalRecords#held}; 0 when
     *     there is none
     * @param against slot of the decision that the hold rests on; 0 when there is none
     */
    void surveyed(long from, long ballot, long applied, boolean halted, long held, long against);

    /**
     * A hash of all that the sender's state machine was given, and of what came of it.
     *
     * @param slot everything up to it was applied; one of those at which all members tell
     * @param nonce the number of the {@link #askHash} that this answers; 0 when nobody asked
     */
    void hashed(long from, long slot, long hash, long nonce);

    /**
     * A hash came under the receiver's name that differs from the sender's own: does the receiver
     * stand by it? Goes to the receiver's configured address; whoever has no hash of that slot does
     * not answer.
     *
     * @param nonce told to nobody else
     */
    void askHash(long from, long nonce, long slot);

    /**
     * The receiver is not the member the sender's log records: the node id is known under another
     * incarnation, or belongs to another cluster.
     *
     * @param expected the identity that the sender's log records for that node id
     * @param clusterId the sender's cluster
     */
    void stranger(long from, long expected, long clusterId);

    /**
     * A ballot came under the receiver's name that is far above all that the sender knows: what is
     * the highest the receiver stands by? Goes to the receiver's configured address.
     *
     * @param nonce told to nobody else, and never used again once it was answered
     */
    void question(long from, long nonce);

    /**
     * Answer to {@link #question}.
     *
     * @param nonce the question's number
     * @param ballot the highest ballot that counts at the sender; {@link Ballot#NONE} for none
     */
    void vouch(long from, long nonce, long ballot);

    /**
     * The sender may have forgotten votes, and takes no part before a leader of a ballot above
     * {@code promised} leads it back. Its answer to a canvass and to a heartbeat, and to what is
     * below its promise instead of {@link #nack}.
     */
    void returning(long from, long promised);

    /**
     * In which run is the receiver, and how far does its journal hold what the sender remembers of
     * it? Goes to the receiver's configured address; heard whatever run the sender is in.
     *
     * @param nonce told to nobody else, and never used again once it was answered
     * @param run the latest run of the receiver that the sender knows; {@link Runs#NONE} for none
     * @param records how many records it had on stable storage then
     */
    void askRun(long from, long nonce, long run, long records);

    /**
     * Answer to {@link #askRun}; heard whatever run the sender is in.
     *
     * @param nonce the question's number
     * @param run the sender's
     * @param records how many records it has on stable storage
     * @param asked the run that was asked about
     * @param held how many records of its journal belong to that run and those before; {@link
     *     Runs#NOT_HELD} when it does not know that run
     */
    void ran(long from, long nonce, long run, long records, long asked, long held);

    /**
     * The disk of the sender is short of room: for now it does not vote on new commands. Said with
     * each answer to a canvass and to a heartbeat, and for each batch that it does not take; no
     * word of it for one time-out means that there is room.
     *
     * @param votesOnReported whether it votes on what Phase 1 reported, no-ops, memberships and
     *     decisions all the same; if not, it promises only
     */
    void lacksRoom(long from, boolean votesOnReported);

    /**
     * Has the receiver promised a ballot above this one? Asked by its leader, for all reads that
     * came before.
     *
     * @param nonce the question's number, never used again
     */
    void confirm(long from, long ballot, long nonce);

    /** Answer to {@link #confirm}: it has not. Whoever has, or may have forgotten, says so. */
    void confirmed(long from, long ballot, long nonce);

    /**
     * Reads came to the sender, which the leader is to find an index for.
     *
     * @param read number of the latest of them, never used again
     */
    void askIndex(long from, long read);

    /**
     * Answer to {@link #askIndex}, of the leader of {@code ballot}, which led after these reads
     * came.
     *
     * @param index every slot up to it is chosen; the reads may be answered once that is applied
     */
    void indexed(long from, long ballot, long read, long index);

    /** Reads came to the sender that go on without a leader: what does the receiver know of? */
    void askHighest(long from, long read);

    /**
     * Answer to {@link #askHighest}; beside it goes the vote, as to a leader.
     *
     * @param read the number that was asked with
     * @param lastSlot the highest slot that the sender has accepted, or knows chosen
     */
    void highest(long from, long read, long lastSlot);

    /**
     * All that the leader has proposed is chosen, and no accept is on its way that would tell so.
     * Not answered, and no sign of life: who misses it hears as much in the next heartbeat.
     *
     * @param lastSlot every slot up to it is chosen
     */
    void allChosen(long from, long ballot, long lastSlot);
}
