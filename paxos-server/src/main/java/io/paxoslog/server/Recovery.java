package io.paxoslog.server;

import io.paxoslog.core.Batch;
import io.paxoslog.core.JournalRecords;
import io.paxoslog.core.Replica;
import io.paxoslog.core.ReplicaConfig;
import io.paxoslog.log.ChronicleJournal;
import io.paxoslog.log.JournalReader;
import io.paxoslog.service.CommandApplier;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/** Brings a fresh replica and a fresh state machine to where the journal says they were. */
final class Recovery {
    private static final int BYTES_AT_ONCE = 8 << 20;

    private Recovery() {}

    /** Lets the replica hear the journal. Refuses other members before anything is written. */
    static void replay(ChronicleJournal journal, Replica replica, ReplicaConfig config) {
        journal.recover(new Checked(replica, config));
    }

    /** Feeds every chosen slot to the state machine. */
    static void apply(JournalReader reader, long commitIndex, CommandApplier applier) {
        Consumer<Batch> feed = applier::committed;
        long next = applier.appliedIndex() + 1;
        while (next <= commitIndex) {
            long after = reader.read(next, commitIndex, BYTES_AT_ONCE, feed);
            if (after == next) {
                throw new StartException(
                        StartException.Reason.DAMAGED,
                        "slot "
                                + next
                                + " is chosen but the journal does not hold it: replace this node",
                        null);
            }
            next = after;
        }
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
