package io.paxoslog.kv;

import static io.paxoslog.kv.Store.bytes;
import static io.paxoslog.kv.Store.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.service.StateView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Anything in any order: each answer is what a store would give that keeps everything and searches
 * it. Nodes that began with a snapshot hold the same as the one that did not. {@code -Dkv.seeds=N}
 * plays more.
 */
class KvModelTest {
    private static final int SEEDS = Integer.getInteger("kv.seeds", 60);
    private static final int STEPS = 600;

    private Random random;
    private NaiveStore model;
    private List<Store> nodes;
    private StateView view;
    private byte[] written;

    @Test
    void answersAsAStoreThatKeepsEverything() throws IOException {
        for (long seed = 1; seed <= SEEDS; seed++) {
            random = new Random(seed);
            model = new NaiveStore();
            nodes = new ArrayList<>(List.of(new Store()));
            view = null;
            for (int step = 0; step < STEPS; step++) {
                act();
                check("seed %d, step %d".formatted(seed, step));
            }
            closeView();
        }
    }

    private String key() {
        return "k" + random.nextInt(12) + "x".repeat(random.nextInt(3) * 40);
    }

    private String value() {
        return "v" + random.nextInt(100) + "y".repeat(random.nextInt(4) * random.nextInt(60));
    }

    private KvReply apply(KvOperation operation) {
        KvReply first = null;
        for (Store node : nodes) {
            KvReply reply = node.apply(operation);
            first = first == null ? reply : first;
        }
        model.endWrite();
        assertThat(first.result()).isEqualTo(KvResult.DONE);
        assertThat(first.revision()).isEqualTo(model.revision);
        return first;
    }

    private void act() throws IOException {
        switch (random.nextInt(14)) {
            case 0, 1, 2, 3, 4 -> put();
            case 5, 6 -> delete();
            case 7, 8 -> transact();
            case 9 -> compact();
            case 10 -> beginView();
            case 11 -> closeView();
            case 12 -> replaceANode();
            default -> apply(new KvTxn().then(Store.get(key())));
        }
    }

    private void put() {
        String key = key();
        String value = value();
        model.put(key, value);
        apply(Store.put(key, value));
    }

    private void delete() {
        String from = key();
        String end = random.nextBoolean() ? null : from + "~";
        int count = model.delete(from, end);
        assertThat(apply(KvDelete.of(range(from, end))).count()).isEqualTo(count);
    }

    private static KeyRange range(String from, String end) {
        return end == null ? KeyRange.only(bytes(from)) : KeyRange.of(bytes(from), bytes(end));
    }

    private void transact() {
        String asked = key();
        NaiveStore.Change there = model.now(asked);
        long version = random.nextInt(3);
        KvTxn txn =
                new KvTxn()
                        .when(
                                KvCompare.version(
                                        KeyRange.only(bytes(asked)),
                                        KvCompare.Relation.EQUAL,
                                        version));
        boolean holds = (there == null ? 0 : there.version()) == version;
        String deleted = "k" + random.nextInt(6);
        String put = "k" + (6 + random.nextInt(6)) + "x".repeat(random.nextInt(2) * 40);
        String value = value();
        txn.then(KvDelete.of(KeyRange.only(bytes(deleted)))).then(Store.put(put, value));
        txn.otherwise(new KvTxn().then(Store.put(put, value + "!")));
        if (holds) {
            model.delete(deleted, null);
        }
        model.put(put, holds ? value : value + "!");
        assertThat(apply(txn).hasSucceeded()).isEqualTo(holds);
    }

    private void compact() {
        long to = model.compacted + 1 + random.nextInt(40);
        KvResult expected = to > model.revision ? KvResult.FUTURE_REVISION : KvResult.DONE;
        nodes.forEach(
                node ->
                        assertThat(node.command(KvCommands.compact(to)).result())
                                .isEqualTo(expected));
        model.compacted = expected == KvResult.DONE ? to : model.compacted;
    }

    /** Of the first node, which then keeps memory that others give back. */
    private void beginView() throws IOException {
        if (view == null) {
            view = nodes.get(0).machine.view();
            written = nodes.get(nodes.size() - 1).snapshot();
        }
    }

    private void closeView() throws IOException {
        if (view != null) {
            assertThat(Store.written(view)).isEqualTo(written);
            view.close();
            view = null;
        }
    }

    private void replaceANode() throws IOException {
        Store fresh = Store.restored(nodes.get(random.nextInt(nodes.size())).snapshot());
        if (nodes.size() == 3) {
            nodes.set(1 + random.nextInt(2), fresh);
        } else {
            nodes.add(fresh);
        }
    }

    private void check(String when) {
        Store node = nodes.get(random.nextInt(nodes.size()));
        long revision = revisionToRead();
        String from = key();
        String end = random.nextInt(4) == 0 ? null : from + "~";
        KvReply range = node.ask(KvRange.of(range(from, end)).atRevision(revision));
        assertThat(texts(range.entries())).as(when).isEqualTo(model.range(from, end, revision));
        if (random.nextInt(8) == 0) {
            KvRange sorted =
                    KvRange.of(KeyRange.all())
                            .atRevision(revision)
                            .sortedBy(KvRange.Target.MOD_REVISION, KvRange.Order.ASCENDING);
            assertThat(Store.keys(node.ask(sorted).entries()))
                    .as(when)
                    .isEqualTo(model.byModification(revision));
        }
        checkNodes(when, revision);
    }

    private long revisionToRead() {
        long oldest = Math.max(1, model.compacted);
        return oldest + random.nextInt((int) (model.revision - oldest) + 1);
    }

    private void checkNodes(String when, long revision) {
        KvReply.Status status = nodes.get(0).status();
        long hash = nodes.get(0).hash(revision).hash();
        long stateHash = nodes.get(0).machine.stateHash();
        assertThat(status.keys())
                .as(when)
                .isEqualTo(model.keys.keySet().stream().filter(k -> model.now(k) != null).count());
        for (Store node : nodes) {
            assertThat(node.status()).as(when).isEqualTo(status);
            assertThat(node.hash(revision).hash()).as(when).isEqualTo(hash);
            assertThat(node.machine.stateHash()).as(when).isEqualTo(stateHash);
        }
    }
}
