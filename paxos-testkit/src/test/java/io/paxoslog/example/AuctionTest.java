package io.paxoslog.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.service.Entry;
import io.paxoslog.service.Reply;
import io.paxoslog.testkit.SimulatedCluster;
import io.paxoslog.testkit.sim.FaultProfile;
import io.paxoslog.testkit.sim.Totals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The example of docs/testkit.md: a machine that is right, and what is found in two that are not.
 */
@Isolated
class AuctionTest {
    private static final String SOURCE = "src/test/java/io/paxoslog/example/Auction.java";

    /** Reads the node's own clock. */
    static class WallClockAuction extends Auction {
        @Override
        long nowMs(Entry entry) {
            return System.currentTimeMillis();
        }
    }

    /** Names the first bidder of a set whose order hangs on where objects lie in memory. */
    static class HashOrderAuction extends Auction {
        private final Set<Bidder> bidders = new HashSet<>();

        /** Without equals and hashCode: each object has a hash of its own in each process. */
        private static final class Bidder {
            private final byte number;

            Bidder(byte number) {
                this.number = number;
            }
        }

        @Override
        public void apply(Entry entry, Reply reply) {
            super.apply(entry, reply);
            bidders.add(new Bidder(entry.buffer().getByte(entry.offset() + 1)));
            reply.resize(1).putByte(0, bidders.iterator().next().number);
        }
    }

    @Test
    void findsNothingInTheMachineThatIsRight() {
        // docs: run begins
        Totals totals =
                SimulatedCluster.of(Auction::new, Auction::randomBid)
                        .stateHash(Auction::hash)
                        .faults(FaultProfile.EVERYTHING)
                        .seeds(1, 100)
                        .run();
        // docs: run ends
        assertThat(totals.operations()).isGreaterThan(1_000);
    }

    @Test
    void findsTheWallClock() {
        assertThatThrownBy(
                        () ->
                                SimulatedCluster.of(WallClockAuction::new, Auction::randomBid)
                                        .stateHash(Auction::hash)
                                        .faults(FaultProfile.NONE)
                                        .seeds(1, 1)
                                        .run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 1 at ")
                .hasMessageContaining(": the state of ")
                .hasMessageContaining(" differs from that of node ")
                .hasMessageContaining("seeds(1, 1)");
    }

    @Test
    void findsTheOrderOfHashes() {
        assertThatThrownBy(
                        () ->
                                SimulatedCluster.of(HashOrderAuction::new, Auction::randomBid)
                                        .faults(FaultProfile.NONE)
                                        .seeds(1, 1)
                                        .run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(": the reply of node ")
                .hasMessageContaining(" differs from that of node ");
    }

    @Test
    void documentationShowsTheExampleThatIsTested() throws IOException {
        String page = Files.readString(Path.of("../docs/testkit.md"));
        assertThat(page).contains(between(SOURCE, "// docs begin\n", "// docs end"));
        String run =
                between(
                        "src/test/java/io/paxoslog/example/AuctionTest.java",
                        "// docs: run begins\n",
                        "        // docs: run ends");
        assertThat(page).contains(run.stripTrailing().stripIndent());
    }

    private static String between(String file, String begin, String end) throws IOException {
        String source = Files.readString(Path.of(file));
        int from = source.indexOf(begin) + begin.length();
        return source.substring(from, source.indexOf(end, from));
    }
}
