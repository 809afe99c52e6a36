package io.paxoslog.server;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.JournalRecords;
import io.paxoslog.core.Replica;
import io.paxoslog.core.ReplicaConfig;
import io.paxoslog.log.ChronicleJournal;
import org.agrona.DirectBuffer;

/**
 * Brings a fresh replica to where the journal says it was; the state machine is fed afterwards,
 * while the node takes part.
 */
final class Recovery {
    private Recovery() {}

    /** Lets the replica hear the journal. Refuses other members before anything is written. */
    static void replay(ChronicleJournal journal, Replica replica, ReplicaConfig config) {
        journal.recover(new Checked(replica, config));
        requireRoundsLeft(replica);
    }

    private static void requireRoundsLeft(Replica replica) {
        if (replica.roundsLeft() >= Ballot.LEAST_ROUNDS_LEFT) {
            return;
        }
        throw new StartException(
                StartException.Reason.BALLOTS,
                "the journal records ballot "
                        + Ballot.text(replica.highestBallot())
                        + ", which leaves "
                        + replica.roundsLeft()
                        + " of the "
                        + Ballot.MAX_ROUND
                        + " rounds there are: no elections use up so many, so it was forged or the"
                        + " directory is damaged. A promise is never taken back, and an older copy"
                        + " of the directory must not be used either: leave this node down; the"
                        + " others serve on as long as they are a quorum",
                null);
    }

    /** Passes records on and looks at the membership whenever it may have changed. */
    private static final class Checked implements JournalRecords {
        private final Replica replica;
        private final JournalRecords recovery;
        private final ReplicaConfig config;

        Checked(Replica replica, ReplicaConfig config) {
            this.replica = replica;
            this.recovery = replica.recovery();
            this.config = config;
        }

        private void requireSameMembership() {
            String difference =
                    replica.membership().hasIncarnations()
                            ? replica.membership().differenceTo(config)
                            : null;
            if (difference != null) {
                throw new StartException(StartException.Reason.MEMBERSHIP, difference, null);
            }
        }

        @Override
        public void promised(long ballot) {
            recovery.promised(ballot);
        }

        @Override
        public void campaigned(long ballot) {
            recovery.campaigned(ballot);
        }

        @Override
        public void accepted(Batch batch) {
            recovery.accepted(batch);
        }

        @Override
        public void chosen(Batch batch) {
            recovery.chosen(batch);
        }

        @Override
        public void committed(long ballot, long upTo) {
            recovery.committed(ballot, upTo);
        }

        @Override
        public void membership(long slot, DirectBuffer buffer, int offset, int length) {
            recovery.membership(slot, buffer, offset, length);
            requireSameMembership();
        }

        @Override
        public void decision(long slot, DirectBuffer buffer, int offset, int length) {
            recovery.decision(slot, buffer, offset, length);
        }

        @Override
        public void held(long slot, long decision) {
            recovery.held(slot, decision);
        }
    }
}
