package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.core.planted.Patience;
import io.paxoslog.service.Cluster;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import io.paxoslog.service.StateView;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Three nodes, somebody who fills orders without end, and a {@link Gateway} that is killed again
 * and again: it must have written down each reply and each fill once, in order.
 */
final class GatewayKills {
    private static final int ORDERS_A_LIFE = 30;
    private static final int BYTES_A_LIFE = 70 * 3 * ORDERS_A_LIFE;
    private static final int LEADER_LEAVES_EACH = 10;
    private static final int MOST_UNANSWERED = 8;

    private final Path directory;
    private final Random random = new Random(1);
    private final Map<Long, String> sent = new ConcurrentSkipListMap<>();
    private int kills;
    private int changes;

    GatewayKills(Path directory) {
        this.directory = directory;
    }

    /** {@code [kills]}. */
    public static void main(String[] args) throws Exception {
        int kills = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        Path directory = Files.createTempDirectory("gateway-kills");
        System.out.println(new GatewayKills(directory).run(kills));
        System.exit(0);
    }

    /** Orders rest until somebody takes them; their owner hears of it. */
    private final class Exchange implements StateMachine {
        private final Deque<String> resting = new ArrayDeque<>();
        private final Deque<Long> owners = new ArrayDeque<>();
        private Cluster cluster;

        @Override
        public void begin(Cluster newCluster) {
            cluster = newCluster;
        }

        @Override
        public void apply(Entry entry, Reply reply) {
            String command =
                    entry.buffer().getStringWithoutLengthUtf8(entry.offset(), entry.length());
            if (command.startsWith("order ")) {
                resting.add(command);
                owners.add(entry.session());
            } else if (!resting.isEmpty()) {
                fill(entry.slot(), owners.remove(), resting.remove());
            }
            byte[] bytes = command.getBytes(StandardCharsets.UTF_8);
            reply.resize(bytes.length).putBytes(0, bytes);
        }

        private void fill(long slot, long owner, String order) {
            byte[] bytes = order.getBytes(StandardCharsets.UTF_8);
            cluster.send(owner, new UnsafeBuffer(bytes), 0, bytes.length);
            String before = sent.put(slot, slot + ".0 " + order);
            assertThat(before).isIn(null, slot + ".0 " + order);
        }

        @Override
        public StateView view() {
            List<String> orders = List.copyOf(resting);
            List<Long> theirs = List.copyOf(owners);
            return out -> {
                DataOutputStream to = new DataOutputStream(out);
                to.writeInt(orders.size());
                for (int i = 0; i < orders.size(); i++) {
                    to.writeUTF(orders.get(i));
                    to.writeLong(theirs.get(i));
                }
            };
        }

        @Override
        public void restore(InputStream in) throws IOException {
            DataInputStream from = new DataInputStream(in);
            resting.clear();
            owners.clear();
            for (int left = from.readInt(); left > 0; left--) {
                resting.add(from.readUTF());
                owners.add(from.readLong());
            }
        }
    }

    /** Returns what there is to say about it. */
    String run(int wantedKills) throws Exception {
        int orders = ORDERS_A_LIFE * (wantedKills + 1);
        Path file = directory.resolve("book");
        Map<Setting<?>, Object> settings = new HashMap<>(TestNodes.SMALL_FILES);
        try (TestNodes nodes = new TestNodes(directory, 3, settings)) {
            nodes.startAll(id -> new Exchange());
            nodes.awaitLeader();
            ClientConfig config = ClientConfig.of(nodes.addresses());
            try (PaxosClient taker = PaxosClient.connect(config, (s, t, b, o, l) -> {})) {
                while (kills < wantedKills) {
                    live(nodes, taker, file, orders, 1 + random.nextInt(BYTES_A_LIFE));
                    if (kills % LEADER_LEAVES_EACH == 0 && kills < wantedKills) {
                        changeLeader(nodes, taker);
                    }
                }
                live(nodes, taker, file, orders, Integer.MAX_VALUE);
            }
        }
        return judge(file, orders);
    }

    /** One life of the gateway: until it has written so many more bytes, or to its end. */
    private void live(TestNodes nodes, PaxosClient taker, Path file, int orders, int bytes)
            throws Exception {
        long before = bytesOf(file);
        Process gateway = start(nodes, file, orders);
        try {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Patience.ms());
            while (gateway.isAlive() && bytesOf(file) - before < bytes) {
                take(taker);
                assertThat(System.nanoTime()).as("a life in time").isLessThan(deadline);
            }
            if (gateway.isAlive()) {
                kills++;
            } else {
                assertThat(gateway.exitValue()).as(said()).isZero();
            }
        } finally {
            gateway.destroyForcibly().waitFor();
        }
    }

    private static long bytesOf(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private String said() throws IOException {
        return Files.readString(directory.resolve("said"));
    }

    private Process start(TestNodes nodes, Path file, int orders) throws IOException {
        List<String> words =
                ChildJvm.command(
                        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                        Gateway.class,
                        String.join(",", nodes.addresses()),
                        file.toString(),
                        Integer.toString(orders));
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile())
                .start();
    }

    private static void take(PaxosClient taker) {
        byte[] command = "take".getBytes(StandardCharsets.UTF_8);
        if (taker.unanswered() < MOST_UNANSWERED) {
            assertThat(taker.offer(new UnsafeBuffer(command), 0, command.length)).isPositive();
        }
        if (taker.poll() == 0) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
        }
    }

    private void changeLeader(TestNodes nodes, PaxosClient taker) {
        int leader = nodes.awaitLeader();
        nodes.stop(leader);
        assertThat(taker.drain(Duration.ofMillis(Patience.ms()))).isTrue();
        nodes.startAgain(leader, new Exchange());
        changes++;
    }

    private String judge(Path file, int orders) throws IOException {
        List<GatewayBook.Line> lines = GatewayBook.lines(file);
        List<String> replies = texts(lines, "reply");
        List<String> placed =
                IntStream.rangeClosed(1, orders).mapToObj(number -> "order " + number).toList();
        assertThat(texts(lines, "begin")).hasSize(1);
        assertThat(replies.stream().map(text -> text.replaceAll(" at .*", ""))).isEqualTo(placed);
        assertThat(texts(lines, "fill")).isEqualTo(List.copyOf(sent.values()));
        assertThat(sent).hasSize(orders);
        return "%d kills of the gateway, %d of the leader; %d orders, each answered and filled once"
                .formatted(kills, changes, orders);
    }

    private static List<String> texts(List<GatewayBook.Line> lines, String kind) {
        return lines.stream()
                .filter(line -> line.kind().equals(kind))
                .map(GatewayBook.Line::text)
                .toList();
    }
}
