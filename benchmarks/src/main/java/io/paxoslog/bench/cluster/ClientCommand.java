package io.paxoslog.bench.cluster;

import io.paxoslog.bench.contender.ClusterSettings;
import io.paxoslog.bench.contender.Idle;
import io.paxoslog.bench.contender.LoadClient;
import io.paxoslog.bench.load.Load;
import io.paxoslog.bench.load.LoadResult;
import io.paxoslog.bench.load.LoadSignals;
import io.paxoslog.bench.report.Json;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The client of a run: connects, loads, says what it measured. */
@Command(name = "client", hidden = true)
final class ClientCommand implements Callable<Integer> {
    @Mixin private ChildOptions options;

    @Override
    public Integer call() {
        endWithParent();
        Cell cell = options.cell();
        ClusterSettings cluster = options.cluster(cell);
        Idle idle = cell.idle() == null ? Idle.BACKOFF : cell.idle();
        LeaderWatch signals = new LeaderWatch();
        Load load =
                new Load(
                        SystemNanoClock.INSTANCE,
                        cell.plan(),
                        idle.newStrategy(),
                        signals,
                        cell.number(Key.SEED));
        try (LoadClient client = cell.contender().contender().connect(cluster, load)) {
            signals.client = client;
            LoadResult result = load.run(client);
            Words.say(Words.RESULT + " " + Json.write(ResultFields.of(result)));
        }
        return 0;
    }

    private static void endWithParent() {
        Thread watch =
                new Thread(
                        () -> {
                            Words.awaitLeave(System.in);
                            Runtime.getRuntime().halt(1);
                        },
                        "end-with-parent");
        watch.setDaemon(true);
        watch.start();
    }

    private static final class LeaderWatch implements LoadSignals {
        private LoadClient client;

        @Override
        public void onBegin() {
            Words.say(Words.BEGIN + " " + client.leader());
        }

        @Override
        public boolean onKill() {
            int leader = client.leader();
            if (leader >= 0) {
                Words.say(Words.KILL + " " + leader);
            }
            return leader >= 0;
        }

        @Override
        public void onSample(Histogram latenciesNs) {
            Words.say(Words.SAMPLE + " " + Json.write(ResultFields.latencies(latenciesNs)));
        }

        @Override
        public void onEnd() {
            Words.say(Words.END);
        }
    }
}
