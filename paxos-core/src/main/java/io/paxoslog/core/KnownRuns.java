package io.paxoslog.core;

import org.agrona.collections.Int2ObjectHashMap;

/**
 * Whether a member goes on from where it was. Each node remembers of each member the latest run and
 * how many of its records that member had on stable storage; in its journal, so that it still knows
 * after a start of its own. Another run is heard only once its node, asked at its configured
 * address, says that its journal holds all of that. Whoever does not is an older copy of a
 * directory, which has forgotten promises and votes: nothing it says counts here.
 *
 * <p>Nobody is believed on what a message says by itself: what is remembered comes from answers to
 * questions that only their receiver hears.
 */
final class KnownRuns implements Roster.Keeper {
    /** Shortest election time-outs between two questions to a member whose run is known. */
    private static final int REMEMBER_TIMEOUTS = 16;

    private static final int[] NO_NODES = {};

    private static final long CLOSED = 0;

    /** What is known of one member. */
    private static final class Peer {
        final long member;
        long run = Runs.NONE;
        long records;
        long question = CLOSED;
        long askedTick;
        boolean isBehind;

        Peer(long member, long nowTick) {
            this.member = member;
            this.askedTick = nowTick;
        }
    }

    private final ReplicaConfig config;
    private final JournalRecords journal;
    private final Peers peers;
    private final ReplicaEvents events;
    private final Memberships memberships;
    private final Nonces nonces;
    private final OwnRoom room;
    private final Seldom oldCopies;
    private final Seldom doubts;
    private final int intervalTicks;
    private final Int2ObjectHashMap<Peer> byNode = new Int2ObjectHashMap<>();
    private Runs own = new Runs();
    private long forced;
    private long nowTick;
    private int behind;

    KnownRuns(
            ReplicaConfig config,
            JournalRecords journal,
            Peers peers,
            ReplicaEvents events,
            Memberships memberships,
            Nonces nonces,
            OwnRoom room) {
        this.config = config;
        this.journal = journal;
        this.peers = peers;
        this.events = events;
        this.memberships = memberships;
        this.nonces = nonces;
        this.room = room;
        this.oldCopies = new Seldom(config.electionTimeoutTicks());
        this.doubts = new Seldom(config.electionTimeoutTicks());
        this.intervalTicks = REMEMBER_TIMEOUTS * config.electionTimeoutTicks();
    }

    /** The journal says what was remembered of a member. */
    void recover(long member, long run, long records) {
        Peer peer = peer(member);
        // Behind what is lost in a journal something earlier may be said again.
        if (!Runs.isLater(peer.run, peer.records, run, records)) {
            peer.run = run;
            peer.records = records;
        }
    }

    /** These are the runs of this node; so many records are on stable storage. */
    void runs(Runs runs, long records) {
        own = runs;
        forced = records;
    }

    void start(long tick) {
        nowTick = tick;
        for (Peer peer : byNode.values()) {
            peer.askedTick = tick;
        }
    }

    /** Of this node so many records are on stable storage. */
    void forced(long records) {
        forced = records;
    }

    void onTick(long tick) {
        nowTick = tick;
        // A journal without runs is one of no directory.
        if (own.current() == Runs.NONE || !memberships.isFounded()) {
            return;
        }
        for (int left = memberships.roster().all(); left != 0; left &= left - 1) {
            Peer peer = peer(memberships.roster().member(Integer.numberOfTrailingZeros(left)));
            boolean isOther =
                    peer.member != config.self() && MemberId.incarnation(peer.member) != 0;
            if (isOther && isDue(peer, intervalTicks)) {
                ask(peer);
            }
        }
    }

    /** What is remembered stays: an identity that comes back is the same one. */
    @Override
    public void left(int number, long member) {
        Peer peer = byNode.get(MemberId.node(member));
        if (peer != null && peer.isBehind) {
            peer.isBehind = false;
            behind--;
        }
    }

    private Peer peer(long member) {
        int node = MemberId.node(member);
        Peer peer = byNode.get(node);
        if (peer == null || peer.member != member) {
            peer = new Peer(member, nowTick);
            byNode.put(node, peer);
        }
        return peer;
    }

    /** Whether what a member says in a run of its counts; if not, it is asked. */
    boolean hears(long from, long run) {
        Peer peer = byNode.get(MemberId.node(from));
        if (peer == null
                || peer.run == Runs.NONE
                || peer.run == run
                || peer.member != from
                || from == config.self()) {
            return true;
        }
        if (isDue(peer, peer.isBehind ? intervalTicks : config.heartbeatTicks())) {
            ask(peer);
        }
        return false;
    }

    private boolean isDue(Peer peer, int patienceTicks) {
        return nowTick - peer.askedTick >= patienceTicks;
    }

    private void ask(Peer peer) {
        peer.askedTick = nowTick;
        int node = MemberId.node(peer.member);
        if (peer.question == CLOSED) {
            peer.question = nonces.next(node);
        }
        // The same number until it is answered: the answer may take longer than the patience.
        peers.to(node).askRun(config.self(), peer.question, peer.run, peer.records);
    }

    /** A member asks, and says what it remembers of this node. */
    void asked(long from, long nonce, long run, long records) {
        long held = run == Runs.NONE ? forced : own.heldUpTo(run, forced);
        if (own.current() == Runs.NONE) {
            return;
        }
        peers.to(MemberId.node(from)).ran(config.self(), nonce, own.current(), forced, run, held);
        if (held < records && doubts.isDue(nowTick)) {
            events.warning(
                    "node "
                            + MemberId.node(from)
                            + " does not hear this node: it says that run "
                            + Runs.number(run)
                            + " of this directory had "
                            + records
                            + " records on the disk, but there are "
                            + Math.max(held, 0)
                            + " here ("
                            + doubts.count()
                            + " times so far): if an old copy was put back, put the newest"
                            + " directory in its place; see docs/operations.md");
        }
    }

    /** A member says how it goes on; that counts if it knows what only it was told. */
    void told(long from, long nonce, long run, long records, long asked, long held) {
        Peer peer = byNode.get(MemberId.node(from));
        if (peer == null
                || peer.member != from
                || peer.question == CLOSED
                || peer.question != nonce
                || peer.run != asked
                || run == Runs.NONE) {
            return;
        }
        peer.question = CLOSED;
        behind -= peer.isBehind ? 1 : 0;
        peer.isBehind = held < peer.records;
        behind += peer.isBehind ? 1 : 0;
        if (peer.isBehind) {
            warnOfOldCopy(peer, held);
        } else if (run != peer.run || (records > peer.records && room.isForCommands())) {
            // Where room is short only another run is worth it: else its member is not heard.
            peer.run = run;
            peer.records = Math.max(records, peer.records);
            journal.remembered(from, run, peer.records);
        }
    }

    private void warnOfOldCopy(Peer peer, long held) {
        if (!oldCopies.isDue(nowTick)) {
            return;
        }
        events.warning(
                "not heard: node "
                        + MemberId.node(peer.member)
                        + " runs on an old copy of its directory: its run "
                        + Runs.number(peer.run)
                        + " had "
                        + peer.records
                        + " records on the disk, of which that directory holds "
                        + Math.max(held, 0)
                        + " ("
                        + oldCopies.count()
                        + " times so far): what it promised and voted for since is forgotten, so"
                        + " nothing it says counts; put its newest directory back, see"
                        + " docs/operations.md");
    }

    /** Ids of those members that are not heard, as they run on old copies. */
    int[] nodesBehind() {
        return behind == 0
                ? NO_NODES
                : byNode.values().stream()
                        .filter(peer -> peer.isBehind)
                        .mapToInt(peer -> MemberId.node(peer.member))
                        .sorted()
                        .toArray();
    }

    /** How many members are not heard, as they run on old copies. */
    int behind() {
        return behind;
    }
}
