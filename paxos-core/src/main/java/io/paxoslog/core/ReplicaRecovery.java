package io.paxoslog.core;

import org.agrona.DirectBuffer;

/**
 * Hears the journal again after a restart. A value counts by the newest record of its slot; what is
 * chosen beats all.
 */
final class ReplicaRecovery implements JournalRecords {
    private final Acceptor acceptor;
    private final Learner learner;
    private final Proposer proposer;
    private final Memberships memberships;
    private final AgreedTime time;
    private final KeptLog kept;
    private final WayBack wayBack;
    private final KnownRuns runs;

    ReplicaRecovery(
            Acceptor acceptor,
            Learner learner,
            Proposer proposer,
            Memberships memberships,
            AgreedTime time,
            KeptLog kept,
            WayBack wayBack,
            KnownRuns runs) {
        this.acceptor = acceptor;
        this.learner = learner;
        this.proposer = proposer;
        this.memberships = memberships;
        this.time = time;
        this.kept = kept;
        this.wayBack = wayBack;
        this.runs = runs;
    }

    @Override
    public void promised(long ballot) {
        acceptor.recoverPromised(ballot);
        proposer.seen(ballot);
    }

    @Override
    public void campaigned(long ballot) {
        proposer.seen(ballot);
    }

    @Override
    public void accepted(Batch batch) {
        acceptor.recoverAccepted(batch);
        proposer.seen(batch.ballot());
        time.known(batch.timestamp());
    }

    @Override
    public void chosen(Batch batch) {
        learner.recoverChosen(batch);
        kept.recoverChosen(batch);
        time.known(batch.timestamp());
    }

    @Override
    public void committed(long ballot, long upTo) {
        learner.recoverCommitted(ballot, upTo);
        kept.recoverCommitted(ballot, upTo);
    }

    @Override
    public void membership(long slot, DirectBuffer buffer, int offset, int length) {
        memberships.recover(slot, buffer, offset, length);
    }

    @Override
    public void decision(long slot, DirectBuffer buffer, int offset, int length) {
        learner.recoverDecision(slot, Decision.decode(buffer, offset, length));
    }

    @Override
    public void held(long slot, long decision) {
        learner.recoverHeld(slot, decision);
    }

    @Override
    public void unknown(Batch batch) {
        if (batch.ballot() == Ballot.NONE) {
            learner.recoverChosen(batch);
            kept.recoverChosen(batch);
        } else {
            acceptor.recoverUnknown(batch);
            proposer.seen(batch.ballot());
        }
        time.known(batch.timestamp());
    }

    @Override
    public void returning(long promised) {
        wayBack.recoverReturning(promised);
    }

    @Override
    public void returned(long ballot) {
        wayBack.recoverReturned();
    }

    @Override
    public void remembered(long member, long run, long records) {
        runs.recover(member, run, records);
    }
}
