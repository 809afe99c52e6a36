package io.paxoslog.server;

import io.paxoslog.apply.ApplyFeed;
import io.paxoslog.core.Replica;
import io.paxoslog.core.Room;
import io.paxoslog.gateway.ClientGateway;
import io.paxoslog.log.ChronicleJournal;
import io.paxoslog.media.DroppedDatagrams;
import io.paxoslog.metrics.ReplicaCounters;
import io.paxoslog.transport.PeerTransport;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;

/**
 * The turn of the replica, over and over: hear, write down, speak. Belongs to the thread that has
 * the replica.
 */
final class ReplicaAgent {
    /** What {@link #turn} returns when it was the last. */
    static final int ENDED = -2;

    private final Media media;
    private final PeerTransport peers;
    private final ClientGateway clients;
    private final ChronicleJournal journal;
    private final Replica replica;
    private final ApplyFeed feed;
    private final Applying applying;
    private final ApplyWatch applyWatch;
    private final LogKeeper keeper;
    private final LocalTails localTails;
    private final ReplicaCounters counters;
    private final SyncWatch syncWatch;
    private final RoomWatch roomWatch;
    private final DamageWatch damage;
    private final Scrubber scrubber;
    private final MembersWatch members;
    private final Farewell farewell;
    private final VersionWatch version;
    private final StopRequest stop;
    private final Runnable close;
    private final Ticks ticks;
    private final EpochNanoClock wallClock = SystemEpochNanoClock.INSTANCE;
    private long nowNs;
    private long tick;
    private boolean isNewTick;

    /**
     * @param close gives back every part, on the thread that has the replica
     */
    ReplicaAgent(NodeParts parts, StopRequest stop, Runnable close) {
        this.ticks = parts.ticks();
        this.media = parts.media();
        this.peers = parts.peers();
        this.clients = parts.clients();
        this.journal = parts.journal();
        this.replica = parts.replica();
        this.feed = parts.feed();
        this.applying = parts.applying();
        this.applyWatch = parts.applyWatch();
        this.keeper = parts.keeper();
        this.localTails = parts.localTails();
        this.counters = parts.counters();
        this.syncWatch = parts.syncWatch();
        this.roomWatch = parts.roomWatch();
        this.damage = parts.damage();
        this.scrubber = parts.scrubber();
        this.members = parts.members();
        this.farewell = parts.farewell();
        this.version = parts.version();
        this.close = close;
        this.stop = stop;
    }

    /** Before the first turn. Throws nothing. */
    void start() {
        nowNs = ticks.nanoTime();
        tick = ticks.of(nowNs);
        try {
            replica.start(tick, wallClock.nanoTime());
        } catch (IllegalStateException e) {
            stop.forGood(e.getMessage());
        } catch (Throwable e) {
            stop.because(Failures.cause(e));
        }
    }

    /** From now on this thread has the replica. */
    void ownedBy(Thread thread) {
        peers.ownedBy(thread);
        journal.ownedBy(thread);
    }

    /**
     * One turn, or the end when somebody asked for it or something broke. Throws nothing.
     *
     * @return how much was done, {@link #ENDED}, or {@link Applying#RELIEVED} when another thread
     *     has the replica now
     */
    int turn() {
        try {
            int work = hearWriteSpeak();
            int applied = applying.turn(isAnythingAwaited());
            if (applied == Applying.RELIEVED) {
                return applied;
            }
            work += applied + hearApplied();
            if (journal.hasFailed()) {
                stop.because("the disk failed: " + journal.failure() + "; see docs/files.md");
                return ENDED;
            }
            if (!stop.isMade() || farewell.goesOn(stop, replica, tick)) {
                return work;
            }
        } catch (Throwable e) {
            // Also what user code throws without declaring it.
            stop.because(Failures.cause(e));
        }
        return ENDED;
    }

    private boolean isAnythingAwaited() {
        return replica.takesCommands() || isNewTick || clients.awaitsAnswers();
    }

    /** Hear, write down, speak. No promise and no vote leaves before the disk holds it. */
    private int hearWriteSpeak() {
        replica.room(journal.room());
        int work = media.invoke() + peers.poll() + clients.poll() + tellTime();
        replica.endTurn();
        work += speak();
        journal.endTurn();
        work += peers.release(syncedPosition());
        work += speak() + peers.catchUp() + peers.moveSnapshots(tick);
        return work + feed.catchUp(replica.commitIndex());
    }

    /** What came of what was handed over, in this turn or before. */
    private int hearApplied() {
        int work = clients.hearApplied();
        feed.hear(clients.applied(), replica);
        localTails.tell(replica.clusterId());
        return work + clients.flush();
    }

    /** What is for others leaves before this node does its own part: they work meanwhile. */
    private int speak() {
        int said = peers.flush();
        if (said > 0) {
            media.invoke();
        }
        return said + peers.hearSelf();
    }

    private int tellTime() {
        nowNs = ticks.nanoTime();
        long now = ticks.of(nowNs);
        isNewTick = now != tick;
        if (!isNewTick) {
            return 0;
        }
        tick = now;
        long wallClockNs = wallClock.nanoTime();
        clients.onTick(now, wallClockNs);
        replica.forced(journal.forcedRecords());
        replica.onTick(now, wallClockNs);
        members.onTick(replica);
        version.onTick(replica);
        counters.progress(replica.commitIndex(), clients.applied().index(), replica.lastSlot());
        counters.haltedAt(feed.haltedAt());
        counters.differsAt(replica.differsAt());
        counters.membersBehind(replica.membersBehind());
        watchApplying();
        watchRoom();
        keeper.onTick(nowNs);
        localTails.onTick(wallClockNs);
        damage.onTick(nowNs, replica);
        scrubber.reaches(replica.firstKept(), replica.commitIndex());
        counters.clients(clients.clientCount(), clients.malformedFrames());
        countDropped(media.dropped());
        return 0;
    }

    private void countDropped(DroppedDatagrams dropped) {
        counters.dropped(
                dropped.malformedCount(),
                dropped.foreignCount(),
                dropped.refusedCount(),
                peers.refusals() + clients.refusals());
    }

    private void watchRoom() {
        Room room = journal.room();
        counters.room(room, journal.freeBytes(), journal.floorBytes());
        roomWatch.room(room, journal.freeBytes(), journal.floorBytes());
    }

    private void watchApplying() {
        applyWatch.onTick(
                nowNs,
                replica.commitIndex(),
                clients.applied().index(),
                applying.slotInWork(),
                feed.isBehind(),
                feed.unreadableAt());
    }

    private long syncedPosition() {
        long synced = journal.syncedPosition();
        syncWatch.synced(synced, nowNs);
        syncWatch.appended(journal.appendedPosition(), replica.lastSlot(), nowNs);
        return synced;
    }

    /** After the last turn. */
    void close() {
        close.run();
    }
}
