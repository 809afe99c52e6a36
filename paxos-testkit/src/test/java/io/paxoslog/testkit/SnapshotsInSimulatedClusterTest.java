package io.paxoslog.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.service.Entry;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import io.paxoslog.service.StateView;
import io.paxoslog.testkit.sim.Deed;
import io.paxoslog.testkit.sim.Totals;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A user's machine that takes snapshots is restored from them, and must be the same again. */
@Isolated
class SnapshotsInSimulatedClusterTest {
    private static byte[] oneByte(RandomGenerator random) {
        return new byte[] {(byte) random.nextInt(100)};
    }

    private static Totals play(Supplier<Sum> machines) {
        return SimulatedCluster.of(machines, SnapshotsInSimulatedClusterTest::oneByte)
                .stateHash(machine -> 31 * machine.sum + machine.count)
                .seeds(1, 30)
                .run();
    }

    @Test
    void isRestored() {
        Totals totals = play(Sum::new);

        assertThat(totals.times(Deed.SNAPSHOT_TAKEN)).isPositive();
        assertThat(totals.times(Deed.STATE_RESTORED)).isPositive();
        assertThat(totals.times(Deed.JOURNAL_COMPACTED)).isPositive();
    }

    @Test
    void findsAFieldThatIsNotRestored() {
        assertThatThrownBy(() -> play(Forgetful::new))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the state of node ");
    }

    @Test
    void findsAViewThatChangesWithTheCommandsThatFollow() {
        assertThatThrownBy(() -> play(Live::new))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("snapshot");
    }

    @Test
    void findsAMachineThatCannotBeRestored() {
        assertThatThrownBy(() -> play(Lost::new))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("it has no way back");
    }

    private static class Sum implements StateMachine {
        long sum;
        long count;

        @Override
        public void apply(Entry entry, Reply reply) {
            sum += entry.buffer().getByte(entry.offset());
            count++;
            reply.resize(Long.BYTES).putLong(0, sum);
        }

        @Override
        public StateView view() {
            long seenSum = sum;
            long seenCount = count;
            return out -> write(out, seenSum, seenCount);
        }

        static void write(OutputStream to, long sum, long count) throws IOException {
            DataOutputStream out = new DataOutputStream(to);
            out.writeLong(sum);
            out.writeLong(count);
        }

        @Override
        public void restore(InputStream from) throws IOException {
            DataInputStream in = new DataInputStream(from);
            sum = in.readLong();
            count = in.readLong();
        }
    }

    private static final class Forgetful extends Sum {
        @Override
        public void restore(InputStream from) throws IOException {
            super.restore(from);
            count = 0;
        }
    }

    private static final class Live extends Sum {
        @Override
        public StateView view() {
            return out -> write(out, sum, count);
        }
    }

    private static final class Lost extends Sum {
        @Override
        public void restore(InputStream from) throws IOException {
            throw new IOException("it has no way back");
        }
    }
}
