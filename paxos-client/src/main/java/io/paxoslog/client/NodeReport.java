package io.paxoslog.client;

import io.paxoslog.core.Decision;

/**
 * How a node stands, as it said itself.
 *
 * @param address HOST:PORT it was asked at
 * @param isReachable whether it answered; if not, the rest says nothing
 * @param node its id
 * @param role {@code leader}, {@code candidate}, {@code follower}, {@code observer} or {@code
 *     returning}
 * @param ballot the ballot it leads or follows, or the highest it promised
 * @param leader id of the leader it knows; 0 for none
 * @param commit every slot up to it is chosen
 * @param applied every slot up to it went through the state machine
 * @param synced highest slot known to be forced to its disk
 * @param clusterId the cluster; 0 until it is founded
 * @param haltedAt the slot whose command its state machine could not take, so that it stands still;
 *     0 when it goes on
 * @param needsRestart whether the log has decided about that slot, and the node goes on once it is
 *     restarted
 * @param slotInWork the slot that its state machine has had for a second or longer; 0 for none
 * @param inWorkMs for how long it has had that slot, in milliseconds
 * @param limitsDecidedAt slot of the decision that set the limits; 0 when none did
 * @param limits what sessions may hold, as of what the node has applied; null when it did not say
 * @param storage what the node keeps on its disk; null when it did not say
 * @param membership what it knows about who the members are
 * @param leases what it grants, and holds, for reads that ask nobody
 * @param appliedHash hash over everything applied: equal on nodes that applied the same
 */
public record NodeReport(
        String address,
        boolean isReachable,
        int node,
        String role,
        long ballot,
        int leader,
        long commit,
        long applied,
        long synced,
        long clusterId,
        long appliedHash,
        long haltedAt,
        boolean needsRestart,
        long slotInWork,
        long inWorkMs,
        long limitsDecidedAt,
        Decision.Limits limits,
        Storage storage,
        Membership membership,
        Leases leases) {

    /**
     * What a node grants, and holds, for reads that ask nobody ({@link ReadMode#LEASE}).
     *
     * @param ms for how long it promises its leader to elect nobody else; 0: it grants no leases
     * @param isHeld whether it leads and holds a lease; while it does not, such reads ask others
     */
    public record Leases(int ms, boolean isHeld) {
        static final Leases NONE = new Leases(0, false);
    }

    /**
     * What a node knows about who the members are.
     *
     * @param isChanging whether it prepares a change, or one is on its way into force
     * @param changeFirstSlot slot from which on a change that is chosen will be in force; 0 for
     *     none
     * @param behind ids, with commas between them, of members that it does not hear, as they run on
     *     old copies of their directories; empty for none
     */
    public record Membership(boolean isChanging, long changeFirstSlot, String behind) {
        static final Membership QUIET = new Membership(false, 0, "");
    }

    /**
     * What a node keeps on its disk.
     *
     * @param firstKept first slot that its log still holds
     * @param snapshotSlot slot of its newest snapshot; 0 for none
     * @param journalBytes bytes of its log
     * @param snapshotBytes bytes of its snapshots
     * @param freeBytes bytes that are free
     * @param floorBytes free bytes below which it votes on no new commands
     * @param room what there is room for: {@code commands}; {@code reported}, what keeps a log
     *     going that takes no new commands; or {@code ballots} only
     * @param unknownSlots chosen slots whose records are lost to damage
     * @param repairedSlots slots that were written down again since its start
     * @param scrubbedMs when all of it was read and checked last, in ms since 1970; 0 for not since
     *     its start
     */
    public record Storage(
            long firstKept,
            long snapshotSlot,
            long journalBytes,
            long snapshotBytes,
            long freeBytes,
            long floorBytes,
            String room,
            long unknownSlots,
            long repairedSlots,
            long scrubbedMs) {
        /** Whether the node votes on new commands. */
        public boolean votesOnCommands() {
            return "commands".equals(room);
        }
    }

    /** A node whose state machine goes on. */
    public NodeReport(
            String address,
            boolean isReachable,
            int node,
            String role,
            long ballot,
            int leader,
            long commit,
            long applied,
            long synced,
            long clusterId,
            long appliedHash) {
        this(
                address,
                isReachable,
                node,
                role,
                ballot,
                leader,
                commit,
                applied,
                synced,
                clusterId,
                appliedHash,
                0,
                false,
                0,
                0,
                0,
                null,
                null,
                Membership.QUIET,
                Leases.NONE);
    }

    static NodeReport unreachable(String address) {
        return new NodeReport(address, false, 0, "", 0, 0, 0, 0, 0, 0, 0);
    }
}
