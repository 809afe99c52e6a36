package io.paxoslog.cli;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.ReplyListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how many commands a second a cluster takes, and how long each takes. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Measures how many commands a second a cluster commits, and how fast.",
        description = {
            "Measures how many commands a second a cluster commits and how long their replies take."
                    + " One thread drives it. Payloads are random bytes; a command counts when the"
                    + " reply of the state machine is in hand.",
            "",
            "Without --rate the window is kept full, and latency grows with the window. With --rate"
                    + " commands are meant to leave at even distances, and latency is measured from"
                    + " the moment a command was meant to leave: a stall counts against all"
                    + " commands it held up."
        },
        footer = {
            "",
            "Examples:",
            "  Most commands a second:",
            "    ./paxos bench --members 127.0.0.1:9010,127.0.0.1:9020 --window 4000 --seconds 20",
            "  Round trip of a single command in flight:",
            "    ./paxos bench --members 127.0.0.1:9010 --window 1",
            "  Latency at a load the cluster can bear, for a program to read:",
            "    ./paxos bench --members 127.0.0.1:9010 --rate 20000 --json"
        })
final class BenchCommand implements Callable<Integer> {
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(15);

    @Mixin private MembersOption members;

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            defaultValue = "100",
            description = "bytes of a command (default: ${DEFAULT-VALUE})")
    private int payloadBytes;

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "1000",
            description = "commands in flight, all sessions together (default: ${DEFAULT-VALUE})")
    private int window;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "10",
            description = "how long to measure (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Option(
            names = "--warmup",
            paramLabel = "S",
            defaultValue = "5",
            description = "how long to load before that (default: ${DEFAULT-VALUE})")
    private double warmup;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "0",
            description = "commands a second; 0: as many as the window allows (default: 0)")
    private double rate;

    @Option(
            names = "--sessions",
            paramLabel = "K",
            defaultValue = "1",
            description = "sessions that share the window (default: ${DEFAULT-VALUE})")
    private int sessionCount;

    @Option(names = "--json", description = "print one line of JSON")
    private boolean isJson;

    private final Terminal terminal;
    private final List<PaxosClient> clients = new ArrayList<>();
    private final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000, 50_000);
    private List<String> addresses;
    private Load load;
    private long errors;
    private long lastProgressNs;

    BenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        checkSettings();
        addresses = members.addresses(terminal.environment());
        try {
            for (int i = 0; i < sessionCount; i++) {
                clients.add(Clients.connect(config(), new Replies(i)));
            }
            run();
        } finally {
            clients.forEach(PaxosClient::close);
        }
        report();
        return errors == 0 ? 0 : CommandFailure.NOT_IN_TIME;
    }

    private void checkSettings() {
        require(payloadBytes >= 0, "--payload: at least 0 bytes, not " + payloadBytes);
        require(sessionCount >= 1, "--sessions: at least 1, not " + sessionCount);
        require(
                window >= sessionCount,
                "--window: at least one command for each of the "
                        + sessionCount
                        + " sessions, not "
                        + window);
        require(seconds > 0, "--seconds: more than 0, not " + seconds);
        require(warmup >= 0, "--warmup: at least 0, not " + warmup);
        require(rate >= 0, "--rate: at least 0, not " + rate);
    }

    private static void require(boolean isRight, String message) {
        if (!isRight) {
            throw CommandFailure.wrongUse(message);
        }
    }

    private ClientConfig config() {
        try {
            return ClientConfig.of(addresses)
                    .withWindow((window + sessionCount - 1) / sessionCount);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUse(e.getMessage());
        }
    }

    private void run() {
        load =
                new Load(
                        SystemNanoClock.INSTANCE,
                        clients.stream().map(BenchCommand::sessionOf).toArray(Load.Session[]::new),
                        payloadBytes,
                        window,
                        rate,
                        ThreadLocalRandom.current().nextLong());
        load.begin(toNs(warmup), toNs(seconds));
        lastProgressNs = System.nanoTime();
        while (!load.isAllSent() && !terminal.stop().isRaised() && !isStalled()) {
            turn(load.send());
        }
        while (load.inFlight() > 0 && errors == 0 && !isStalled()) {
            turn(0);
        }
        errors = Math.max(errors, load.inFlight());
    }

    private static long toNs(double duration) {
        return (long) (duration * TimeUnit.SECONDS.toNanos(1));
    }

    private static Load.Session sessionOf(PaxosClient client) {
        return (command, length) -> isTaken(client.offer(command, 0, length));
    }

    private static boolean isTaken(long result) {
        if (result >= 0) {
            return true;
        }
        ClientError error = ClientError.of(result);
        if (error == ClientError.WINDOW_FULL) {
            return false;
        }
        throw Clients.failure(error, "bench");
    }

    private void turn(int sent) {
        int work = sent;
        for (PaxosClient client : clients) {
            work += client.poll();
        }
        idle.idle(work);
    }

    private boolean isStalled() {
        return load.inFlight() > 0 && System.nanoTime() - lastProgressNs > DRAIN_NS;
    }

    private void report() {
        Histogram latenciesNs = load.latenciesNs();
        double measured = load.measuredNs() / (double) TimeUnit.SECONDS.toNanos(1);
        long ops = latenciesNs.getTotalCount();
        double opsPerSecond = measured > 0 ? ops / measured : 0;
        terminal.println(
                isJson
                        ? json(ops, measured, opsPerSecond).toString()
                        : text(ops, measured, opsPerSecond));
        terminal.flush();
    }

    private Json json(long ops, double measured, double opsPerSecond) {
        Json json =
                new Json().put("ops", ops).put("seconds", measured).put("ops_per_s", opsPerSecond);
        Latencies.put(json, load.latenciesNs());
        return json.put("errors", errors)
                .put("members", String.join(",", addresses))
                .put("payload", payloadBytes)
                .put("window", window)
                .put("warmup", warmup)
                .put("rate", rate)
                .put("sessions", sessionCount);
    }

    private String text(long ops, double measured, double opsPerSecond) {
        return String.format(
                Locale.ROOT,
                "%,d commands in %.1f s: %,.0f a second%nlatency: %s%nerrors: %d",
                ops,
                measured,
                opsPerSecond,
                Latencies.text(load.latenciesNs()),
                errors);
    }

    /** Passes the replies of one session on. */
    private final class Replies implements ReplyListener {
        private final int session;

        Replies(int session) {
            this.session = session;
        }

        @Override
        public void onReply(long sequence, long slot, DirectBuffer reply, int offset, int length) {
            lastProgressNs = System.nanoTime();
            load.onReply(session);
        }

        @Override
        public void onUnknown(long firstSequence, long lastSequence, ClientError why) {
            errors += lastSequence - firstSequence + 1;
        }
    }
}
