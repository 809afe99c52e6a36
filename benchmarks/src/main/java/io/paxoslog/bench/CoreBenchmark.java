package io.paxoslog.bench;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the protocol alone costs: a batch goes from the leader's proposal to its commit on all
 * nodes, in one thread, with nothing written and nothing sent. Time is that of all nodes together.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class CoreBenchmark {
    /** Size of the cluster. */
    @Param({"1", "3", "5", "7"})
    public int nodes;

    /** Commands in a batch. */
    @Param({"1", "64"})
    public int batchCommands;

    private CoreCluster cluster;
    private UnsafeBuffer batch;

    /** Elects a leader; JMH calls it once before each trial. */
    @Setup
    public void elect() {
        batch = Commands.batch(batchCommands, 100, 1, 1);
        cluster = new CoreCluster(nodes, batch.capacity());
    }

    /** Measured by JMH. */
    @Benchmark
    public long commit() {
        return cluster.commit(batchCommands, batch, batch.capacity());
    }
}
