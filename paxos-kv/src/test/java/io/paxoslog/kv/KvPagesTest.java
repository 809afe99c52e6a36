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
        fillBeyondOneLook(store);
        KvRange count = KvRange.of(KeyRange.all()).countOnly();
        assertThat(store.ask(count).count()).isEqualTo(KvFormat.MOST_LOOKED_AT);
        assertThat(store.read(count).count()).isEqualTo(many);
        assertThat(store.hash(0).hash()).isNotZero();
    }

    private void fillBeyondOneLook(Store large) {
        KvTxn some = new KvTxn();
        for (int i = 0; i < KvFormat.MOST_LOOKED_AT + 10; i++) {
            // The later its key, the earlier it was put, and the smaller its value.
            some.then(put(Integer.toString(900_000 - i), Integer.toString(100_000 + i)));
            if (i % KvFormat.MOST_OPS == KvFormat.MOST_OPS - 1) {
                large.apply(some);
                some = new KvTxn();
            }
        }
        large.apply(some);
    }

    @Test
    void whatIsTooMuchToBeSortedByNodesIsSortedByTheClient() {
        Store large = new Store();
        fillBeyondOneLook(large);
        KvRange all = KvRange.of(KeyRange.all());
        KvReply asked = large.ask(all.sortedBy(Target.VALUE, Order.ASCENDING));
        assertThat(asked.result()).isEqualTo(KvResult.TOO_MANY_KEYS);
        KvPages pages = large.read(all);
        assertThat(pages.count()).isEqualTo(KvFormat.MOST_LOOKED_AT + 10);
        assertThat(keys(pages.entries()).subList(0, 2)).containsExactly("900000", "899999");
        assertThat(pages.entries()).hasSize(KvFormat.MOST_LOOKED_AT + 10);
        KvPages some =
                large.read(
                        KvRange.of(KeyRange.all())
                                .sortedBy(Target.VALUE, Order.DESCENDING)
                                .keysOnly()
                                .limit(3));
        assertThat(keys(some.entries())).containsExactly("867223", "867224", "867225");
        assertThat(some.entries()).allMatch(entry -> entry.value().length == 0);
        assertThat(some.hasMore()).isTrue();
        assertThat(some.count()).isEqualTo(KvFormat.MOST_LOOKED_AT + 10);
    }

    /** Nobody waits for it for long; until version 2 it does what it did. */
    @Test
    void aTransactionLooksAtABoundedNumberOfKeys() {
        Store large = new Store();
        fillBeyondOneLook(large);
        KvCompare all = KvCompare.version(KeyRange.all(), KvCompare.Relation.GREATER, 0);
        KvTxn compared = new KvTxn().when(all).then(put("z", "1"));
        assertThat(large.apply(compared).result()).isEqualTo(KvResult.TOO_MANY_KEYS);
        assertThat(large.value("z")).isNull();
        KvRange count = KvRange.of(KeyRange.all()).countOnly();
        KvRange sorted = KvRange.of(KeyRange.all()).sortedBy(Target.VALUE, Order.ASCENDING);
        KvReply ranges = large.apply(new KvTxn().then(count).then(sorted).then(put("z", "2")));
        assertThat(ranges.result()).isEqualTo(KvResult.DONE);
        assertThat(ranges.operations().get(0).isCut()).isTrue();
        assertThat(ranges.operations().get(0).count()).isEqualTo(KvFormat.MOST_LOOKED_AT);
        assertThat(ranges.operations().get(1).isCut()).isTrue();
        assertThat(large.value("z")).isEqualTo("2");
        large.calls().version(1);
        assertThat(large.apply(compared).result()).isEqualTo(KvResult.DONE);
        KvReply whole = large.apply(new KvTxn().then(count));
        assertThat(whole.operations().get(0).count()).isEqualTo(KvFormat.MOST_LOOKED_AT + 11);
    }

    /** An old revision of a key that was put often is far away, and so counts for many. */
    @Test
    void whatIsPassedOnTheWayToAnOldRevisionCountsAsLookedAt() {
        Store large = new Store();
        large.set("a", "1");
        large.set("b", "1");
        for (int i = 0; i < KvFormat.MOST_LOOKED_AT + 10; i++) {
            large.set("a", "2");
        }
        KvRange old = KvRange.of(KeyRange.all()).atRevision(3);
        assertThat(large.ask(old).entries()).hasSize(1);
        assertThat(large.read(old).entries()).hasSize(2);
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
