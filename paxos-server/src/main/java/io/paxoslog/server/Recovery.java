package io.paxoslog.server;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Base;
import io.paxoslog.core.Batch;
import io.paxoslog.core.JournalRecords;
import io.paxoslog.core.Replica;
import io.paxoslog.core.ReplicaConfig;
import io.paxoslog.log.ChronicleJournal;
import io.paxoslog.log.SnapshotManifest;
import java.nio.file.Path;
import org.agrona.DirectBuffer;

/**
 * Brings a fresh replica to where the journal says it was; the state machine is fed afterwards,
 * while the node takes part.
 */
final class Recovery {
    private Recovery() {}

    /**
     * Lets the replica hear the newest snapshot and the journal above it. Refuses ballots that
     * leave hardly any, and what this build cannot go by, before anything is written.
     *
     * @param newest null when there is none
     */
    static void replay(
            ChronicleJournal journal,
            Replica replica,
            ReplicaConfig config,
            Path directory,
            SnapshotManifest newest) {
        Checked checked = new Checked(replica, directory);
        if (newest == null) {
            journal.recover(checked);
        } else {
            replica.recoverSnapshot(
                    newest.slot(), newest.timeNs(), newest.memberships(), newest.decisions());
            checked.requireKnownVersion();
            journal.recover(checked, newest.slot());
        }
        requireBase(replica, config.base(), directory);
    }

    private static void requireBase(Replica replica, Base base, Path directory) {
        if (replica.commitIndex() < base.slot()) {
            throw new StartException(
                    StartException.Reason.DAMAGED,
                    "the journal in %s was made with the slots up to %d of an earlier cluster, and holds those up to %d only: make the directory again, from the same backup or survivors"
                            .formatted(directory, base.slot(), replica.commitIndex()),
                    null);
        }
    }

    /** Passes records on and looks at ballots whenever they may have changed. */
    private static final class Checked implements JournalRecords {
        private final Replica replica;
        private final JournalRecords recovery;
        private final Path directory;

        Checked(Replica replica, Path directory) {
            this.replica = replica;
            this.recovery = replica.recovery();
            this.directory = directory;
        }

        private void requireKnownVersion() {
            String lacking = replica.lacksAgreed();
            if (lacking != null) {
                throw new StartException(
                        StartException.Reason.NEWER_FORMAT,
                        "the directory %s: %s".formatted(directory, lacking),
                        null);
            }
        }

        private void requireRoundsLeft() {
            if (replica.roundsLeft() >= Ballot.LEAST_ROUNDS_LEFT) {
                return;
            }
            throw new StartException(
                    StartException.Reason.BALLOTS,
                    "the journal in "
                            + directory
                            + " records ballot "
                            + Ballot.text(replica.highestBallot())
                            + ", which leaves "
                            + replica.roundsLeft()
                            + " of "
                            + Ballot.MAX_ROUND
                            + " rounds: no elections use up so many, so it was forged or comes of"
                            + " damage. A promise is never taken back, and an older copy of the"
                            + " directory must not be used either: keep it as it is and this node"
                            + " down; the others serve on as long as they are a quorum",
                    null);
        }

        @Override
        public void promised(long ballot) {
            recovery.promised(ballot);
            requireRoundsLeft();
        }

        @Override
        public void campaigned(long ballot) {
            recovery.campaigned(ballot);
            requireRoundsLeft();
        }

        @Override
        public void accepted(Batch batch) {
            recovery.accepted(batch);
            requireRoundsLeft();
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
        }

        @Override
        public void decision(long slot, DirectBuffer buffer, int offset, int length) {
            recovery.decision(slot, buffer, offset, length);
            requireKnownVersion();
        }

        @Override
        public void held(long slot, long decision) {
            recovery.held(slot, decision);
        }

        @Override
        public void unknown(Batch batch) {
            recovery.unknown(batch);
            requireRoundsLeft();
        }

        @Override
        public void returning(long promised) {
            recovery.returning(promised);
        }

        @Override
        public void returned(long ballot) {
            recovery.returned(ballot);
        }

        @Override
        public void remembered(long member, long run, long records) {
            recovery.remembered(member, run, records);
        }
    }
}
