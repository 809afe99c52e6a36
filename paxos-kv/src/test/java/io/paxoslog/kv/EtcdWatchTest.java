package io.paxoslog.kv;

import static io.paxoslog.kv.Store.bytes;
import static io.paxoslog.kv.Store.delete;
import static io.paxoslog.kv.Store.eventTexts;
import static io.paxoslog.kv.Store.only;
import static io.paxoslog.kv.Store.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.service.Calls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What etcd's documentation says of watches, one test each, and what ours say besides. */
class EtcdWatchTest {
    private static final KeyRange ALL = KeyRange.all();

    private final Store store = new Store();

    private List<String> seen(KvWatch watch) {
        return eventTexts(store.watch(watch));
    }

    @Test
    void eventsAreOrderedByRevision() {
        store.set("b", "1");
        store.set("a", "2");
        store.apply(delete("b"));
        store.set("b", "3");
        assertThat(seen(KvWatch.of(ALL).from(1)))
                .containsExactly("2 put b=1", "3 put a=2", "4 del b", "5 put b=3");
    }

    @Test
    void anEventNeverAppearsTwice() {
        KvWatch watch = KvWatch.of(ALL).from(1);
        store.set("a", "1");
        assertThat(seen(watch)).hasSize(1);
        assertThat(seen(watch)).isEmpty();
        store.set("a", "2");
        assertThat(seen(watch)).containsExactly("3 put a=2");
    }

    @Test
    void aRevisionIsWholeWhereItFits() {
        store.apply(new KvTxn().then(put("b", "1")).then(put("a", "2")).then(put("c", "3")));
        KvWatch watch = KvWatch.of(ALL).from(1);
        List<KvEvent> events = watch.take(1, store.query(watch.next()));
        assertThat(eventTexts(events)).containsExactly("2 put b=1", "2 put a=2", "2 put c=3");
        assertThat(watch.isWithinRevision()).isFalse();
        assertThat(watch.progress()).isEqualTo(2);
    }

    @Test
    void aWatchMayBeResumedFromBehindTheLastRevisionItSaw() {
        for (int i = 0; i < 10; i++) {
            store.set("a", "" + i);
        }
        assertThat(seen(KvWatch.of(only("a")).from(8)))
                .containsExactly("8 put a=6", "9 put a=7", "10 put a=8", "11 put a=9");
    }

    @Test
    void aWatchWithoutARevisionBeginsWithWhatComesNext() {
        store.set("a", "1");
        KvWatch watch = KvWatch.of(only("a"));
        assertThat(watch.progress()).isEqualTo(-1);
        assertThat(seen(watch)).isEmpty();
        assertThat(watch.progress()).isEqualTo(2);
        store.set("a", "2");
        assertThat(seen(watch)).containsExactly("3 put a=2");
    }

    /** Else what comes between two nodes would be missed. */
    @Test
    void aWatchWithoutARevisionWaitsOnlyOnceItKnowsFromWhereOn() {
        KvWatch watch = KvWatch.of(only("a"));
        byte[] answer = store.calls().waiting(store.machine, watch.next()).poll();
        assertThat(watch.take(1, answer)).isEmpty();
        assertThat(watch.progress()).isEqualTo(1);
        assertThat(store.calls().waiting(store.machine, watch.next()).poll()).isNull();
    }

    @Test
    void aWatchOfARevisionThatIsStillToComeWaitsForIt() {
        KvWatch watch = KvWatch.of(ALL).from(4);
        Calls.Waiting waiting = store.calls().waiting(store.machine, watch.next());
        assertThat(waiting.poll()).isNull();
        store.set("a", "1");
        store.set("a", "2");
        assertThat(waiting.poll()).isNull();
        store.set("a", "3");
        assertThat(eventTexts(watch.take(1, waiting.poll()))).containsExactly("4 put a=3");
    }

    /** Whose node has no room for more that wait asks again, and misses nothing. */
    @Test
    void whoMayNotWaitIsToldToPause() {
        KvWatch watch = KvWatch.of(ALL).from(2);
        assertThat(watch.take(1, store.query(watch.next()))).isEmpty();
        assertThat(watch.isToPause()).isTrue();
        assertThat(watch.progress()).isEqualTo(1);

        store.set("a", "1");
        assertThat(eventTexts(watch.take(2, store.query(watch.next()))))
                .containsExactly("2 put a=1");
        assertThat(watch.isToPause()).isFalse();
        assertThat(watch.progress()).isEqualTo(2);
    }

    /** Its time was over, and not for want of room. */
    @Test
    void whoHasWaitedInVainIsNotToldToPause() {
        KvWatch watch = KvWatch.of(ALL).from(2);
        Calls.Waiting waiting = store.calls().waiting(store.machine, watch.next());
        assertThat(waiting.poll()).isNull();
        assertThat(watch.take(1, waiting.end())).isEmpty();
        assertThat(watch.isToPause()).isFalse();
    }

    @Test
    void aRangeHoldsItsFirstKeyAndNotItsEnd() {
        for (String key : List.of("a", "b", "ba", "c")) {
            store.set(key, "x");
        }
        assertThat(seen(KvWatch.of(KeyRange.of(bytes("b"), bytes("c"))).from(1)))
                .containsExactly("3 put b=x", "4 put ba=x");
        assertThat(seen(KvWatch.of(KeyRange.startingWith(bytes("b"))).from(1))).hasSize(2);
        assertThat(seen(KvWatch.of(KeyRange.from(bytes("b"))).from(1))).hasSize(3);
        assertThat(seen(KvWatch.of(only("b")).from(1))).hasSize(1);
    }

    @Test
    void previousValuesComeOnDemand() {
        store.set("a", "1");
        store.set("a", "2");
        store.apply(delete("a"));
        store.set("a", "3");
        assertThat(seen(KvWatch.of(only("a")).from(1).withPrevious()))
                .containsExactly("2 put a=1", "3 put a=2 was 1", "4 del a was 2", "5 put a=3");
    }

    @Test
    void filtersLeaveOutPutsOrDeletions() {
        store.set("a", "1");
        store.apply(delete("a"));
        store.set("b", "1");
        assertThat(seen(KvWatch.of(ALL).from(1).withoutPuts())).containsExactly("3 del a");
        assertThat(seen(KvWatch.of(ALL).from(1).withoutDeletes()))
                .containsExactly("2 put a=1", "4 put b=1");
        assertThat(seen(KvWatch.of(only("a")).from(1).withoutPuts())).containsExactly("3 del a");
    }

    @Test
    void aWatchOfWhatIsCompactedNamesTheFirstRevisionThereIs() {
        for (int i = 0; i < 5; i++) {
            store.set("a", "" + i);
        }
        store.command(KvCommands.compact(4));
        KvWatch ofTheCompacted = KvWatch.of(ALL).from(4);
        assertThat(seen(ofTheCompacted)).isEmpty();
        assertThat(ofTheCompacted.isCompacted()).isTrue();
        KvWatch watch = KvWatch.of(ALL).from(3);
        assertThat(seen(watch)).isEmpty();
        assertThat(watch.isCompacted()).isTrue();
        assertThat(watch.result()).isEqualTo(KvResult.COMPACTED);
        assertThat(watch.progress() + 1).isEqualTo(5);
        watch.from(watch.progress() + 1);
        assertThat(watch.isCompacted()).isFalse();
        assertThat(seen(watch)).containsExactly("5 put a=3", "6 put a=4");
        assertThat(watch.isCompacted()).isFalse();
        assertThat(watch.result()).isEqualTo(KvResult.DONE);
    }

    /** However much was changed of other keys meanwhile. */
    @Test
    void compactionTakesNothingFromWhoHasWaited() {
        store.set("b", "1");
        KvWatch watch = KvWatch.of(only("a")).from(3);
        Calls.Waiting waiting = store.calls().waiting(store.machine, watch.next());
        assertThat(waiting.poll()).isNull();
        for (int i = 0; i < 5; i++) {
            store.set("b", "x");
        }
        store.command(KvCommands.compact(6));
        store.set("a", "1");
        assertThat(eventTexts(watch.take(1, waiting.poll()))).containsExactly("8 put a=1");
        assertThat(watch.isCompacted()).isFalse();
    }

    @Test
    void whatIsWatchedBehindACompactionHasItsPreviousValue() {
        store.set("a", "1");
        store.set("a", "2");
        store.set("a", "3");
        store.command(KvCommands.compact(3));
        for (int i = 0; i < 600; i++) {
            store.set("b", "x");
        }
        assertThat(seen(KvWatch.of(only("a")).from(4).withPrevious()))
                .containsExactly("4 put a=3 was 2");
    }

    /** Fragments: what fits no answer is split, and says so. */
    @Test
    void aLargeRevisionComesInPieces() {
        KvTxn txn = new KvTxn();
        for (int i = 0; i < 50; i++) {
            txn.then(put("k%02d".formatted(i), "v"));
        }
        store.apply(txn);
        store.set("z", "1");
        KvWatch watch = KvWatch.of(ALL).from(1).inPiecesOf(400);
        List<String> all = new ArrayList<>();
        int pieces = 0;
        while (all.size() < 51) {
            List<KvEvent> some = watch.take(1, store.query(watch.next()));
            all.addAll(eventTexts(some));
            pieces++;
            assertThat(watch.isWithinRevision()).isEqualTo(all.size() < 50);
            // Progress never names a revision of which something is to come.
            assertThat(watch.progress()).isEqualTo(all.size() < 50 ? 1 : all.size() == 50 ? 2 : 3);
        }
        assertThat(pieces).isGreaterThan(5);
        assertThat(all.get(0)).isEqualTo("2 put k00=v");
        assertThat(all.get(49)).isEqualTo("2 put k49=v");
        assertThat(all.get(50)).isEqualTo("3 put z=1");
    }

    @Test
    void oneChangeIsAlwaysGivenIfNeedBeWithoutWhatWasThereBefore() {
        Store small = new Store(3_000);
        String large = "x".repeat(Operations.mostValueBytes(1, 3_000));
        small.set("a", large);
        small.set("a", large);
        KvWatch watch = KvWatch.of(only("a")).from(3).withPrevious().inPiecesOf(1);
        List<KvEvent> events = watch.take(1, small.query(watch.next()));
        assertThat(events).hasSize(1);
        assertThat(events.get(0).previous()).isNull();
        assertThat(events.get(0).isPreviousLeftOut()).isTrue();
        assertThat(watch.progress()).isEqualTo(3);
    }

    @Test
    void progressGoesOnWhereNothingIsWantedAndIsNeverAheadOfEvents() {
        KvWatch watch = KvWatch.of(only("a")).from(1);
        Calls.Waiting waiting = store.calls().waiting(store.machine, watch.next());
        assertThat(waiting.poll()).isNull();
        store.set("b", "1");
        store.set("b", "2");
        assertThat(waiting.poll()).isNull();
        assertThat(watch.take(1, waiting.end())).isEmpty();
        assertThat(watch.progress()).isEqualTo(3);
        store.set("a", "1");
        store.set("b", "3");
        assertThat(seen(watch)).containsExactly("4 put a=1");
        assertThat(watch.progress()).isEqualTo(5);
    }

    private Calls.Waiting waits(KvWatch watch) {
        seen(watch);
        Calls.Waiting waiting = store.calls().waiting(store.machine, watch.next());
        assertThat(waiting.poll()).isNull();
        return waiting;
    }

    @Test
    void whoWaitsForAKeyOrARangeHearsOfItsChangesAndOfNoOthers() {
        KvWatch key = KvWatch.of(only("m"));
        KvWatch range = KvWatch.of(KeyRange.of(bytes("c"), bytes("f")));
        KvWatch within = KvWatch.of(KeyRange.of(bytes("d"), bytes("e")));
        KvWatch from = KvWatch.of(KeyRange.from(bytes("n")));
        List<KvWatch> watches = List.of(key, range, within, from);
        for (String changed : List.of("a", "c", "d", "e", "f", "m", "n", "z")) {
            List<Calls.Waiting> waiting = watches.stream().map(this::waits).toList();
            store.set(changed, "1");
            List<Integer> heard = new ArrayList<>();
            for (int i = 0; i < watches.size(); i++) {
                byte[] answer = waiting.get(i).poll();
                if (answer != null) {
                    assertThat(watches.get(i).take(1, answer)).hasSize(1);
                    heard.add(i);
                } else {
                    assertThat(watches.get(i).take(1, waiting.get(i).end())).isEmpty();
                }
            }
            assertThat(heard)
                    .as(changed)
                    .isEqualTo(
                            switch (changed) {
                                case "c", "e" -> List.of(1);
                                case "d" -> List.of(1, 2);
                                case "m" -> List.of(0);
                                case "n", "z" -> List.of(3);
                                default -> List.of();
                            });
        }
    }

    @Test
    void whoWaitsHearsOfDeletionsAndOfKeysThatGoWithTheirLease() {
        store.grant(7, 5);
        store.set("a", "1");
        store.apply(put("b", "1").withLease(7));
        KvWatch watch = KvWatch.of(ALL);
        Calls.Waiting waiting = waits(watch);
        store.apply(delete("a"));
        assertThat(eventTexts(watch.take(1, waiting.poll()))).containsExactly("4 del a");
        waiting = waits(watch);
        store.pass(30_000);
        store.pass(30_000);
        assertThat(eventTexts(watch.take(1, waiting.poll()))).containsExactly("5 del b");
    }

    @Test
    void whatIsFilteredOutLetsAWatchWaitOn() {
        KvWatch watch = KvWatch.of(only("a")).withoutPuts();
        Calls.Waiting waiting = waits(watch);
        store.set("a", "1");
        assertThat(waiting.poll()).isNull();
        store.apply(delete("a"));
        assertThat(eventTexts(watch.take(1, waiting.poll()))).containsExactly("3 del a");
    }

    private static Calls tellingTopics(Collection<Long> told) {
        return new Calls(100) {
            @Override
            public void news(long topic, long detail) {
                told.add(topic);
            }
        };
    }

    @Test
    void ofManyRangesThoseThatHoldAKeyHearOfIt() {
        Random random = new Random(7);
        Set<Long> told = new TreeSet<>();
        Watched watched = new Watched(tellingTopics(told));
        Map<Long, int[]> ranges = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            int from = 100 + random.nextInt(800);
            int end = from + 1 + random.nextInt(random.nextInt(4) == 0 ? 99 : 5);
            long topic = watched.topicOf(Slice.of(bytes("" + from)), Slice.of(bytes("" + end)));
            ranges.put(topic, new int[] {from, end});
            int key = 100 + random.nextInt(900);
            told.clear();
            watched.changed(Slice.of(bytes("" + key)), 9);
            Set<Long> due = new TreeSet<>();
            ranges.forEach((one, it) -> addIf(due, one, it[0] <= key && key < it[1]));
            assertThat(told).isEqualTo(due);
        }
    }

    private static void addIf(Set<Long> to, long topic, boolean isSo) {
        if (isSo) {
            to.add(topic);
        }
    }

    @Test
    void rangesThatAreTooManyAreForgottenAndNothingOfThemIsMissed() {
        List<Long> told = new ArrayList<>();
        Watched watched = new Watched(tellingTopics(told), 3);
        for (String key : List.of("a", "b", "c", "d")) {
            watched.topicOf(Slice.of(bytes(key)), Slice.of(bytes(key + "~")));
        }
        watched.changed(Slice.of(bytes("c")), 9);
        assertThat(told).containsExactly(3L, 1L, 2L, 3L, 4L);
        assertThat(watched.topicOf(Slice.of(bytes("c")), Slice.of(bytes("d")))).isEqualTo(5);
    }

    @Test
    void aWatchLooksAtABoundedNumberOfChanges() {
        store.set("b", "1");
        for (int i = 0; i < WatchReader.MOST_LOOKED_AT + 10; i++) {
            store.set("a", "1");
        }
        store.set("b", "2");
        KvWatch watch = KvWatch.of(KeyRange.of(bytes("b"), bytes("c"))).from(3);
        assertThat(watch.take(1, store.query(watch.next()))).isEmpty();
        assertThat(watch.progress()).isEqualTo(2 + WatchReader.MOST_LOOKED_AT);
        assertThat(seen(watch)).hasSize(1);
        KvWatch often = KvWatch.of(only("a")).from(1);
        assertThat(seen(often)).hasSize(WatchReader.MOST_LOOKED_AT + 10);
    }

    @Test
    void aRestoredStoreSaysTheSame() throws IOException {
        store.set("a", "1");
        store.apply(new KvTxn().then(put("a", "2")).then(put("b", "2")));
        store.command(KvCommands.compact(2));
        store.apply(delete("a"));
        Store restored = store.restored();
        List<String> expected = List.of("3 put a=2 was 1", "3 put b=2", "4 del a was 2");
        for (Store each : List.of(store, restored)) {
            assertThat(eventTexts(each.watch(KvWatch.of(ALL).from(3).withPrevious())))
                    .isEqualTo(expected);
        }
        KvWatch watch = KvWatch.of(only("c")).from(5);
        Calls.Waiting waiting = restored.calls().waiting(restored.machine, watch.next());
        assertThat(waiting.poll()).isNull();
        restored.set("c", "1");
        assertThat(eventTexts(watch.take(1, waiting.poll()))).containsExactly("5 put c=1");
    }

    @Test
    void aWatchIsAQueryOnly() {
        byte[] watch = KvWatch.of(ALL).from(1).next();
        assertThat(store.command(watch).result()).isEqualTo(KvResult.MALFORMED);
        assertThat(KvWatch.of(only("")).from(1).take(1, store.query(KvWatch.of(only("")).next())))
                .isEmpty();
    }
}
