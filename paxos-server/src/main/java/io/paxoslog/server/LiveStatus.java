package io.paxoslog.server;

import io.paxoslog.apply.ApplyFeed;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Room;
import io.paxoslog.gateway.NodeStatus;
import io.paxoslog.gateway.Snapshots;
import io.paxoslog.log.ChronicleJournal;
import io.paxoslog.metrics.ApplyCounters;

/** What a node tells its clients of itself, gathered where it is known. */
final class LiveStatus implements NodeStatus {
    private final NodeConfig config;
    private final SyncWatch syncWatch;
    private final ApplyFeed feed;
    private final ApplyCounters applyCounters;
    private final ChronicleJournal journal;
    private final DamageWatch damage;
    private final Scrubber scrubber;
    private final MembersWatch members;
    private LogKeeper keeper;

    LiveStatus(
            NodeConfig config,
            ChronicleJournal journal,
            SyncWatch syncWatch,
            ApplyFeed feed,
            ApplyCounters applyCounters,
            DamageWatch damage,
            Scrubber scrubber,
            MembersWatch members) {
        this.journal = journal;
        this.config = config;
        this.syncWatch = syncWatch;
        this.feed = feed;
        this.applyCounters = applyCounters;
        this.damage = damage;
        this.scrubber = scrubber;
        this.members = members;
    }

    /** Who knows of log and snapshots; said before anybody asks. */
    void keptBy(LogKeeper newKeeper) {
        keeper = newKeeper;
    }

    @Override
    public int node() {
        return config.id();
    }

    @Override
    public long identity() {
        return MemberId.of(config.id(), journal.incarnation());
    }

    @Override
    public String build() {
        return PaxosLog.build();
    }

    @Override
    public boolean isJoining() {
        return config.isJoining();
    }

    @Override
    public boolean isOneVoteEnough() {
        return config.get(Settings.DURABILITY) == Durability.SYNC;
    }

    @Override
    public long slotInWork() {
        return applyCounters.slotInWork();
    }

    @Override
    public long inWorkMs() {
        return applyCounters.inWorkMs();
    }

    @Override
    public boolean needsRestart() {
        return feed.needsRestart();
    }

    @Override
    public long syncedSlot() {
        return syncWatch.syncedSlot();
    }

    @Override
    public Snapshots snapshots() {
        return keeper;
    }

    @Override
    public long firstKept() {
        return keeper.firstKept();
    }

    @Override
    public long journalBytes() {
        return keeper.journalBytes();
    }

    @Override
    public long snapshotBytes() {
        return keeper.snapshotBytes();
    }

    @Override
    public long freeBytes() {
        return journal.freeBytes();
    }

    @Override
    public long floorBytes() {
        return journal.floorBytes();
    }

    @Override
    public Room room() {
        return journal.room();
    }

    @Override
    public long unknownSlots() {
        return damage.unknownSlots();
    }

    @Override
    public long repairedSlots() {
        return damage.repairedSlots();
    }

    @Override
    public long scrubbedMs() {
        return scrubber.endedMs();
    }

    @Override
    public int leaseMs() {
        return config.get(Settings.LEASE_MS);
    }

    @Override
    public String membersBehind() {
        return members.behind();
    }

    @Override
    public String addressOf(int node) {
        return members.addressOf(node);
    }
}
