package io.paxoslog.kv;

import io.paxoslog.service.Calls;
import io.paxoslog.service.StateView;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Fills a store and says what that takes: keys of 16 bytes, values of 100. */
final class KvMemory {
    private static final int KEY_BYTES = 16;
    private static final int VALUE_BYTES = 100;

    private KvMemory() {}

    /** How many keys. */
    public static void main(String[] args) throws IOException {
        long keys = Long.parseLong(args[0]);
        KvStateMachine machine = new KvStateMachine();
        Calls calls = new Calls(Calls.REPLY_BYTES);
        calls.apply(machine, KvCommands.quota(Long.MAX_VALUE));
        byte[] put = KvPut.of(new byte[KEY_BYTES], new byte[VALUE_BYTES]).bytes();
        int keyAt = put.length - VALUE_BYTES - Integer.BYTES - KEY_BYTES;
        ByteBuffer buffer = ByteBuffer.wrap(put);
        long began = System.nanoTime();
        for (long i = 0; i < keys; i++) {
            // Anywhere among the others.
            buffer.putLong(keyAt, i * 0x9E3779B97F4A7C15L).putLong(keyAt + Long.BYTES, i);
            calls.applyOnly(machine, put);
        }
        say("puts", keys, began);
        KvReply.Status status =
                KvReply.ofStatus(calls.query(machine, KvCommands.status())).status();
        System.out.printf("%,d keys, %,d bytes counted%n", status.keys(), status.bytes());
        began = System.nanoTime();
        StateView view = machine.view();
        view.writeTo(OutputStream.nullOutputStream());
        view.close();
        say("keys written by a view", keys, began);
        Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
                .forEach(System.out::println);
    }

    private static void say(String what, long count, long beganNs) {
        long tookNs = System.nanoTime() - beganNs;
        System.out.printf(
                "%,d %s in %.1f s, %d ns each%n",
                count, what, tookNs / (double) TimeUnit.SECONDS.toNanos(1), tookNs / count);
    }
}
