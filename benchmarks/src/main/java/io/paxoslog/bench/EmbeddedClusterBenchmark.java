package io.paxoslog.bench;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Committed commands a second of three embedded nodes over UDP and files on this machine. A command
 * counts when the state machine's reply is in the client's hand.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "-Xmx2g",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"
        })
public class EmbeddedClusterBenchmark {
    private static final int COMMANDS = 1_000;

    /** Whether votes wait for the disk. */
    @Param({"async", "sync", "page-cache"})
    public String durability;

    /** Commands in flight. */
    @Param({"256", "4096"})
    public int window;

    /** Bytes of a command, drawn at random once. */
    @Param("100")
    public int payloadBytes;

    private EmbeddedCluster cluster;
    private DirectBuffer command;

    /** Starts the nodes and the client; JMH calls it once before each trial. */
    @Setup
    public void start() throws IOException {
        byte[] bytes = new byte[payloadBytes];
        new Random(1).nextBytes(bytes);
        command = new UnsafeBuffer(bytes);
        cluster = EmbeddedCluster.start(durability, window);
    }

    /** Measured by JMH: the window stays full, and so many replies come back. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public long commit() {
        long target = cluster.replies() + COMMANDS;
        while (cluster.replies() < target) {
            cluster.fillWindow(command);
        }
        return target;
    }

    /** Stops everything and removes the files. */
    @TearDown
    public void stop() throws IOException {
        cluster.close();
    }
}
