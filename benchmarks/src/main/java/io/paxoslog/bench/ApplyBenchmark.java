package io.paxoslog.bench;

import io.paxoslog.core.Batch;
import io.paxoslog.service.CommandApplier;
import io.paxoslog.service.EntryFormat;
import io.paxoslog.service.LogStateMachine;
import io.paxoslog.service.SessionLimits;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a chosen command costs from the log to its kept reply, while commands of many sessions take
 * turns: it must not grow with their number.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class ApplyBenchmark {
    private static final int BATCH = 64;
    private static final int PAYLOAD_BYTES = 100;

    /** Sessions that are open and active. */
    @Param({"1", "1000", "10000"})
    public int sessions;

    private CommandApplier applier;
    private UnsafeBuffer bytes;
    private final Batch batch = new Batch();
    private long[] sequences;
    private long[] ids;
    private int turn;
    private long slot;

    /** Opens the sessions; JMH calls it once before each trial. */
    @Setup
    public void open() {
        SessionLimits limits = SessionLimits.DEFAULT;
        applier =
                new CommandApplier(
                        new LogStateMachine(),
                        new SessionLimits(
                                Math.max(sessions, limits.maxSessions()),
                                limits.maxInFlight(),
                                limits.maxReplyBytes(),
                                limits.maxCachedBytes()));
        bytes = Commands.batch(BATCH, PAYLOAD_BYTES, 1, 1);
        sequences = new long[sessions];
        ids = new long[sessions];
        UnsafeBuffer opening = new UnsafeBuffer(new byte[EntryFormat.OVERHEAD_BYTES]);
        for (int i = 0; i < sessions; i++) {
            EntryFormat.putHead(opening, 0, EntryFormat.OPEN_SESSION, 1000L + i, 0, 0, 0);
            ids[i] = slot + 1;
            commit(1, opening);
        }
    }

    private void commit(int count, UnsafeBuffer entries) {
        batch.slots(1, slot + 1, count)
                .value(Batch.COMMANDS, 1, slot)
                .bytes(entries, 0, entries.capacity());
        applier.committed(batch);
        slot += count;
    }

    /** Measured by JMH: one batch, each command of the next session. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long apply() {
        int entryBytes = EntryFormat.OVERHEAD_BYTES + PAYLOAD_BYTES;
        for (int i = 0; i < BATCH; i++) {
            turn = turn + 1 < sessions ? turn + 1 : 0;
            long sequence = ++sequences[turn];
            EntryFormat.putHead(
                    bytes,
                    i * entryBytes,
                    EntryFormat.COMMAND,
                    ids[turn],
                    sequence,
                    sequence,
                    PAYLOAD_BYTES);
        }
        commit(BATCH, bytes);
        return applier.appliedIndex();
    }
}
