package io.paxoslog.kv;

import static io.paxoslog.kv.Store.delete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.service.StateView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A view is one revision with its history, whatever happens meanwhile. */
class KvSnapshotTest {
    private final Store store = new Store();

    private void fill(int keys) {
        for (int i = 0; i < keys; i++) {
            store.set("k%05d".formatted(i), "v" + i);
        }
    }

    @Test
    void aViewIsFrozen() throws Exception {
        try (StateView view = store.machine.view()) {
            assertThat(view.isFrozen()).isTrue();
        }
    }

    /** Between any two pieces of a view keys are put, deleted, compacted away and put again. */
    @Test
    void writesAndCompactionsBetweenItsPiecesDoNotShowInAView() throws IOException {
        fill(3_000);
        store.command(KvCommands.compact(1_500));
        byte[] before = store.snapshot();
        StateView view = store.machine.view();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        view.writeTo(
                new OutputStream() {
                    private int writes;

                    @Override
                    public void write(int oneByte) {
                        out.write(oneByte);
                        if (++writes % 997 == 0) {
                            churn(writes);
                        }
                    }
                });
        view.close();
        assertThat(out.toByteArray()).isEqualTo(before);
        assertThat(store.status().keys()).isNotEqualTo(3_000);
    }

    private void churn(int i) {
        store.apply(delete("k%05d".formatted(i % 3_000)));
        store.set("new" + i % 50, "x".repeat(i % 300));
        store.apply(KvDelete.of(KeyRange.startingWith(Store.bytes("k%04d".formatted(i % 300)))));
        store.command(KvCommands.compact(store.set("last", "x")));
        if (i % 3 == 0) {
            store.set("k%05d".formatted(i % 3_000), "again");
        }
    }

    @Test
    void historyBehindTheCompactionIsRestored() throws IOException {
        store.set("a", "1");
        store.set("a", "2");
        store.set("b", "1");
        store.apply(delete("a"));
        store.set("a", "3");
        store.command(KvCommands.compact(3));
        Store restored = Store.restored(store.snapshot());
        assertThat(restored.value("a", 3)).isEqualTo("2");
        assertThat(restored.value("a", 5)).isNull();
        assertThat(restored.value("a")).isEqualTo("3");
        assertThat(restored.ask(Store.get("a").atRevision(2)).result())
                .isEqualTo(KvResult.COMPACTED);
        assertThat(restored.snapshot()).isEqualTo(store.snapshot());
        assertThat(restored.machine.stateHash()).isEqualTo(store.machine.stateHash());
        assertThat(restored.hash(4).hash()).isEqualTo(store.hash(4).hash());
    }

    @Test
    void boundsAndAlarmAreRestored() throws IOException {
        store.command(KvCommands.quota(500));
        store.command(KvCommands.retain(7));
        store.apply(Store.put("a", "x".repeat(1_000)));
        assertThat(store.status().isAlarmed()).isTrue();
        assertThat(Store.restored(store.snapshot()).status()).isEqualTo(store.status());
    }

    @Test
    void whatIsNoStateIsNotRestored() throws IOException {
        fill(3);
        byte[] right = store.snapshot();
        byte[] foreign = right.clone();
        foreign[0]++;
        byte[] shorter = Arrays.copyOf(right, right.length - 1);
        for (byte[] wrong : new byte[][] {foreign, shorter, new byte[0]}) {
            assertThatThrownBy(() -> new KvStateMachine().restore(new ByteArrayInputStream(wrong)))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void restoringForgetsWhatWasThere() throws IOException {
        byte[] empty = store.snapshot();
        fill(10);
        store.machine.restore(new ByteArrayInputStream(empty));
        assertThat(store.status().keys()).isZero();
        assertThat(store.snapshot()).isEqualTo(empty);
    }

    /**
     * Memory that compaction frees is used again, and what is counted goes back to where it was.
     */
    @Test
    void whatIsCountedFollowsWhatIsKept() throws IOException {
        fill(500);
        store.command(KvCommands.compact(501));
        long once = store.status().bytes();
        for (int round = 0; round < 5; round++) {
            long revision = 0;
            for (int i = 0; i < 500; i++) {
                revision = store.set("k%05d".formatted(i), "v" + i);
            }
            assertThat(store.status().bytes()).isGreaterThan(once);
            store.command(KvCommands.compact(revision));
            assertThat(store.status().bytes()).isEqualTo(once);
        }
        long last = store.apply(KvDelete.of(KeyRange.all())).revision();
        store.command(KvCommands.compact(last));
        assertThat(store.status().bytes()).isZero();
        assertThat(store.status().keys()).isZero();
    }

    /** A node that writes a snapshot holds memory back, and counts as one that does not. */
    @Test
    void aKeyThatComesAgainWhileAViewIsOpenIsCountedOnce() throws IOException {
        store.set("a", "1");
        store.apply(delete("a"));
        StateView view = store.machine.view();
        store.command(KvCommands.compact(3));
        Store other = Store.restored(store.snapshot());
        for (Store each : new Store[] {store, other}) {
            each.set("a", "2");
            each.set("a", "3");
            each.command(KvCommands.compact(5));
        }
        assertThat(store.status()).isEqualTo(other.status());
        assertThat(store.machine.stateHash()).isEqualTo(other.machine.stateHash());
        assertThat(store.hash(5).hash()).isEqualTo(other.hash(5).hash());
        view.close();
        Store fresh = new Store();
        fresh.set("a", "1");
        assertThat(store.status().bytes()).isEqualTo(fresh.status().bytes());
    }

    /** Each command counts out a few changes only, and one write may be more than that. */
    @Test
    void aSnapshotMayFallWithinAWriteThatIsCountedOut() throws IOException {
        store.command(KvCommands.retain(1));
        fill(600);
        store.apply(KvDelete.of(KeyRange.startingWith(Store.bytes("k00"))));
        store.apply(KvDelete.of(KeyRange.all()));
        for (int i = 0; i < 8; i++) {
            Store restored = Store.restored(store.snapshot());
            assertThat(restored.snapshot()).isEqualTo(store.snapshot());
            assertThat(restored.status()).isEqualTo(store.status());
            assertThat(restored.machine.stateHash()).isEqualTo(store.machine.stateHash());
            store.set("again", "x");
            restored.set("again", "x");
            assertThat(restored.status()).isEqualTo(store.status());
        }
        assertThat(store.status().keys()).isEqualTo(1);
    }
}
