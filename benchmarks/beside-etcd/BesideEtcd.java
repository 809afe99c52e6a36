import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientDriver;
import io.paxoslog.client.ReadMode;
import io.paxoslog.client.SharedClient;
import io.paxoslog.kv.KvPut;
import io.paxoslog.kv.KvRange;
import io.paxoslog.kv.KvReply;
import io.paxoslog.kv.KvResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Puts and linearizable gets of one store, with so many in flight: {@code etcd|paxoslog
 * ADDRESS[,ADDRESS]... IN_FLIGHT SECONDS}. Keys are 16 bytes, values 100. Each answer is checked;
 * what fails ends the run.
 */
public final class BesideEtcd {
    private static final int KEYS = 100_000;
    private static final int CONNECTIONS_TO_ETCD = 4;
    private static final byte[] VALUE = new byte[100];
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private interface Store extends AutoCloseable {
        CompletableFuture<Boolean> put(byte[] key);

        CompletableFuture<Boolean> get(byte[] key);

        @Override
        void close();
    }

    private static final class Etcd implements Store {
        private final List<Client> clients = new ArrayList<>();
        private int next;

        Etcd(String[] addresses) throws Exception {
            String leader = leaderOf(addresses);
            for (int i = 0; i < CONNECTIONS_TO_ETCD; i++) {
                clients.add(Client.builder().endpoints(leader).build());
            }
        }

        /** What others are asked they pass on to it. */
        private static String leaderOf(String[] addresses) throws Exception {
            for (String address : addresses) {
                String url = "http://" + address;
                try (Client client = Client.builder().endpoints(url).build()) {
                    var status = client.getMaintenanceClient().statusMember(url).get();
                    if (status.getLeader() == status.getHeader().getMemberId()) {
                        return url;
                    }
                }
            }
            throw new IllegalStateException("nobody leads");
        }

        private Client client() {
            next = (next + 1) % clients.size();
            return clients.get(next);
        }

        @Override
        public CompletableFuture<Boolean> put(byte[] key) {
            return client()
                    .getKVClient()
                    .put(ByteSequence.from(key), ByteSequence.from(VALUE))
                    .thenApply(done -> true);
        }

        @Override
        public CompletableFuture<Boolean> get(byte[] key) {
            return client()
                    .getKVClient()
                    .get(ByteSequence.from(key))
                    .thenApply(
                            found ->
                                    found.getCount() == 1
                                            && found.getKvs().get(0).getValue().size()
                                                    == VALUE.length);
        }

        @Override
        public void close() {
            clients.forEach(Client::close);
        }
    }

    private static final class PaxosLog implements Store {
        private final ClientDriver driver;
        private final SharedClient client;

        PaxosLog(String[] addresses) {
            driver = ClientDriver.launch(ClientConfig.of(List.of(addresses)));
            client = driver.connect();
        }

        @Override
        public CompletableFuture<Boolean> put(byte[] key) {
            KvPut put = KvPut.of(key, VALUE);
            return client.appendAsync(put.bytes(), TIMEOUT)
                    .thenApply(done -> KvReply.of(put, done.reply()).result() == KvResult.DONE);
        }

        @Override
        public CompletableFuture<Boolean> get(byte[] key) {
            KvRange range = KvRange.of(key);
            return client.readAsync(ReadMode.READ_INDEX, 0, range.bytes(), TIMEOUT)
                    .thenApply(
                            answer -> {
                                var found = KvReply.of(range, answer.bytes()).entries();
                                return found.size() == 1
                                        && found.get(0).value().length == VALUE.length;
                            });
        }

        @Override
        public void close() {
            driver.close();
        }
    }

    private static byte[] key(int number) {
        return String.format("key/%012d", number).getBytes(StandardCharsets.US_ASCII);
    }

    public static void main(String[] args) throws Exception {
        String[] addresses = args[1].split(",");
        int inFlight = Integer.parseInt(args[2]);
        int seconds = Integer.parseInt(args[3]);
        byte[][] keys = new byte[KEYS][];
        for (int i = 0; i < KEYS; i++) {
            keys[i] = key(i);
        }
        try (Store store = args[0].equals("etcd") ? new Etcd(addresses) : new PaxosLog(addresses)) {
            // Each key is there before any is read.
            play(store::put, inFlight, KEYS, Long.MAX_VALUE, i -> keys[(int) i]);
            LongFunction<byte[]> any = i -> keys[ThreadLocalRandom.current().nextInt(KEYS)];
            measure(args[0], "put", store::put, inFlight, seconds, any);
            measure(args[0], "get", store::get, inFlight, seconds, any);
        }
        System.exit(0);
    }

    private interface Operation {
        CompletableFuture<Boolean> on(byte[] key);
    }

    private static void measure(
            String name, String what, Operation one, int inFlight, int seconds, LongFunction<byte[]> keys)
            throws Exception {
        play(one, inFlight, Long.MAX_VALUE, TimeUnit.SECONDS.toNanos(seconds) / 2, keys);
        ConcurrentHistogram ns =
                play(one, inFlight, Long.MAX_VALUE, TimeUnit.SECONDS.toNanos(seconds), keys);
        System.out.printf(
                "%-8s %s %,9d/s  p50 %,7d us  p99 %,7d us%n",
                name,
                what,
                ns.getTotalCount() / seconds,
                ns.getValueAtPercentile(50) / 1_000,
                ns.getValueAtPercentile(99) / 1_000);
    }

    private static ConcurrentHistogram play(
            Operation one, int inFlight, long most, long forNs, LongFunction<byte[]> keys)
            throws InterruptedException {
        ConcurrentHistogram ns = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(1), 3);
        Semaphore room = new Semaphore(inFlight);
        long began = System.nanoTime();
        for (long i = 0; i < most && System.nanoTime() - began < forNs; i++) {
            room.acquire();
            byte[] key = keys.apply(i);
            long sent = System.nanoTime();
            one.on(key)
                    .whenComplete(
                            (isRight, failure) -> {
                                if (failure != null || !isRight) {
                                    System.err.println("failed: " + failure);
                                    Runtime.getRuntime().halt(1);
                                }
                                ns.recordValue(System.nanoTime() - sent);
                                room.release();
                            });
        }
        room.acquire(inFlight);
        return ns;
    }
}
