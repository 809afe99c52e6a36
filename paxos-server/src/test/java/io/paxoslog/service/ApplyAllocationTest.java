package io.paxoslog.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.paxoslog.core.Batch;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Applying costs no garbage, also while a snapshot is copied. */
class ApplyAllocationTest {
    private static final int COMMANDS = 50_000;
    private static final int BATCH = 50;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final CommandApplier applier =
            new CommandApplier(new SequencerStateMachine(), SessionLimits.DEFAULT);
    private final UnsafeBuffer entries =
            new UnsafeBuffer(new byte[BATCH * (EntryFormat.OVERHEAD_BYTES + 16)]);
    private final Batch batch = new Batch();
    private final long session = new TestLog(applier).open(7).apply();
    private long sequence;

    @Test
    void aCommandAllocatesNothing() {
        apply(4 * COMMANDS);
        assertThat(bytesFor(COMMANDS)).isLessThan(COMMANDS / 10);
    }

    @Test
    void aCommandAllocatesNothingOnceItsSessionIsPutAside() {
        apply(4 * COMMANDS);
        SnapshotCopy copy = applier.beginCopy();
        apply(BATCH);
        assertThat(bytesFor(COMMANDS)).isLessThan(COMMANDS / 10);
        copy.end();
        assertThat(bytesFor(COMMANDS)).isLessThan(COMMANDS / 10);
    }

    private long bytesFor(int commands) {
        long before = threads.getCurrentThreadAllocatedBytes();
        apply(commands);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private void apply(int commands) {
        for (int done = 0; done < commands; done += BATCH) {
            int length = 0;
            for (int i = 0; i < BATCH; i++) {
                sequence++;
                length =
                        EntryFormat.putHead(
                                        entries,
                                        length,
                                        EntryFormat.COMMAND,
                                        session,
                                        sequence,
                                        sequence - 10,
                                        16)
                                + 16;
            }
            batch.slots(1, applier.appliedIndex() + 1, BATCH)
                    .value(Batch.COMMANDS, 1, 5)
                    .bytes(entries, 0, length);
            applier.committed(batch);
        }
    }
}
