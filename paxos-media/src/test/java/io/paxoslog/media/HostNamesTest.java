package io.paxoslog.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names are looked up, and nobody waits for it. */
@Timeout(60)
class HostNamesTest {
    private final ScriptedLookup lookup = new ScriptedLookup();
    private long nowNs = Long.MAX_VALUE - 1;
    private final HostNames names = new HostNames(lookup, () -> nowNs);

    @Test
    void aNumberIsNeverLookedUp() {
        for (String number : List.of("10.0.0.7", "255.1.2.3", "[::1]", "::1")) {
            assertThat(names.addressOf(number)).as(number).isNotNull();
            names.doubt(number);
        }
        assertThat(names.await(List.of("10.0.0.7", "[::1]"), 0)).isTrue();
        assertThat(lookup.asked()).isZero();
    }

    @Test
    void aNameIsKnownOnceItWasLookedUp() {
        lookup.answer("peer", "10.0.0.7");
        assertThat(names.await(List.of("peer"), 30_000)).isTrue();
        assertThat(names.addressOf("peer").getHostAddress()).isEqualTo("10.0.0.7");
        assertThat(lookup.asked()).isEqualTo(1);
    }

    @Test
    void aServerThatIsSilentKeepsNobodyWaiting() {
        lookup.answer("other", "10.0.0.8");
        lookup.hang("silent");
        assertThat(names.addressOf("silent")).isNull();
        assertThat(names.await(List.of("silent"), 1)).isFalse();
        assertThat(names.await(List.of("other"), 30_000)).isTrue();
        lookup.answer("silent", "10.0.0.7");
        assertThat(names.await(List.of("silent"), 30_000)).isTrue();
        assertThat(names.addressOf("silent").getHostAddress()).isEqualTo("10.0.0.7");
    }

    @Test
    void anUnknownNameIsAskedAgainAtGrowingIntervals() {
        long[] seconds = {1, 2, 4, 8, 16, 30, 30};
        names.await(List.of("late"), 30_000);
        for (int i = 0; i < seconds.length; i++) {
            nowNs += TimeUnit.SECONDS.toNanos(seconds[i]) - 1;
            assertThat(names.addressOf("late")).isNull();
            assertThat(lookup.asked()).as("too early").isEqualTo(i + 1);
            nowNs++;
            assertThat(names.addressOf("late")).isNull();
            lookup.awaitAsked(i + 2);
            awaitIdle("late");
        }
        lookup.answer("late", "10.0.0.7");
        nowNs += HostNames.LONGEST_PAUSE_NS;
        while (names.addressOf("late") == null) {
            Thread.onSpinWait();
        }
    }

    /** The last answer has been noted once a name that is asked after it is there. */
    private void awaitIdle(String host) {
        while (names.isAsking(host)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aDoubtedAddressStaysUntilAnotherIsFound() {
        lookup.answer("peer", "10.0.0.7");
        names.await(List.of("peer"), 30_000);
        lookup.forget("peer");
        nowNs += HostNames.SHORTEST_PAUSE_NS;
        names.doubt("peer");
        lookup.awaitAsked(2);
        awaitIdle("peer");
        assertThat(names.addressOf("peer").getHostAddress()).isEqualTo("10.0.0.7");

        lookup.answer("peer", "10.0.0.9");
        nowNs += HostNames.LONGEST_PAUSE_NS;
        while (!names.addressOf("peer").getHostAddress().equals("10.0.0.9")) {
            names.doubt("peer");
            Thread.onSpinWait();
        }
    }

    @Test
    void aKnownNameIsNotAskedAgainUnlessInDoubt() {
        lookup.answer("peer", "10.0.0.7");
        names.await(List.of("peer"), 30_000);
        nowNs += 10 * HostNames.LONGEST_PAUSE_NS;
        assertThat(names.addressOf("peer")).isNotNull();
        assertThat(lookup.asked()).isEqualTo(1);
    }

    @Test
    void addressesAreWrittenAsHosts() throws UnknownHostException {
        assertThat(HostNames.text(InetAddress.getByName("10.0.0.7"))).isEqualTo("10.0.0.7");
        assertThat(HostNames.text(InetAddress.getByName("fe80::1%1")))
                .isEqualTo("[fe80:0:0:0:0:0:0:1]");
    }
}
