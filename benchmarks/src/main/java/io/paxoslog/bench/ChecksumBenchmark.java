package io.paxoslog.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
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

/** What the checksum of a journal record costs, by the size of the record. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ChecksumBenchmark {

    /** Size of the record. */
    @Param({"128", "1408", "8192"})
    public int recordBytes;

    private final CRC32C checksum = new CRC32C();
    private byte[] sample;

    /** Fills the record; JMH calls it once before each trial. */
    @Setup
    public void fillRecord() {
        sample = new byte[recordBytes];
        new Random(1).nextBytes(sample);
    }

    /** Measured by JMH. */
    @Benchmark
    public long checksum() {
        return checksumOf(sample);
    }

    long checksumOf(byte[] bytes) {
        checksum.reset();
        checksum.update(bytes, 0, bytes.length);
        return checksum.getValue();
    }
}
