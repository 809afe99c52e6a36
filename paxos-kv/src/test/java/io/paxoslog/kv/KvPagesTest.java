package io.paxoslog.kv;

import static io.paxoslog.kv.Store.keys;
import static io.paxoslog.kv.Store.prefix;
import static io.paxoslog.kv.Store.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.kv.KvRange.Order;
import io.paxoslog.kv.KvRange.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What fits no reply is read in pieces, at one revision. */
class KvPagesTest {
    private static final int REPLY_BYTES = 3_000;

    private final Store store = new Store(REPLY_BYTES);
    private final List<String> all = new ArrayList<>();

    private void fill(int count) {
        for (int i = 0; i < count; i++) {
            String key = "k%04d".formatted(i);
            all.add(key);
            store.set(key, "v".repeat(50 + i % 100));
        }
    }

    @Test
    void piecesAddUpToTheRange() {
        fill(300);
        KvPages pages = store.read(prefix("k"));
        assertThat(keys(pages.entries())).isEqualTo(all);
        assertThat(pages.count()).isEqualTo(300);
        assertThat(pages.hasMore()).isFalse();
        assertThat(pages.result()).isEqualTo(KvResult.DONE);
    }

    @Test
    void allPiecesAreOfOneRevision() {
        fill(100);
        KvPages pages = new KvPages(prefix("k"));
        for (int i = 0; !pages.isDone(); i++) {
            pages.take(store.query(pages.next()));
            store.set("k%04d".formatted(99 - i), "changed");
            store.set("k0050" + i, "new");
            store.apply(Store.delete("k%04d".formatted(95 - i)));
        }
        assertThat(keys(pages.entries())).isEqualTo(all);
        assertThat(pages.entries()).allMatch(entry -> entry.modified() <= 101);
        assertThat(pages.revision()).isEqualTo(101);
    }

    @Test
    void aLimitHoldsForAllPiecesTogether() {
        fill(100);
        KvPages some = store.read(prefix("k").limit(60));
        assertThat(keys(some.entries())).isEqualTo(all.subList(0, 60));
        assertThat(some.hasMore()).isTrue();
        assertThat(some.count()).isEqualTo(100);
        KvPages exactly = store.read(prefix("k").limit(100));
        assertThat(exactly.entries()).hasSize(100);
        assertThat(exactly.hasMore()).isFalse();
    }

    @Test
    void sortedRangesComeInPiecesToo() {
        fill(100);
        Collections.reverse(all);
        KvPages pages = store.read(prefix("k").sortedBy(Target.MOD_REVISION, Order.DESCENDING));
        assertThat(keys(pages.entries())).isEqualTo(all);
        assertThat(pages.count()).isEqualTo(100);
        KvPages some = store.read(prefix("k").sortedBy(Target.KEY, Order.DESCENDING).limit(70));
        assertThat(keys(some.entries())).isEqualTo(all.subList(0, 70));
        assertThat(some.hasMore()).isTrue();
    }

    @Test
    void aCompactionBetweenPiecesIsSaid() {
        fill(100);
        KvPages pages = new KvPages(prefix("k"));
        pages.take(store.query(pages.next()));
        store.set("z", "1");
        store.command(KvCommands.compact(102));
        pages.take(store.query(pages.next()));
        assertThat(pages.isDone()).isTrue();
        assertThat(pages.result()).isEqualTo(KvResult.COMPACTED);
    }

    @Test
    void aQueryLooksAtABoundedNumberOfKeys() {
        int many = KvFormat.MOST_LOOKED_AT + 10;
        for (int i = 0; i < many; i++) {
            store.apply(put("%06d".formatted(i), ""));
        }
        KvRange count = KvRange.of(KeyRange.all()).countOnly();
        assertThat(store.ask(count).count()).isEqualTo(KvFormat.MOST_LOOKED_AT);
        assertThat(store.read(count).count()).isEqualTo(many);
        assertThat(store.hash(0).hash()).isNotZero();
    }

    @Test
    void aPutThatNoReplyCouldHoldIsRefused() {
        int most = Operations.mostValueBytes(1, REPLY_BYTES);
        assertThat(store.apply(put("a", "x".repeat(most))).result()).isEqualTo(KvResult.DONE);
        assertThat(store.apply(put("a", "x".repeat(most + 1))).result())
                .isEqualTo(KvResult.TOO_LARGE);
        assertThat(store.value("a")).hasSize(most);
    }

    @Test
    void whatFitsNoReplyOfATransactionIsLeftOutAndTheRestIsDone() {
        fill(100);
        KvReply reply =
                store.apply(
                        new KvTxn()
                                .then(prefix("k"))
                                .then(KvDelete.of(KeyRange.all()).withPrevious())
                                .then(Store.get("k0001")));
        assertThat(reply.result()).isEqualTo(KvResult.DONE);
        KvReply range = reply.operations().get(0);
        assertThat(range.isCut()).isTrue();
        assertThat(range.count()).isEqualTo(100);
        assertThat(keys(range.entries())).isEqualTo(all.subList(0, range.entries().size()));
        KvReply deleted = reply.operations().get(1);
        assertThat(deleted.count()).isEqualTo(100);
        assertThat(deleted.entries()).hasSizeLessThan(100);
        assertThat(reply.operations().get(2).count()).isZero();
    }

    @Test
    void aTransactionWhoseReplyCouldNotHoldItsAnswersHasNoEffect() {
        Store small = new Store(200);
        KvTxn txn = new KvTxn();
        for (int i = 0; i < 100; i++) {
            txn.then(KvDelete.of(Store.bytes("a" + i)));
        }
        assertThat(small.apply(txn).result()).isEqualTo(KvResult.TOO_LARGE);
    }
}
