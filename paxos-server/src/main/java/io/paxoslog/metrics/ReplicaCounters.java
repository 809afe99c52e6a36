package io.paxoslog.metrics;

import io.paxoslog.core.Role;
import io.paxoslog.core.Room;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * What one node counts. Written by the replica thread, read by anybody.
 *
 * <p>Counters lie in memory that goes when the media driver does, so what this process asks for is
 * kept beside them.
 */
public final class ReplicaCounters {
    /** Type of the first counter; the others follow. Aeron leaves numbers from 1000 on to users. */
    public static final int FIRST_TYPE_ID = 5301;

    private final AtomicCounter role;
    private final AtomicCounter ballot;
    private final AtomicCounter leader;
    private final AtomicCounter commitIndex;
    private final AtomicCounter appliedIndex;
    private final AtomicCounter openSlots;
    private final AtomicCounter syncTimeNs;
    private final AtomicCounter elections;
    private final AtomicCounter framesRefused;
    private final AtomicCounter framesNotAdmitted;
    private final AtomicCounter framesDropped;
    private final AtomicCounter clients;
    private final AtomicCounter clientFramesRefused;
    private final AtomicCounter damagedRecords;
    private final AtomicCounter damagedSlot;
    private final AtomicCounter datagramsMalformed;
    private final AtomicCounter datagramsForeign;
    private final AtomicCounter streamsRefused;
    private final AtomicCounter sendersRefused;
    private final AtomicCounter haltedAt;
    private final AtomicCounter differsAt;
    private final AtomicCounter membersBehind;
    private final AtomicCounter room;
    private final AtomicCounter freeBytes;
    private final AtomicCounter floorBytes;
    private final AtomicCounter unknownSlots;
    private final AtomicCounter repairedSlots;
    private final AtomicCounter scrubs;

    private volatile Role roleNow = Role.FOLLOWING;
    private volatile int leaderNow;
    private volatile long committedNow;
    private volatile long appliedNow;
    private volatile long haltedNow;

    /** Makes the counters of a node. */
    public ReplicaCounters(CounterSource source, int node) {
        String suffix = " of node " + node;
        int type = FIRST_TYPE_ID;
        role = source.counter(type++, "role (0 follower, 1 to 2 candidate, 3 leader)" + suffix);
        ballot = source.counter(type++, "ballot (round * 65536 + owner)" + suffix);
        leader = source.counter(type++, "leader known" + suffix);
        commitIndex = source.counter(type++, "commit index" + suffix);
        appliedIndex = source.counter(type++, "applied index" + suffix);
        openSlots = source.counter(type++, "open slots" + suffix);
        syncTimeNs = source.counter(type++, "last time from append to synced, ns" + suffix);
        elections = source.counter(type++, "elections begun" + suffix);
        framesRefused = source.counter(type++, "frames that were no messages" + suffix);
        framesNotAdmitted = source.counter(type++, "frames of strangers" + suffix);
        framesDropped = source.counter(type++, "messages dropped by back-pressure" + suffix);
        clients = source.counter(type++, "clients connected" + suffix);
        clientFramesRefused =
                source.counter(type++, "frames of clients that were no messages" + suffix);
        damagedRecords = source.counter(type++, "records that cannot be read back" + suffix);
        damagedSlot = source.counter(type++, "last slot met that cannot be read back" + suffix);
        datagramsMalformed = source.counter(type++, "datagrams that do not fit" + suffix);
        datagramsForeign = source.counter(type++, "datagrams of unknown streams" + suffix);
        streamsRefused = source.counter(type++, "streams refused for want of room" + suffix);
        sendersRefused = source.counter(type++, "senders refused for what they sent" + suffix);
        haltedAt = source.counter(type++, "slot the state machine is halted at" + suffix);
        differsAt = source.counter(type++, "slot at which what is applied differs" + suffix);
        membersBehind = source.counter(type++, "members not heard on old copies" + suffix);
        room =
                source.counter(
                        type++, "votes on (0 commands, 1 what is reported, 2 nothing)" + suffix);
        freeBytes = source.counter(type++, "bytes free on the disk" + suffix);
        floorBytes = source.counter(type++, "free bytes that new commands need" + suffix);
        unknownSlots = source.counter(type++, "slots lost to damage, now" + suffix);
        repairedSlots = source.counter(type++, "slots written down again" + suffix);
        scrubs = source.counter(type, "times everything was read and checked" + suffix);
    }

    /** The role, ballot or leader changed. */
    public void role(Role now, long currentBallot, int currentLeader) {
        if (now == Role.CANVASSING && roleNow != now) {
            elections.incrementRelease();
        }
        roleNow = now;
        leaderNow = currentLeader;
        role.setRelease(numberOf(now));
        ballot.setRelease(currentBallot);
        leader.setRelease(currentLeader);
    }

    private static long numberOf(Role role) {
        return switch (role) {
            case FOLLOWING -> 0;
            case CANVASSING -> 1;
            case PREPARING -> 2;
            case LEADING -> 3;
            case RETURNING -> 4;
        };
    }

    /** How far the log has come. */
    public void progress(long committed, long applied, long lastSlot) {
        committedNow = committed;
        appliedNow = applied;
        commitIndex.setRelease(committed);
        appliedIndex.setRelease(applied);
        openSlots.setRelease(lastSlot - committed);
    }

    /** Where the state machine stands still, 0 when it goes on. */
    public void haltedAt(long slot) {
        if (slot != haltedNow) {
            haltedNow = slot;
            haltedAt.setRelease(slot);
        }
    }

    /** Where the state machine stands still. Any thread, also after the node has stopped. */
    public long haltedAt() {
        return haltedNow;
    }

    /** First slot at which what is applied is not what others applied; 0 for none. */
    public void differsAt(long slot) {
        differsAt.setRelease(slot);
    }

    /** How many members are not heard, as they run on old copies of their directories. */
    public void membersBehind(int count) {
        membersBehind.setRelease(count);
    }

    /** What the disk has room for. */
    public void room(Room now, long free, long floor) {
        room.setRelease(numberOf(now));
        freeBytes.setRelease(free);
        floorBytes.setRelease(floor);
    }

    private static long numberOf(Room room) {
        return switch (room) {
            case COMMANDS -> 0;
            case REPORTED -> 1;
            case BALLOTS -> 2;
        };
    }

    /** How many clients are connected, and what they sent that could not be read. */
    public void clients(int connected, long refused) {
        clients.setRelease(connected);
        clientFramesRefused.setRelease(refused);
    }

    /** A record was met that cannot be read back. Any thread. */
    public void damaged(long firstSlot) {
        damagedRecords.getAndAdd(1);
        damagedSlot.setRelease(firstSlot);
    }

    /** How many chosen slots are lost to damage now, and how many were written down again. */
    public void repair(long unknown, long repaired) {
        unknownSlots.setRelease(unknown);
        repairedSlots.setRelease(repaired);
    }

    /** Everything on the disk was read and checked once more. Any thread. */
    public void scrubbed() {
        scrubs.getAndAdd(1);
    }

    /** What came from the network and was not heard. */
    public void dropped(long malformed, long foreign, long refusedStreams, long refusedSenders) {
        datagramsMalformed.setRelease(malformed);
        datagramsForeign.setRelease(foreign);
        streamsRefused.setRelease(refusedStreams);
        sendersRefused.setRelease(refusedSenders);
    }

    /** How long the disk took. */
    public void synced(long tookNs) {
        syncTimeNs.setRelease(tookNs);
    }

    /** How far the log is known chosen. Any thread, also after the node has stopped. */
    public long commitIndex() {
        return committedNow;
    }

    /** How far the log has been applied. Any thread, also after the node has stopped. */
    public long appliedIndex() {
        return appliedNow;
    }

    /** What this node does about leadership. Any thread, also after the node has stopped. */
    public Role role() {
        return roleNow;
    }

    /** The leader it knows, 0 for none. Any thread, also after the node has stopped. */
    public int leader() {
        return leaderNow;
    }

    /** Counts frames that were no messages. */
    public AtomicCounter framesRefused() {
        return framesRefused;
    }

    /** Counts frames of senders that are not to be heard. */
    public AtomicCounter framesNotAdmitted() {
        return framesNotAdmitted;
    }

    /** Counts messages that never left. */
    public AtomicCounter framesDropped() {
        return framesDropped;
    }
}
