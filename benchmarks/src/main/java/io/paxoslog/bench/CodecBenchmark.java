package io.paxoslog.bench;

import io.paxoslog.codecs.peer.AcceptDecoder;
import io.paxoslog.codecs.peer.AcceptEncoder;
import io.paxoslog.codecs.peer.MessageHeaderDecoder;
import io.paxoslog.codecs.peer.MessageHeaderEncoder;
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

/** What it costs to write and to read the message that carries commands between nodes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class CodecBenchmark {
    /** Commands in the message, of 100 bytes each. */
    @Param({"1", "64"})
    public int batchCommands;

    private final MessageHeaderEncoder headerOut = new MessageHeaderEncoder();
    private final AcceptEncoder out = new AcceptEncoder();
    private final MessageHeaderDecoder headerIn = new MessageHeaderDecoder();
    private final AcceptDecoder in = new AcceptDecoder();
    private final UnsafeBuffer read = new UnsafeBuffer(0, 0);
    private UnsafeBuffer entries;
    private UnsafeBuffer message;

    /** Writes the message once, to be read; JMH calls it once before each trial. */
    @Setup
    public void lay() {
        entries = Commands.batch(batchCommands, 100, 1, 1);
        message = new UnsafeBuffer(new byte[entries.capacity() + 256]);
        encode();
    }

    /** Measured by JMH. */
    @Benchmark
    public int encode() {
        out.wrapAndApplyHeader(message, 0, headerOut);
        out.sender().clusterId(1).member(2);
        out.floor(3);
        out.slots().ballot(4).firstSlot(5).originBallot(6).timestamp(7).count(batchCommands);
        out.putEntries(entries, 0, entries.capacity());
        return out.encodedLength();
    }

    /** Measured by JMH: reads the numbers and finds the commands, which stay where they are. */
    @Benchmark
    public long decode() {
        in.wrapAndApplyHeader(message, 0, headerIn);
        long sum = in.sender().member() + in.floor() + in.slots().ballot() + in.slots().count();
        in.wrapEntries(read);
        return sum + read.capacity();
    }
}
