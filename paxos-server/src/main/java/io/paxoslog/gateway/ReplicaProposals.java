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

/** {@link Proposals} of a replica. */
record ReplicaProposals(Replica replica, LongSupplier ticks) implements Proposals {
    @Override
    public boolean propose(int count, DirectBuffer entries, int offset, int length) {
        return replica.propose(count, entries, offset, length);
    }

    @Override
    public boolean isSettled() {
        return replica.isSettled();
    }

    @Override
    public boolean takesCommands() {
        return replica.takesCommands();
    }

    @Override
    public boolean isConnected() {
        return replica.isConnected();
    }

    @Override
    public long timeNs() {
        return replica.timeNs();
    }

    @Override
    public int heartbeatTicks() {
        return replica.heartbeatTicks();
    }

    @Override
    public Role role() {
        return replica.role();
    }

    @Override
    public long ballot() {
        return replica.ballot();
    }

    @Override
    public int leader() {
        return replica.leader();
    }

    @Override
    public long commitIndex() {
        return replica.commitIndex();
    }

    @Override
    public long lastSlot() {
        return replica.lastSlot();
    }

    @Override
    public int openSlotLimit() {
        return replica.membership().openSlotLimit();
    }

    @Override
    public long clusterId() {
        return replica.clusterId();
    }

    @Override
    public boolean decide(Decision decision) {
        return replica.decide(decision);
    }

    @Override
    public String refusal() {
        return replica.refusal();
    }

    @Override
    public boolean isInForce(long decisionSlot) {
        return replica.isInForce(decisionSlot);
    }

    @Override
    public boolean isSkipped(long slot) {
        return replica.isSkipped(slot);
    }

    @Override
    public long limitsDecidedAt() {
        return replica.limitsDecidedAt();
    }

    @Override
    public Version version() {
        return replica.version();
    }

    @Override
    public long versionAt() {
        return replica.versionAt();
    }

    @Override
    public KnownVersions knows() {
        return replica.knows();
    }

    @Override
    public long haltedAt() {
        return replica.haltedAt();
    }

    @Override
    public boolean lacksRoom() {
        return replica.lacksRoom();
    }

    @Override
    public boolean read(long ticket) {
        replica.read(ticket);
        return true;
    }

    @Override
    public boolean offersLeases() {
        return replica.offersLeases();
    }

    @Override
    public boolean readByLease(long ticket) {
        return replica.readByLease(ticket);
    }

    @Override
    public boolean holdsLease(long ballot) {
        return replica.holdsLease(ballot, ticks.getAsLong());
    }

    @Override
    public boolean readByQuorum(long ticket) {
        replica.readByQuorum(ticket);
        return true;
    }

    @Override
    public boolean change(Change change) {
        return replica.change(change);
    }

    @Override
    public String changeRefusal() {
        return replica.changeRefusal();
    }

    @Override
    public boolean giveUpChange() {
        return replica.giveUpChange();
    }

    @Override
    public boolean isChanging() {
        return replica.isChanging();
    }

    @Override
    public String changeWaitsFor() {
        return replica.changeWaitsFor();
    }

    @Override
    public boolean transfer(int node) {
        return replica.transfer(node);
    }

    @Override
    public String transferRefusal() {
        return replica.transferRefusal();
    }

    @Override
    public int transfersTo() {
        return replica.transfersTo();
    }

    @Override
    public String transferWaitsFor() {
        return replica.transferWaitsFor();
    }

    @Override
    public String transferGivenUp() {
        return replica.transferGivenUp();
    }

    @Override
    public Membership preparedMembership() {
        return replica.preparedMembership();
    }

    @Override
    public boolean isObserver() {
        return replica.isObserver();
    }

    @Override
    public boolean isMember(long identity) {
        return replica.membership().indexOf(identity) >= 0
                || replica.newestMembership().indexOf(identity) >= 0;
    }

    @Override
    public Membership newestMembership() {
        return replica.newestMembership();
    }

    @Override
    public long membershipSlot() {
        return replica.membershipSlot();
    }

    @Override
    public long membershipFirstSlot() {
        return replica.membershipFirstSlot();
    }
}
