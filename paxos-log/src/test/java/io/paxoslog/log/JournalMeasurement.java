package io.paxoslog.log;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Measures the journal by hand: append rate, roll cost, sync latency, recovery of many slots. Not a
 * test; prints. Arguments: what to measure, then its numbers; see {@link #main}.
 */
final class JournalMeasurement {
    private static final long B1 = Ballot.of(1, 1);
    private static final int COMMAND_BYTES = 100;

    private final Path directory;
    private final Durability durability;
    private long slot = 1;

    private JournalMeasurement(Path directory, Durability durability) {
        this.directory = directory;
        this.durability = durability;
    }

    /**
     * {@code append DURABILITY BATCH SECONDS RATE}, {@code sync BATCH COUNT PAUSE_US} or {@code
     * recover SLOTS BATCH}.
     */
    public static void main(String[] args) throws IOException {
        Path directory = Files.createTempDirectory("journal-measurement");
        try {
            switch (args[0]) {
                case "append" ->
                        new JournalMeasurement(directory, Durability.valueOf(args[1]))
                                .append(
                                        Integer.parseInt(args[2]),
                                        Long.parseLong(args[3]),
                                        Long.parseLong(args[4]));
                case "sync" ->
                        new JournalMeasurement(directory, Durability.SYNC)
                                .sync(
                                        Integer.parseInt(args[1]),
                                        Integer.parseInt(args[2]),
                                        Long.parseLong(args[3]));
                case "recover" ->
                        new JournalMeasurement(directory, Durability.ASYNC)
                                .recover(Long.parseLong(args[1]), Integer.parseInt(args[2]));
                default -> throw new IllegalArgumentException(args[0]);
            }
        } finally {
            Trees.delete(directory);
        }
    }

    private JournalConfig config() {
        return new JournalConfig(
                directory,
                TestJournal.NODE,
                durability,
                Integer.getInteger("segment.bytes", JournalConfig.DEFAULT_SEGMENT_BYTES),
                JournalConfig.DEFAULT_SYNC_INTERVAL_MS,
                TestJournal.BOOT);
    }

    private static Batch batch(int count) {
        int entry = Batch.ENTRY_PREFIX_BYTES + COMMAND_BYTES;
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[count * entry]);
        for (int i = 0; i < count; i++) {
            buffer.putInt(i * entry, COMMAND_BYTES, ByteOrder.LITTLE_ENDIAN);
        }
        return new Batch()
                .slots(B1, 1, count)
                .value(Batch.COMMANDS, B1, 1)
                .bytes(buffer, 0, buffer.capacity());
    }

    private void append(ChronicleJournal journal, Batch batch) {
        journal.accepted(batch.slots(B1, slot, batch.count()));
        slot += batch.count();
        journal.endTurn();
    }

    /** Appends as fast as it goes, or {@code rate} records a second. */
    private void append(int batchSlots, long seconds, long rate) {
        Batch batch = batch(batchSlots);
        int recordBytes = RecordHeader.aligned(RecordHeader.BYTES + batch.length());
        try (ChronicleJournal journal = ChronicleJournal.open(config())) {
            journal.recover(new RecordedText());
            long[] worst = new long[5];
            long[] worstRolls = new long[5];
            long rolls = 0;
            long firstSlot = slot;
            long records = 0;
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long cpu = threads.getCurrentThreadCpuTime();
            long user = threads.getCurrentThreadUserTime();
            long start = System.nanoTime();
            long end = start + TimeUnit.SECONDS.toNanos(seconds);
            long now = start;
            while (now < end) {
                long due = rate == 0 ? now : start + records * TimeUnit.SECONDS.toNanos(1) / rate;
                while (now < due) {
                    yieldAsANodeDoes();
                    now = System.nanoTime();
                }
                long position = journal.appendedPosition();
                append(journal, batch);
                records++;
                long after = System.nanoTime();
                if (journal.appendedPosition() - position > recordBytes) {
                    rolls++;
                    note(worstRolls, after - now);
                } else {
                    note(worst, after - now);
                }
                now = after;
            }
            double elapsed = (now - start) / 1e9;
            cpu = threads.getCurrentThreadCpuTime() - cpu;
            user = threads.getCurrentThreadUserTime() - user;
            System.out.printf(
                    Locale.ROOT,
                    "cpu of the appending thread: %.2f us a record, %.2f of it user%n",
                    cpu / 1e3 / records,
                    user / 1e3 / records);
            System.out.printf(
                    Locale.ROOT,
                    "append %s batch=%d rate=%d: %.0f records/s, %.0f commands/s, %.1f MB/s,"
                            + " slowest appends us %s, %d rolls, slowest us %s%n",
                    durability,
                    batchSlots,
                    rate,
                    records / elapsed,
                    (slot - firstSlot) / elapsed,
                    journal.appendedPosition() / elapsed / 1e6,
                    micros(worst),
                    rolls,
                    micros(worstRolls));
        }
    }

    private static void note(long[] worst, long value) {
        if (value > worst[0]) {
            worst[0] = value;
            Arrays.sort(worst);
        }
    }

    private static String micros(long[] nanos) {
        return Arrays.toString(Arrays.stream(nanos).map(value -> value / 1_000).toArray());
    }

    private void sync(int batchSlots, int count, long pauseUs) {
        Batch batch = batch(batchSlots);
        try (ChronicleJournal journal = ChronicleJournal.open(config())) {
            journal.recover(new RecordedText());
            long[] latency = new long[count];
            long[] turn = new long[count];
            for (int i = 0; i < count; i++) {
                long pauseEnd = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(pauseUs);
                while (System.nanoTime() < pauseEnd) {
                    Thread.onSpinWait();
                }
                long start = System.nanoTime();
                append(journal, batch);
                turn[i] = System.nanoTime() - start;
                while (journal.syncedPosition() < journal.appendedPosition()) {
                    yieldAsANodeDoes();
                }
                latency[i] = System.nanoTime() - start;
            }
            System.out.printf(
                    Locale.ROOT,
                    "sync batch=%d pause=%dus: %s; append+endTurn %s%n",
                    batchSlots,
                    pauseUs,
                    percentiles(latency),
                    percentiles(turn));
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // A node's one thread yields between its turns.
    private static void yieldAsANodeDoes() {
        Thread.yield();
    }

    private static String percentiles(long[] nanos) {
        Arrays.sort(nanos);
        return String.format(
                Locale.ROOT,
                "p50 %.1f us, p90 %.1f us, p99 %.1f us, max %.0f us",
                nanos[nanos.length / 2] / 1e3,
                nanos[nanos.length * 9 / 10] / 1e3,
                nanos[nanos.length * 99 / 100] / 1e3,
                nanos[nanos.length - 1] / 1e3);
    }

    private void recover(long slots, int batchSlots) {
        Batch batch = batch(batchSlots);
        try (ChronicleJournal journal = ChronicleJournal.open(config())) {
            journal.recover(new RecordedText());
            while (slot <= slots) {
                append(journal, batch);
            }
        }
        long start = System.nanoTime();
        ChronicleJournal journal = ChronicleJournal.open(config());
        long surveyed = System.nanoTime();
        long[] heard = new long[1];
        journal.recover(
                new RecordedText() {
                    @Override
                    public void accepted(Batch accepted) {
                        heard[0] += accepted.count();
                    }
                });
        long recovered = System.nanoTime();
        System.out.printf(
                Locale.ROOT,
                "recover slots=%d batch=%d: checked in %.2f s, replayed in %.2f s, heap of the"
                        + " process %.1f MB%n",
                heard[0],
                batchSlots,
                (surveyed - start) / 1e9,
                (recovered - surveyed) / 1e9,
                heapBytes() / 1e6);
        randomReads(journal, slots);
        journal.close();
    }

    private void randomReads(ChronicleJournal journal, long slots) {
        long[] latency = new long[20_000];
        try (JournalReader reader = journal.newReader(damaged -> {})) {
            for (int i = 0; i < latency.length; i++) {
                long wanted = 1 + (i * 7_919L * 104_729L) % slots;
                long start = System.nanoTime();
                reader.read(wanted, wanted, 1 << 20, read -> {});
                latency[i] = System.nanoTime() - start;
            }
        }
        System.out.println("read one slot at random: " + percentiles(latency));
    }

    @SuppressWarnings("SystemRunFinalization")
    private static long heapBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
