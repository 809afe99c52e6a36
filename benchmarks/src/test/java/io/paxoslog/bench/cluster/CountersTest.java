package io.paxoslog.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountersTest {
    private static final String STAT =
            "4711 (a (b) c) S 1 2 3 4 5 6 700 8 9 10 1100 250 13 14 20 0 31 0 99 123456 789";
    private static final List<String> STATUS =
            List.of(
                    "Name:\tjava",
                    "VmRSS:\t  204800 kB",
                    "voluntary_ctxt_switches:\t42",
                    "nonvoluntary_ctxt_switches:\t7");

    @Test
    void readsWhatTheKernelWrites() {
        Counters counters = Counters.parse(5, STAT, STATUS, 42, 7);

        assertThat(counters).isEqualTo(new Counters(5, 1100, 250, 700, 9, 42, 7, 204_800));
    }

    @Test
    void findsFieldsByName() {
        assertThat(Counters.field(STATUS, "voluntary_ctxt_switches:")).isEqualTo(42);
        assertThat(Counters.field(STATUS, "nonvoluntary_ctxt_switches:")).isEqualTo(7);
        assertThat(Counters.field(STATUS, "VmSwap:")).isZero();
    }

    @Test
    void countsThisProcessWhereTheKernelTells() {
        Counters counters = Counters.of(ProcessHandle.current().pid());

        assertThat(counters).isNotNull();
        assertThat(counters.rssKib()).isPositive();
        assertThat(counters.minorFaults()).isPositive();
    }

    @Test
    void knowsNothingOfAProcessThatIsGone() {
        assertThat(Counters.of(Integer.MAX_VALUE)).isNull();
    }

    @Test
    void saysWhatACommandCost() {
        Counters begin = new Counters(0, 100, 50, 10, 0, 1_000, 100, 1_024);
        Counters end = new Counters(2_000, 300, 150, 30, 4, 3_000, 500, 2_048);

        // Read over twice the time in which the 100 commands were counted.
        Map<String, Object> cost = ProcessCost.fields(begin, end, 40_000, 1_000, 100);

        assertThat(cost)
                .contains(
                        entry("user_us", 10_000.0),
                        entry("system_us", 5_000.0),
                        entry("voluntary_switches", 10.0),
                        entry("involuntary_switches", 2.0),
                        entry("minor_faults", 0.1),
                        entry("major_faults", 0.02),
                        entry("system_calls", 200.0),
                        entry("rss_mib", 2.0));
    }

    @Test
    void saysWhenSystemCallsAreNotCounted() {
        Counters begin = new Counters(0, 0, 0, 0, 0, 0, 0, 0);
        Counters end = new Counters(1, 0, 0, 0, 0, 0, 0, 0);

        assertThat(ProcessCost.fields(begin, end, -1, 1, 1)).containsEntry("system_calls", null);
        assertThat(ProcessCost.fields(null, end, -1, 1, 1)).isEmpty();
    }

    @Test
    void readsTheCountOfPerf() {
        List<String> lines =
                List.of("# started on Sun", "", "534674,,raw_syscalls:sys_enter,1,100.00,,");

        assertThat(SystemCalls.perf(lines)).isEqualTo(534_674);
        assertThat(SystemCalls.perf(List.of("<not counted>,,raw_syscalls:sys_enter,0,0.00,,")))
                .isNegative();
    }

    @Test
    void readsTheTotalOfStrace() {
        List<String> lines =
                List.of(
                        "% time     seconds  usecs/call     calls    errors syscall",
                        "------ ----------- ----------- --------- --------- ----------------",
                        " 90.00    1.500000           3    500000           recvfrom",
                        "100.00    1.600000           3    534674        12 total");

        assertThat(SystemCalls.strace(lines)).isEqualTo(534_674);
        assertThat(SystemCalls.strace(List.of())).isNegative();
    }
}
