package io.paxoslog.kv;

import static io.paxoslog.kv.Store.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.paxoslog.service.Calls;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Commands and reads of single keys cost no garbage, compaction with them. */
class KvAllocationTest {
    private static final int COMMANDS = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final KvStateMachine machine = new KvStateMachine();
    private final Calls calls = new Calls(Calls.REPLY_BYTES);
    private final byte[][] puts = new byte[64][];
    private final byte[][] swaps = new byte[64][];
    private final byte[][] gets = new byte[64][];
    private final byte[][] leased = new byte[64][];
    private final byte[] keepAlive = KvCommands.keepAlive(7);

    /** With a lease that is kept alive, and keys that are tied to it, and watched. */
    @Test
    void aCommandAllocatesNothing() {
        machine.begin(calls);
        calls.apply(machine, KvCommands.retain(1_000));
        calls.apply(machine, KvCommands.grant(7, 1_000));
        calls.waiting(machine, KvWatch.of(KeyRange.only(bytes("none"))).from(1).next()).poll();
        KeyRange watched = KeyRange.startingWith(bytes("other"));
        calls.waiting(machine, KvWatch.of(watched).from(1).next()).poll();
        for (int i = 0; i < 64; i++) {
            byte[] key = bytes("key" + i);
            puts[i] = KvPut.of(key, new byte[100]).withPrevious().bytes();
            swaps[i] =
                    new KvTxn()
                            .when(
                                    KvCompare.value(
                                            KeyRange.only(key),
                                            KvCompare.Relation.EQUAL,
                                            new byte[100]))
                            .then(KvPut.of(key, new byte[100]))
                            .bytes();
            gets[i] = KvRange.of(key).bytes();
            leased[i] = KvPut.of(bytes("leased" + i), new byte[100]).withLease(7).bytes();
        }
        run(4 * COMMANDS);
        long before = threads.getCurrentThreadAllocatedBytes();
        run(COMMANDS);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(COMMANDS / 10);
    }

    private void run(int commands) {
        for (int i = 0; i < commands; i++) {
            calls.applyOnly(machine, puts[i & 63]);
            calls.applyOnly(machine, swaps[i & 63]);
            calls.queryOnly(machine, gets[i & 63]);
            calls.applyOnly(machine, leased[i & 63]);
            calls.applyOnly(machine, keepAlive);
        }
    }
}
