package io.paxoslog.gateway;

import io.paxoslog.core.Change;
import io.paxoslog.core.Decision;
import io.paxoslog.core.KnownVersions;
import io.paxoslog.core.Membership;
import io.paxoslog.core.Replica;
import io.paxoslog.core.Role;
import io.paxoslog.core.Version;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;

/** What the gateway needs of the replica: to propose, and to know who leads. */
public interface Proposals {
    /** Why operators are asked for patience where {@link #isUnsettled}. */
    String UNSETTLED = "the leader goes through what was open at its election or a change";

    /** Proposes entries as one batch; false: not taken, keep it. See {@link Replica#propose}. */
    boolean propose(int count, DirectBuffer entries, int offset, int length);

    /** Whether this node leads and takes commands. */
    boolean takesCommands();

    /** Whether this node leads, and an accept quorum answered within one time-out. */
    default boolean isConnected() {
        return takesCommands();
    }

    /** Agreed time as a batch would be stamped with it now, while this node takes commands. */
    long timeNs();

    /** Ticks between two heartbeats of a leader. */
    default int heartbeatTicks() {
        return 50;
    }

    /** What this node does about leadership. */
    Role role();

    /** The ballot of the leader, or the highest known. */
    long ballot();

    /** Node id of the leader; 0 when none is known. */
    int leader();

    /** Every slot up to it is chosen. */
    long commitIndex();

    /** Last slot proposed. */
    long lastSlot();

    /** Most slots that one batch may have. */
    int openSlotLimit();

    /** The cluster; 0 until it is founded. */
    long clusterId();

    /** Proposes a decision; false: {@link #refusal} says why not. See {@link Replica#decide}. */
    default boolean decide(Decision decision) {
        return false;
    }

    /** Why the last decision was not proposed. */
    default String refusal() {
        return "nothing can be decided here";
    }

    /** Whether the decision chosen at a slot came into force. */
    default boolean isInForce(long decisionSlot) {
        return false;
    }

    /** Whether the log skips the command at a slot. */
    default boolean isSkipped(long slot) {
        return false;
    }

    /** Slot of the latest decision about limits; 0 when there is none. */
    default long limitsDecidedAt() {
        return 0;
    }

    /** What is agreed. */
    default Version version() {
        return Version.FIRST;
    }

    /** Slot of the entry that says what is agreed; 0 when none does. */
    default long versionAt() {
        return 0;
    }

    /** Which versions this node can go by. */
    default KnownVersions knows() {
        return KnownVersions.OF_BUILD;
    }

    /** Where the state machine stands still; 0 while it goes on. */
    default long haltedAt() {
        return 0;
    }

    /** Whether this node leads and takes no commands for want of room on disks. */
    default boolean lacksRoom() {
        return false;
    }

    /** A read came that the leader is to confirm; false: that is not to be had here. */
    default boolean read(long ticket) {
        return false;
    }

    /** A read came that a quorum is to confirm; false: that is not to be had here. */
    default boolean readByQuorum(long ticket) {
        return false;
    }

    /** Whether this node reads by leases when it leads. */
    default boolean offersLeases() {
        return false;
    }

    /** A read came that is to ask nobody; false: no lease is held now. */
    default boolean readByLease(long ticket) {
        return false;
    }

    /** Whether this node leads under a ballot and holds a lease, by what its clock shows now. */
    default boolean holdsLease(long ballot) {
        return false;
    }

    /** Begins to change the membership; false: {@link #changeRefusal} says why not. */
    default boolean change(Change change) {
        return false;
    }

    /** Why the last change was not begun, or not given up. */
    default String changeRefusal() {
        return "no members can be changed here";
    }

    /** Gives up the change that is not proposed yet; false: there is none. */
    default boolean giveUpChange() {
        return false;
    }

    /** Whether a change is being prepared, or on its way into force. */
    default boolean isChanging() {
        return false;
    }

    /** What a change waits for before it is proposed; empty when none is prepared. */
    default String changeWaitsFor() {
        return "";
    }

    /**
     * Whether this node, which leads, is done with what was open when it began to and with the
     * window before a change; commands may wait for that, changes are not begun.
     */
    boolean isSettled();

    /** Whether this node, which leads, will be settled before long: nothing keeps it from it. */
    default boolean isUnsettled() {
        return !isSettled() && haltedAt() == 0 && !lacksRoom();
    }

    /** Begins to hand leadership over, or goes on; false: {@link #transferRefusal} says why not. */
    default boolean transfer(int node) {
        return false;
    }

    /** Why the last transfer was not begun. */
    default String transferRefusal() {
        return "leadership cannot be handed over here";
    }

    /** Node id of the member that leadership is on its way to; 0 for none. */
    default int transfersTo() {
        return 0;
    }

    /** What a transfer waits for; empty when none is under way. */
    default String transferWaitsFor() {
        return "";
    }

    /** Why the last transfer was given up; empty when it was not. */
    default String transferGivenUp() {
        return "";
    }

    /** The members that a change is prepared for here; null for none. */
    default Membership preparedMembership() {
        return null;
    }

    /** Whether this node is a member that only learns. */
    default boolean isObserver() {
        return false;
    }

    /** Whether whoever has this identity is a member, now or to come. */
    default boolean isMember(long identity) {
        return true;
    }

    /** The latest membership that is known, in force or to come; null when that is not told. */
    default Membership newestMembership() {
        return null;
    }

    /** Slot of the entry of {@link #newestMembership}; 0 until the cluster is founded. */
    default long membershipSlot() {
        return 0;
    }

    /** The slot from which on it is in force. */
    default long membershipFirstSlot() {
        return 0;
    }

    /**
     * The proposals of a replica.
     *
     * @param ticks what the clock shows that the replica is told of
     */
    static Proposals of(Replica replica, LongSupplier ticks) {
        return new ReplicaProposals(replica, ticks);
    }
}
