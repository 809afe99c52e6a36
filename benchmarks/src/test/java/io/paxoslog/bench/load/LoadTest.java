package io.paxoslog.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.junit.jupiter.api.Test;

class LoadTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int PAYLOAD = 100;
    private static final long NO_KILL = -1;

    private final List<String> signals = new ArrayList<>();
    private final List<Long> samples = new ArrayList<>();

    private LoadResult run(EchoCluster cluster, LoadPlan plan) {
        Load load = new Load(cluster.clock(), plan, NoOpIdleStrategy.INSTANCE, new Recorder(), 1);
        cluster.answer(load);
        return load.run(cluster);
    }

    private static LoadPlan closed(int window) {
        return new LoadPlan(PAYLOAD, window, 0, 10 * MS, 100 * MS, 0, NO_KILL, false);
    }

    private static LoadPlan open(double rate, int window) {
        return new LoadPlan(PAYLOAD, window, rate, 10 * MS, 1_000 * MS, 0, NO_KILL, false);
    }

    @Test
    void keepsTheWindowOfAClosedLoopFull() {
        LoadResult result = run(new EchoCluster(MS), closed(16));

        assertThat(result.mostInFlight()).isEqualTo(16);
        assertThat(result.perSecond()).isCloseTo(16_000, within(1.0));
        assertThat(result.latenciesNs().getMaxValue()).isCloseTo(MS, within(MS / 500));
        assertThat(result.unanswered()).isZero();
        assertThat(signals).containsExactly("begin", "end");
    }

    @Test
    void warmsUpWithMoreCommandsThanAreMeasured() {
        EchoCluster cluster = new EchoCluster(MS);
        LoadResult result = run(cluster, closed(1));

        // Half of 10 ms with 256 in flight, then one a millisecond.
        assertThat(cluster.offered()).isBetween(5 * 256L, 6 * 256L + 110);
        assertThat(result.mostInFlight()).isEqualTo(1);
        assertThat(result.perSecond()).isCloseTo(1_000, within(1.0));
    }

    @Test
    void sendsAnOpenLoopAtItsRate() {
        LoadResult result = run(new EchoCluster(MS / 10), open(1_000, 1 << 10));

        assertThat(result.latenciesNs().getTotalCount()).isEqualTo(1_000);
        assertThat(result.replies()).isBetween(999L, 1_001L);
    }

    @Test
    void countsAStallAgainstEveryCommandItHeldUp() {
        EchoCluster cluster = new EchoCluster(MS);
        cluster.stallUntil(510 * MS);

        LoadResult result = run(cluster, open(1_000, 1 << 10));

        // Meant to leave in the 500 ms of the stall, evenly: half of all waited, 250 ms on average.
        assertThat(result.latenciesNs().getTotalCount()).isEqualTo(1_000);
        assertThat(result.latenciesNs().getMaxValue()).isCloseTo(500 * MS, within(3 * MS));
        assertThat(result.latenciesNs().getMean()).isCloseTo(125.0 * MS, within(3.0 * MS));
        assertThat(result.longestGapNs()).isCloseTo(500 * MS, within(3 * MS));
    }

    @Test
    void countsAFullWindowAgainstCommandsThatCouldNotLeave() {
        EchoCluster cluster = new EchoCluster(MS);
        cluster.stallUntil(510 * MS);

        LoadResult result = run(cluster, open(1_000, 8));

        assertThat(result.mostInFlight()).isEqualTo(8);
        assertThat(result.latenciesNs().getTotalCount()).isEqualTo(1_000);
        assertThat(result.latenciesNs().getMaxValue()).isCloseTo(500 * MS, within(3 * MS));
    }

    @Test
    void tellsWhatWasMeasuredBetweenSamples() {
        run(
                new EchoCluster(MS),
                new LoadPlan(PAYLOAD, 16, 0, 10 * MS, 100 * MS, 25 * MS, NO_KILL, false));

        assertThat(samples).containsExactly(25 * 16L, 25 * 16L, 25 * 16L, 25 * 16L);
    }

    @Test
    void countsWhatIsNeverAnswered() {
        EchoCluster cluster = new EchoCluster(10 * MS);
        cluster.lose(Integer.MAX_VALUE);

        LoadResult result = run(cluster, closed(4));

        assertThat(result.replies()).isZero();
        // All that the warm-up sent.
        assertThat(result.unanswered()).isEqualTo(256);
        assertThat(result.longestGapNs()).isEqualTo(100 * MS);
    }

    @Test
    void countsCommandsThatALaterReplyOvertook() {
        EchoCluster cluster = new EchoCluster(MS);
        cluster.lose(3);

        LoadResult result =
                run(cluster, new LoadPlan(PAYLOAD, 8, 0, 10 * MS, 100 * MS, 0, 20 * MS, true));

        assertThat(result.lost()).isEqualTo(3);
        assertThat(result.unanswered()).isZero();
        assertThat(signals).containsExactly("begin", "kill", "end");
    }

    private final class Recorder implements LoadSignals {
        @Override
        public void onBegin() {
            signals.add("begin");
        }

        @Override
        public boolean onKill() {
            return signals.add("kill");
        }

        @Override
        public void onSample(Histogram latenciesNs) {
            samples.add(latenciesNs.getTotalCount());
        }

        @Override
        public void onEnd() {
            signals.add("end");
        }
    }
}
