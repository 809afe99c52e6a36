package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.aeron.CncFileDescriptor;
import io.aeron.driver.status.SystemCounterDescriptor;
import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.ReadMode;
import io.paxoslog.client.ReplyListener;
import io.paxoslog.client.Subscription;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Query;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What a command costs in steady state, counted and not timed: no garbage on any thread on its
 * road, hardly more bytes on the wire than the copies that have to be sent, and a small part of a
 * system call to send them. All of that once it is compiled well.
 */
@Tag("compiled")
@Timeout(240)
@Isolated
class CostPerCommandTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 150_000;
    private static final int ROUNDS = 5;

    /** Where a machine is slow it takes long until all is compiled that makes no garbage then. */
    private static final int MOST_ROUNDS = 60;

    private static final int MEASURED = 100_000;
    private static final int NODES = 3;
    private static final int COMMAND_BYTES = 100;

    /**
     * What the seconds of a run cost whatever they carry, timers and a leaf of the index, which are
     * more where a machine is slow. One object a command would be sixteen.
     */
    private static final double MOST_GARBAGE_A_COMMAND = 0.5;

    /** Session, sequence and lengths with each command, headers with each message. */
    private static final double MOST_WIRE_BYTES_A_COPY = 1.5 * COMMAND_BYTES;

    /** Commands share datagrams; alone each would take seven, with what receivers answer. */
    private static final double MOST_DATAGRAMS_A_COMMAND = 1;

    private static final List<ReadMode> READS =
            List.of(ReadMode.READ_INDEX, ReadMode.FOLLOWER, ReadMode.QUORUM, ReadMode.STALE);
    private static final int READS_TO_WARM_UP = 40_000;
    private static final int READS_MEASURED = 20_000;

    /** Beside what time costs, whatever is done in it: see above. */
    private static final double MOST_GARBAGE_A_READ = 2;

    private static final int PUSHED_TO_WARM_UP = 60_000;
    private static final int COMMANDS_BETWEEN_POLLS = 200;

    private static final Path UDP_COUNTERS = Path.of("/proc/net/snmp");

    @TempDir Path directory;

    private final double[] leastGarbage = new double[NODES + 1];
    private double leastDatagrams = Double.MAX_VALUE;
    private long answered;
    private long pushed;

    @Test
    void aCommandCostsNoGarbageAndItsCopiesAndPartOfADatagram() throws IOException {
        Map<Setting<?>, Object> settings =
                Map.of(
                        Settings.DURABILITY,
                        "async",
                        Settings.ELECTION_TIMEOUT_MS,
                        2_000,
                        Settings.AERON_PARENT,
                        directory);
        try (TestNodes nodes = new TestNodes(directory, NODES, settings)) {
            nodes.startAll(() -> (entry, reply) -> reply.resize(0));
            ClientConfig config = ClientConfig.of(nodes.addresses()).withWindow(512);
            try (PaxosClient client = PaxosClient.connect(config, (q, s, r, o, l) -> answered++)) {
                append(client, WARM_UP);
                long sentBefore = bytesSent();
                int rounds = playRounds(client);
                assertThat(mostGarbage())
                        .as("most garbage a command on one thread")
                        .isLessThan(MOST_GARBAGE_A_COMMAND);
                assertThat(leastDatagrams)
                        .as("datagrams of nodes and client a command")
                        .isLessThan(MOST_DATAGRAMS_A_COMMAND);
                assertThat((bytesSent() - sentBefore) / ((double) rounds * MEASURED))
                        .as("bytes sent by all nodes a command")
                        .isBetween(
                                (double) (NODES - 1) * COMMAND_BYTES,
                                (NODES - 1) * MOST_WIRE_BYTES_A_COPY);
            }
        }
    }

    /** Of each kind, answered by whichever node; those through the log are commands. */
    @Test
    void aReadCostsNoGarbage() {
        Map<Setting<?>, Object> settings =
                Map.of(
                        Settings.DURABILITY,
                        "async",
                        Settings.ELECTION_TIMEOUT_MS,
                        2_000,
                        Settings.AERON_PARENT,
                        directory);
        try (TestNodes nodes = new TestNodes(directory, NODES, settings)) {
            nodes.startAll(Answering::new);
            ClientConfig config = ClientConfig.of(nodes.addresses()).withWindow(512);
            try (PaxosClient client = PaxosClient.connect(config, new Counting())) {
                append(client, 1);
                for (ReadMode mode : READS) {
                    read(client, mode, READS_TO_WARM_UP);
                }
                long[] threads = threadsOnTheRoad();
                for (ReadMode mode : READS) {
                    Arrays.fill(leastGarbage, Double.MAX_VALUE);
                    for (int round = 0; isToPlay(round, MOST_GARBAGE_A_READ); round++) {
                        long[] before = THREADS.getThreadAllocatedBytes(threads);
                        read(client, mode, READS_MEASURED);
                        noteGarbage(
                                before, THREADS.getThreadAllocatedBytes(threads), READS_MEASURED);
                    }
                    assertThat(mostGarbage())
                            .as("most garbage a read on one thread, " + mode)
                            .isLessThan(MOST_GARBAGE_A_READ);
                }
            }
        }
    }

    private boolean isToPlay(int round, double bound) {
        return round < ROUNDS || (round < MOST_ROUNDS && mostGarbage() >= bound);
    }

    /** Of the thread that makes most. */
    private double mostGarbage() {
        return Arrays.stream(leastGarbage).max().getAsDouble();
    }

    private void noteGarbage(long[] before, long[] after, int of) {
        for (int i = 0; i < before.length; i++) {
            double bytes = (after[i] - before[i]) / (double) of;
            leastGarbage[i] = Math.min(leastGarbage[i], bytes);
        }
    }

    private void read(PaxosClient client, ReadMode mode, int reads) {
        UnsafeBuffer query = new UnsafeBuffer(new byte[Long.BYTES]);
        long goal = answered + reads;
        int asked = 0;
        YieldingIdleStrategy idle = YieldingIdleStrategy.INSTANCE;
        while (answered < goal) {
            while (asked < reads && client.read(mode, 0, 60_000, query, 0, Long.BYTES) > 0) {
                asked++;
            }
            idle.idle(client.poll());
        }
    }

    /** Neither at its node nor at the subscriber, which is this thread, as the client is. */
    @Test
    void aCommandThatIsPushedToASubscriberCostsNoGarbage() {
        Map<Setting<?>, Object> settings =
                Map.of(
                        Settings.DURABILITY,
                        "async",
                        Settings.ELECTION_TIMEOUT_MS,
                        2_000,
                        Settings.AERON_PARENT,
                        directory);
        try (TestNodes nodes = new TestNodes(directory, NODES, settings)) {
            nodes.startAll(() -> (entry, reply) -> reply.resize(0));
            ClientConfig config = ClientConfig.of(nodes.addresses()).withWindow(512);
            try (PaxosClient client = PaxosClient.connect(config, (q, s, r, o, l) -> answered++);
                    Subscription log = Subscription.open(config, 1, (b, o, l, h) -> pushed++)) {
                append(client, log, PUSHED_TO_WARM_UP);
                long[] threads = threadsOnTheRoad();
                Arrays.fill(leastGarbage, Double.MAX_VALUE);
                for (int round = 0; isToPlay(round, MOST_GARBAGE_A_READ); round++) {
                    long[] before = THREADS.getThreadAllocatedBytes(threads);
                    append(client, log, READS_MEASURED);
                    noteGarbage(before, THREADS.getThreadAllocatedBytes(threads), READS_MEASURED);
                }
                assertThat(mostGarbage())
                        .as("most garbage a pushed command on one thread")
                        .isLessThan(MOST_GARBAGE_A_READ);
            }
        }
    }

    private void append(PaxosClient client, Subscription log, int commands) {
        for (int left = commands; left > 0; left -= COMMANDS_BETWEEN_POLLS) {
            append(client, COMMANDS_BETWEEN_POLLS);
            log.poll();
        }
        YieldingIdleStrategy idle = YieldingIdleStrategy.INSTANCE;
        while (pushed < answered) {
            idle.idle(log.poll());
        }
    }

    private static final class Answering implements StateMachine {
        @Override
        public void apply(Entry entry, Reply reply) {}

        @Override
        public void query(Query query, Reply answer) {
            answer.resize(Long.BYTES).putLong(0, query.slot());
        }
    }

    private final class Counting implements ReplyListener {
        @Override
        public void onReply(long sequence, long slot, DirectBuffer reply, int at, int length) {
            answered++;
        }

        @Override
        public void onRead(long read, long slot, DirectBuffer answer, int at, int length) {
            answered++;
        }

        @Override
        public void onReadFailed(long read, ClientError why, String about) {
            throw new AssertionError(why + " " + about);
        }
    }

    /**
     * What commands cost comes back in every round; a new file, what the virtual machine makes when
     * it compiles, and what others on this machine send does not.
     */
    private int playRounds(PaxosClient client) throws IOException {
        int rounds = 0;
        long[] threads = threadsOnTheRoad();
        assertThat(threads).as("threads on the road").hasSize(NODES + 1);
        Arrays.fill(leastGarbage, Double.MAX_VALUE);
        for (; isToPlay(rounds, MOST_GARBAGE_A_COMMAND); rounds++) {
            long datagramsBefore = datagramsSent();
            long[] before = THREADS.getThreadAllocatedBytes(threads);
            append(client, MEASURED);
            long[] after = THREADS.getThreadAllocatedBytes(threads);
            double datagrams = (datagramsSent() - datagramsBefore) / (double) MEASURED;
            leastDatagrams = Math.min(leastDatagrams, datagrams);
            noteGarbage(before, after, MEASURED);
        }
        return rounds;
    }

    /** A system call each; all that left this machine by UDP, 0 where that cannot be known. */
    private static long datagramsSent() throws IOException {
        if (!Files.exists(UDP_COUNTERS)) {
            return 0;
        }
        List<String[]> udp =
                Files.readAllLines(UDP_COUNTERS).stream()
                        .filter(line -> line.startsWith("Udp:"))
                        .map(line -> line.split(" "))
                        .toList();
        int column = Arrays.asList(udp.get(0)).indexOf("OutDatagrams");
        return Long.parseLong(udp.get(1)[column]);
    }

    /** The replica threads, and this one, which is the client's. */
    private static long[] threadsOnTheRoad() {
        LongStream replicas =
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("paxos-node-"))
                        .mapToLong(Thread::getId);
        return LongStream.concat(replicas, LongStream.of(Thread.currentThread().getId())).toArray();
    }

    private void append(PaxosClient client, int commands) {
        UnsafeBuffer command = new UnsafeBuffer(new byte[COMMAND_BYTES]);
        long goal = answered + commands;
        int offered = 0;
        YieldingIdleStrategy idle = YieldingIdleStrategy.INSTANCE;
        while (answered < goal) {
            while (offered < commands && client.offer(command, 0, command.capacity()) > 0) {
                offered++;
            }
            idle.idle(client.poll());
        }
    }

    private long bytesSent() {
        try (Stream<Path> all = Files.walk(directory, 3)) {
            return all.filter(path -> path.endsWith(CncFileDescriptor.CNC_FILE))
                    .mapToLong(CostPerCommandTest::bytesSent)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long bytesSent(Path cncFile) {
        MappedByteBuffer cnc = IoUtil.mapExistingFile(cncFile.toFile(), "cnc");
        try {
            UnsafeBuffer head = CncFileDescriptor.createMetaDataBuffer(cnc);
            return new CountersReader(
                            CncFileDescriptor.createCountersMetaDataBuffer(cnc, head),
                            CncFileDescriptor.createCountersValuesBuffer(cnc, head))
                    .getCounterValue(SystemCounterDescriptor.BYTES_SENT.id());
        } finally {
            BufferUtil.free(cnc);
        }
    }
}
