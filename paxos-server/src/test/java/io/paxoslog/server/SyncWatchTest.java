package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.metrics.ReplicaCounters;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;

/** Only what the disk is known to hold counts as synced. */
class SyncWatchTest {
    private final Map<String, AtomicCounter> counters = new HashMap<>();
    private final SyncWatch watch = new SyncWatch(new ReplicaCounters(this::counter, 1), 100, 7);

    private AtomicCounter counter(int typeId, String label) {
        AtomicCounter counter =
                new AtomicCounter(new UnsafeBuffer(ByteBuffer.allocateDirect(1024)), 0);
        counters.put(label, counter);
        return counter;
    }

    @Test
    void aSlotIsSyncedOnceItsPositionIs() {
        assertThat(watch.syncedSlot()).isEqualTo(7);
        watch.appended(200, 12, 1_000);
        watch.appended(300, 20, 1_100);
        watch.synced(199, 2_000);
        assertThat(watch.syncedSlot()).isEqualTo(7);
        watch.synced(200, 3_000);
        assertThat(watch.syncedSlot()).isEqualTo(12);
        assertThat(counters.get("last time from append to synced, ns of node 1").get())
                .isEqualTo(2_000);
        watch.appended(300, 20, 3_100);
        watch.synced(400, 3_500);
        assertThat(watch.syncedSlot()).isEqualTo(20);
    }

    @Test
    void aTurnThatAppendsNothingIsNotAwaited() {
        watch.appended(100, 9, 1_000);
        watch.synced(100, 2_000);
        assertThat(watch.syncedSlot()).isEqualTo(7);
    }
}
