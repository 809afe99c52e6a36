package io.paxoslog.bench;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.JournalRecords;
import io.paxoslog.log.ChronicleJournal;
import io.paxoslog.log.Durability;
import io.paxoslog.log.JournalConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the journal costs a command: appending it to mapped files that are forced in the background,
 * and hearing it again after a start. Each shot writes or reads a journal of its own.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "-Xmx2g",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"
        })
public class JournalBenchmark {
    private static final int COMMANDS = 1 << 20;
    private static final int NODE = 1;

    /** A journal that is open and empty. */
    @State(Scope.Thread)
    public static class Open {
        /** Commands in one record. */
        @Param({"1", "64"})
        public int batchCommands;

        private final Batch batch = new Batch();
        private Path directory;
        ChronicleJournal journal;
        private UnsafeBuffer entries;
        private long slot;

        /** Makes it; JMH calls it once before each shot. */
        @Setup(Level.Invocation)
        public void open() throws IOException {
            directory = Directories.create();
            entries = Commands.batch(batchCommands, 100, 1, 1);
            slot = 1;
            openAgain();
        }

        long openAgain() {
            SlotCount count = new SlotCount();
            journal = ChronicleJournal.open(JournalConfig.of(directory, NODE, Durability.ASYNC));
            journal.recover(count);
            return count.slots;
        }

        long write() {
            long ballot = Ballot.of(1, NODE);
            for (int i = 0; i < COMMANDS / batchCommands; i++) {
                batch.slots(ballot, slot, batchCommands)
                        .value(Batch.COMMANDS, ballot, slot)
                        .bytes(entries, 0, entries.capacity());
                journal.accepted(batch);
                journal.endTurn();
                slot += batchCommands;
            }
            return journal.appendedPosition();
        }

        /** Removes it. */
        @TearDown(Level.Invocation)
        public void close() {
            journal.close();
            Directories.delete(directory);
        }
    }

    /** A journal that was written and closed. */
    @State(Scope.Thread)
    public static class Written extends Open {
        /** Writes it; JMH calls it once before each shot. */
        @Override
        @Setup(Level.Invocation)
        public void open() throws IOException {
            super.open();
            write();
            journal.close();
        }
    }

    /** Measured by JMH. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public long append(Open open) {
        return open.write();
    }

    /** Measured by JMH: opens, checks and says again all there is. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public long replay(Written written) {
        return written.openAgain();
    }

    private static final class SlotCount implements JournalRecords {
        private long slots;

        @Override
        public void promised(long ballot) {}

        @Override
        public void campaigned(long ballot) {}

        @Override
        public void accepted(Batch batch) {
            slots += batch.count();
        }

        @Override
        public void chosen(Batch batch) {
            slots += batch.count();
        }

        @Override
        public void committed(long ballot, long upTo) {}

        @Override
        public void membership(long slot, DirectBuffer buffer, int offset, int length) {}

        @Override
        public void decision(long slot, DirectBuffer buffer, int offset, int length) {}

        @Override
        public void held(long slot, long decision) {}

        @Override
        public void returning(long promised) {}

        @Override
        public void returned(long ballot) {}

        @Override
        public void remembered(long member, long run, long records) {}
    }
}
