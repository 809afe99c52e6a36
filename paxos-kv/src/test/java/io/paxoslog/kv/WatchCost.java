package io.paxoslog.kv;

import static io.paxoslog.kv.Store.bytes;

import io.paxoslog.service.Calls;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * What a put takes of a processor in the store while others watch other keys, and ranges; the best
 * of rounds.
 */
final class WatchCost {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int KEYS = 4_096;
    private static final int PUTS = 200_000;
    private static final int ROUNDS = 15;

    private WatchCost() {}

    /** How many watch. */
    public static void main(String[] args) {
        int watchers = Integer.parseInt(args[0]);
        System.out.printf("nobody watches: %d ns a put%n", measure(0, 0));
        System.out.printf("%,d watch other keys: %d ns%n", watchers, measure(watchers, 0));
        System.out.printf("%,d watch other ranges: %d ns%n", watchers, measure(0, watchers));
    }

    private static long measure(int ofKeys, int ofRanges) {
        KvStateMachine machine = new KvStateMachine();
        Calls calls = new Calls(Calls.REPLY_BYTES);
        machine.begin(calls);
        calls.apply(machine, KvCommands.retain(10_000));
        for (int i = 0; i < ofKeys; i++) {
            wait(machine, calls, KeyRange.only(bytes("other" + i)));
        }
        for (int i = 0; i < ofRanges; i++) {
            wait(machine, calls, KeyRange.startingWith(bytes("range" + i + "/")));
        }
        byte[][] puts = new byte[KEYS][];
        for (int i = 0; i < KEYS; i++) {
            puts[i] = KvPut.of(bytes("key" + i), new byte[100]).bytes();
        }
        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long began = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < PUTS; i++) {
                calls.applyOnly(machine, puts[i & (KEYS - 1)]);
            }
            best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - began) / PUTS);
        }
        return best;
    }

    private static void wait(KvStateMachine machine, Calls calls, KeyRange keys) {
        calls.waiting(machine, KvWatch.of(keys).from(1).next()).poll();
    }
}
