package io.paxoslog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientDriver;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.ReadAnswer;
import io.paxoslog.client.RefusedException;
import io.paxoslog.client.SharedClient;
import io.paxoslog.kv.KeyRange;
import io.paxoslog.kv.KvPut;
import io.paxoslog.kv.KvResult;
import io.paxoslog.kv.KvWatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.agrona.IoUtil;

/**
 * Ten times the puts that three nodes can take, offered on time whatever becomes of them, while
 * many watch a key each. What is admitted has to end well, what is not has to say why; whoever
 * watches has to hear of a change afterwards.
 */
final class KvOverload {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int SESSIONS = 10;
    private static final int TIMES = 10;
    private static final int WARM_UP_S = 30;
    private static final int IN_FLIGHT = 256;
    private static final int WINDOW = 4_096;
    private static final byte[] VALUE = new byte[100];

    private final ClusterProcesses cluster;
    private final int watchers;
    private final Map<ClientError, Integer> refused = new EnumMap<>(ClientError.class);
    private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unheard = new AtomicInteger();
    private final AtomicLong open = new AtomicLong();
    private long offered;
    private long admitted;
    private volatile boolean isEnding;

    KvOverload(ClusterProcesses cluster, int watchers) {
        this.cluster = cluster;
        this.watchers = watchers;
    }

    /** Arguments: seconds of too much load, how many watch, settings of the nodes. */
    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory("overload");
        List<String> settings = new ArrayList<>(List.of("--app", "kv"));
        settings.addAll(List.of(args).subList(2, args.length));
        try (ClusterProcesses cluster = new ClusterProcesses(3, directory, List.of(), settings)) {
            cluster.start();
            KvOverload overload = new KvOverload(cluster, Integer.parseInt(args[1]));
            overload.run(Integer.parseInt(args[0]));
            System.out.println(overload.problems());
        } finally {
            IoUtil.delete(directory.toFile(), false);
        }
    }

    /** What did not go as it has to. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** How many puts were not admitted. */
    long refusals() {
        return refused.values().stream().mapToLong(Integer::longValue).sum();
    }

    void run(int seconds) throws InterruptedException {
        try (ClientDriver watching = driver();
                ClientDriver writing = driver()) {
            PutsInFlight puts = new PutsInFlight(writing.connect(), IN_FLIGHT, problems::add);
            puts.putFor(Math.min(WARM_UP_S, 2 * seconds) * SECOND_NS, "steady");
            long usual = puts.putFor(Math.min(5, seconds) * SECOND_NS, "steady");
            List<KvWatch> watches = watch(watching);
            say("%,d puts a second, %,d watch", usual, watchers);
            say("memory:%s", NodeMemory.describe(cluster));
            offerTooMuch(writing, TIMES * usual, seconds);
            say(
                    "%,d offered, %,d admitted, %s refused, %,d unanswered",
                    offered, admitted, refused, open.get());
            long overNs = System.nanoTime();
            while (open.get() > 0 && System.nanoTime() - overNs < TIMEOUT.toNanos()) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            if (open.get() > 0) {
                problems.add(open.get() + " that were admitted did not end");
            }
            say("all that was admitted has ended %,d ms later", sinceMs(overNs));
            say("memory:%s", NodeMemory.describe(cluster));
            long after = puts.putFor(SECOND_NS, "steady");
            while (after < usual / 2 && System.nanoTime() - overNs < TIMEOUT.toNanos()) {
                after = puts.putFor(SECOND_NS, "steady");
            }
            say("%,d puts a second %,d ms after the last", after, sinceMs(overNs));
            touchAll(puts, watches);
            isEnding = true;
        }
    }

    private ClientDriver driver() {
        return ClientDriver.launch(ClientConfig.of(cluster.addresses()).withWindow(WINDOW));
    }

    private static void say(String what, Object... about) {
        System.out.printf(Locale.ROOT, what + "%n", about);
    }

    private static long sinceMs(long thenNs) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - thenNs);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** Watches at all nodes in turn, of as many clients as that takes. */
    private List<KvWatch> watch(ClientDriver driver) {
        List<KvWatch> watches = new ArrayList<>();
        SharedClient client = null;
        for (int i = 0; i < watchers; i++) {
            if (i % (WINDOW / 2) == 0) {
                client = driver.connect();
                int node = i / (WINDOW / 2) % cluster.addresses().size();
                client.readFrom(cluster.addresses().get(node));
            }
            KvWatch watch = KvWatch.of(KeyRange.only(bytes("watched" + i)));
            watches.add(watch);
            unheard.incrementAndGet();
            hear(client, watch);
        }
        return watches;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // What fails is asked again, or the end.
    private void hear(SharedClient client, KvWatch watch) {
        client.readAsync(watch.mode(), watch.slot(), watch.next(), TIMEOUT)
                .whenComplete(
                        (answer, failure) -> {
                            if (answer == null && !isEnding) {
                                problems.add("a watch: " + failure);
                            } else if (answer != null && !isHeard(watch, answer)) {
                                hear(client, watch);
                            }
                        });
    }

    private boolean isHeard(KvWatch watch, ReadAnswer answer) {
        boolean isHeard = !watch.take(answer.slot(), answer.bytes()).isEmpty();
        if (watch.result() != KvResult.DONE) {
            problems.add("a watch: " + watch.result() + ", progress " + watch.progress());
        }
        if (isHeard) {
            unheard.decrementAndGet();
        }
        return isHeard;
    }

    private void touchAll(PutsInFlight puts, List<KvWatch> watches) throws InterruptedException {
        long began = System.nanoTime();
        for (int i = 0; i < watches.size(); i++) {
            puts.put(bytes("watched" + i));
        }
        puts.await();
        while (unheard.get() > 0 && System.nanoTime() - began < TIMEOUT.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        say("all who watch heard of a change %,d ms after the first put", sinceMs(began));
        if (unheard.get() > 0) {
            problems.add(unheard.get() + " of " + watches.size() + " who watch heard nothing");
        }
    }

    /** So many a second, by ten sessions in turn, whether they take them or not. */
    private void offerTooMuch(ClientDriver driver, long perSecond, int seconds) {
        List<SharedClient> sessions = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            sessions.add(driver.connect());
        }
        long began = System.nanoTime();
        long ns = seconds * SECOND_NS;
        for (long now = 0; now < ns; now = System.nanoTime() - began) {
            long due = (long) (perSecond * (now / (double) SECOND_NS));
            if (offered >= due) {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
            }
            for (; offered < due; offered++) {
                offer(sessions.get((int) (offered % SESSIONS)));
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Its end is counted.
    private void offer(SharedClient session) {
        byte[] put = KvPut.of(bytes("load" + offered % 10_000), VALUE).bytes();
        open.incrementAndGet();
        var future = session.appendAsync(put, TIMEOUT);
        if (future.isCompletedExceptionally()) {
            open.decrementAndGet();
            future.exceptionally(
                    failure -> {
                        countRefusal(failure);
                        return null;
                    });
            return;
        }
        admitted++;
        future.whenComplete(
                (done, failure) -> {
                    if (failure != null) {
                        problems.add("a put that was admitted: " + failure);
                    }
                    open.decrementAndGet();
                });
    }

    private void countRefusal(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof RefusedException) {
            refused.merge(((ClientException) cause).error(), 1, Integer::sum);
        } else {
            problems.add("a put that was not admitted: " + cause);
        }
    }
}
