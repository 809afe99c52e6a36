package io.paxoslog.kv;

import static io.paxoslog.kv.KvCompare.Relation.EQUAL;
import static io.paxoslog.kv.KvCompare.Relation.GREATER;
import static io.paxoslog.kv.KvCompare.Relation.LESS;
import static io.paxoslog.kv.KvCompare.Relation.NOT_EQUAL;
import static io.paxoslog.kv.Store.bytes;
import static io.paxoslog.kv.Store.delete;
import static io.paxoslog.kv.Store.get;
import static io.paxoslog.kv.Store.keys;
import static io.paxoslog.kv.Store.only;
import static io.paxoslog.kv.Store.prefix;
import static io.paxoslog.kv.Store.put;
import static io.paxoslog.kv.Store.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.kv.KvRange.Order;
import io.paxoslog.kv.KvRange.Target;
import org.junit.jupiter.api.Test;

/** What etcd's documentation says of its data model and of its calls, one test each. */
class EtcdSemanticsTest {
    private final Store store = new Store();

    private KvResult of(KvOperation operation) {
        return store.apply(operation).result();
    }

    @Test
    void theInitialRevisionOfAStoreIsOne() {
        assertThat(store.ask(get("a")).revision()).isEqualTo(1);
        assertThat(store.set("a", "1")).isEqualTo(2);
    }

    @Test
    void eachWriteCreatesANewRevision() {
        assertThat(store.set("a", "1")).isEqualTo(2);
        assertThat(store.set("a", "1")).isEqualTo(3);
        assertThat(store.apply(delete("a")).revision()).isEqualTo(4);
    }

    @Test
    void aWriteThatChangesNothingCreatesNoRevision() {
        store.set("a", "1");
        assertThat(store.apply(delete("b")).revision()).isEqualTo(2);
        assertThat(store.apply(new KvTxn().then(get("a"))).revision()).isEqualTo(2);
        assertThat(store.apply(new KvTxn().then(delete("b"))).revision()).isEqualTo(2);
    }

    @Test
    void allModificationsOfATransactionHaveOneRevision() {
        store.apply(new KvTxn().then(put("a", "1")).then(put("b", "2")).then(put("c", "3")));
        assertThat(texts(store.ask(prefix("")).entries()))
                .containsExactly("a=1 c2 m2 v1 l0", "b=2 c2 m2 v1 l0", "c=3 c2 m2 v1 l0");
        assertThat(store.set("d", "4")).isEqualTo(3);
    }

    @Test
    void theVersionOfAKeyCountsItsPutsSinceItWasCreated() {
        store.set("a", "1");
        store.set("b", "1");
        store.set("a", "2");
        store.set("a", "3");
        assertThat(texts(store.ask(get("a")).entries())).containsExactly("a=3 c2 m5 v3 l0");
    }

    @Test
    void deletionEndsAGenerationAndTheNextPutBeginsOne() {
        store.set("a", "1");
        store.set("a", "2");
        store.apply(delete("a"));
        assertThat(store.ask(get("a")).entries()).isEmpty();
        store.set("a", "3");
        assertThat(texts(store.ask(get("a")).entries())).containsExactly("a=3 c5 m5 v1 l0");
    }

    @Test
    void oldVersionsOfKeysAreAccessibleAtTheirRevisions() {
        store.set("a", "1");
        store.set("a", "2");
        store.apply(delete("a"));
        store.set("a", "3");
        assertThat(store.value("a", 1)).isNull();
        assertThat(store.value("a", 2)).isEqualTo("1");
        assertThat(store.value("a", 3)).isEqualTo("2");
        assertThat(store.value("a", 4)).isNull();
        assertThat(store.value("a", 5)).isEqualTo("3");
    }

    @Test
    void aRevisionOfZeroOrLessIsThePresentOne() {
        store.set("a", "1");
        store.set("a", "2");
        assertThat(store.value("a", 0)).isEqualTo("2");
        assertThat(store.value("a", -7)).isEqualTo("2");
    }

    @Test
    void aRangeAnswersWithThePresentRevisionWhicheverItReads() {
        store.set("a", "1");
        store.set("a", "2");
        assertThat(store.ask(get("a").atRevision(2)).revision()).isEqualTo(3);
    }

    @Test
    void aRevisionThatIsStillToComeIsRefused() {
        assertThat(store.ask(get("a").atRevision(2)).result()).isEqualTo(KvResult.FUTURE_REVISION);
        assertThat(store.command(KvCommands.compact(2)).result())
                .isEqualTo(KvResult.FUTURE_REVISION);
    }

    @Test
    void compactionShedsWhatWasSuperseded() {
        store.set("a", "1");
        store.set("a", "2");
        store.set("a", "3");
        assertThat(store.command(KvCommands.compact(3)).result()).isEqualTo(KvResult.DONE);
        assertThat(store.ask(get("a").atRevision(2)).result()).isEqualTo(KvResult.COMPACTED);
        assertThat(store.value("a", 3)).isEqualTo("2");
        assertThat(store.value("a", 4)).isEqualTo("3");
    }

    @Test
    void aKeyThatWasDeletedBeforeACompactionIsGone() {
        store.set("a", "1");
        store.apply(delete("a"));
        long before = store.status().bytes();
        store.command(KvCommands.compact(3));
        assertThat(store.status().bytes()).isLessThan(before).isZero();
        assertThat(store.ask(get("a").atRevision(3)).entries()).isEmpty();
    }

    @Test
    void compactingToACompactedRevisionIsRefused() {
        store.set("a", "1");
        store.set("a", "2");
        store.command(KvCommands.compact(2));
        assertThat(store.command(KvCommands.compact(2)).result()).isEqualTo(KvResult.COMPACTED);
        assertThat(store.command(KvCommands.compact(1)).result()).isEqualTo(KvResult.COMPACTED);
    }

    @Test
    void aPutMayAnswerWithThePreviousKeyAndValue() {
        assertThat(store.apply(put("a", "1").withPrevious()).entries()).isEmpty();
        assertThat(texts(store.apply(put("a", "2").withPrevious()).entries()))
                .containsExactly("a=1 c2 m2 v1 l0");
        assertThat(store.apply(put("a", "3")).entries()).isEmpty();
    }

    @Test
    void aPutThatIgnoresItsValueKeepsTheOneThatIsThere() {
        assertThat(of(put("a", "").keepingValue())).isEqualTo(KvResult.KEY_NOT_FOUND);
        store.set("a", "1");
        assertThat(of(put("a", "2").keepingValue())).isEqualTo(KvResult.VALUE_PROVIDED);
        assertThat(of(put("a", "").keepingValue())).isEqualTo(KvResult.DONE);
        assertThat(texts(store.ask(get("a")).entries())).containsExactly("a=1 c2 m3 v2 l0");
    }

    @Test
    void aPutThatIgnoresItsLeaseKeepsTheOneThatIsThere() {
        assertThat(of(put("a", "1").keepingLease())).isEqualTo(KvResult.KEY_NOT_FOUND);
        store.set("a", "1");
        assertThat(of(put("a", "2").keepingLease().withLease(5)))
                .isEqualTo(KvResult.LEASE_PROVIDED);
        assertThat(of(put("a", "2").keepingLease())).isEqualTo(KvResult.DONE);
    }

    @Test
    void aPutWithALeaseThatIsNotThereIsRefused() {
        assertThat(of(put("a", "1").withLease(5))).isEqualTo(KvResult.LEASE_NOT_FOUND);
        assertThat(store.ask(get("a")).revision()).isEqualTo(1);
    }

    @Test
    void anEmptyKeyIsRefused() {
        assertThat(of(put("", "1"))).isEqualTo(KvResult.EMPTY_KEY);
        assertThat(of(delete(""))).isEqualTo(KvResult.EMPTY_KEY);
        assertThat(store.ask(get("")).result()).isEqualTo(KvResult.EMPTY_KEY);
        assertThat(of(new KvTxn().then(put("", "1")))).isEqualTo(KvResult.EMPTY_KEY);
        assertThat(of(new KvTxn().when(KvCompare.version(only(""), EQUAL, 0))))
                .isEqualTo(KvResult.EMPTY_KEY);
    }

    @Test
    void aValueMayBeEmpty() {
        store.set("a", "");
        assertThat(store.value("a")).isEmpty();
    }

    private void setFive() {
        for (String key : new String[] {"a", "b", "ba", "bb", "c"}) {
            store.set(key, key);
        }
    }

    @Test
    void aRangeHoldsItsFirstKeyAndNotItsEnd() {
        setFive();
        KvRange range = KvRange.of(KeyRange.of(bytes("b"), bytes("c")));
        assertThat(keys(store.ask(range).entries())).containsExactly("b", "ba", "bb");
        assertThat(store.ask(KvRange.of(KeyRange.of(bytes("c"), bytes("b")))).entries()).isEmpty();
    }

    @Test
    void anEndOfOneZeroByteMeansAllFromTheKeyOn() {
        setFive();
        assertThat(keys(store.ask(KvRange.of(KeyRange.from(bytes("ba")))).entries()))
                .containsExactly("ba", "bb", "c");
        assertThat(keys(store.ask(KvRange.of(KeyRange.all())).entries())).hasSize(5);
    }

    @Test
    void aPrefixIsARangeUpToTheNextOne() {
        setFive();
        assertThat(keys(store.ask(prefix("b")).entries())).containsExactly("b", "ba", "bb");
        store.apply(KvPut.of(new byte[] {(byte) 0xFF, 1}, bytes("x")));
        KeyRange last = KeyRange.startingWith(new byte[] {(byte) 0xFF});
        assertThat(store.ask(KvRange.of(last)).count()).isEqualTo(1);
    }

    @Test
    void keysAreOrderedByTheirBytesUnsigned() {
        store.apply(KvPut.of(new byte[] {(byte) 0x80}, bytes("high")));
        store.apply(KvPut.of(new byte[] {0x7F}, bytes("low")));
        assertThat(store.ask(KvRange.of(KeyRange.all())).entries())
                .extracting(entry -> Store.text(entry.value()))
                .containsExactly("low", "high");
    }

    @Test
    void aLimitSaysThatThereIsMoreAndTheCountGoesBeyondIt() {
        setFive();
        KvReply some = store.ask(prefix("").limit(2));
        assertThat(keys(some.entries())).containsExactly("a", "b");
        assertThat(some.hasMore()).isTrue();
        assertThat(some.count()).isEqualTo(5);
        KvReply all = store.ask(prefix("").limit(5));
        assertThat(all.hasMore()).isFalse();
        assertThat(all.entries()).hasSize(5);
    }

    @Test
    void aCountOnlyRangeAnswersWithNoKeys() {
        setFive();
        KvReply count = store.ask(prefix("b").countOnly());
        assertThat(count.entries()).isEmpty();
        assertThat(count.count()).isEqualTo(3);
    }

    @Test
    void aKeysOnlyRangeAnswersWithNoValues() {
        setFive();
        assertThat(texts(store.ask(get("a").keysOnly()).entries()))
                .containsExactly("a= c2 m2 v1 l0");
    }

    @Test
    void aRangeIsSortedByKeyVersionCreationModificationOrValue() {
        store.set("a", "2");
        store.set("b", "3");
        store.set("c", "1");
        store.set("b", "3");
        store.set("a", "2");
        store.set("b", "3");
        assertThat(sorted(Target.KEY, Order.DESCENDING)).isEqualTo("c b a");
        assertThat(sorted(Target.KEY, Order.ASCENDING)).isEqualTo("a b c");
        assertThat(sorted(Target.VERSION, Order.ASCENDING)).isEqualTo("c a b");
        assertThat(sorted(Target.CREATE_REVISION, Order.DESCENDING)).isEqualTo("c b a");
        assertThat(sorted(Target.MOD_REVISION, Order.ASCENDING)).isEqualTo("c a b");
        assertThat(sorted(Target.VALUE, Order.ASCENDING)).isEqualTo("c a b");
        assertThat(sorted(Target.VALUE, Order.DESCENDING)).isEqualTo("b a c");
    }

    private String sorted(Target target, Order order) {
        return String.join(" ", keys(store.ask(prefix("").sortedBy(target, order)).entries()));
    }

    @Test
    void aTargetWithoutAnOrderAscends() {
        store.set("a", "2");
        store.set("b", "1");
        assertThat(sorted(Target.VALUE, Order.NONE)).isEqualTo("b a");
    }

    @Test
    void aLimitOfASortedRangeTakesTheFirstOfTheOrder() {
        setFive();
        KvReply last =
                store.ask(prefix("").sortedBy(Target.CREATE_REVISION, Order.DESCENDING).limit(1));
        assertThat(keys(last.entries())).containsExactly("c");
        assertThat(last.hasMore()).isTrue();
        assertThat(last.count()).isEqualTo(5);
    }

    @Test
    void boundsOfRevisionsFilterWhatIsAnsweredAndNotTheCount() {
        setFive();
        store.set("b", "again");
        assertThat(keys(store.ask(prefix("").modifiedWithin(4, 6)).entries()))
                .containsExactly("ba", "bb", "c");
        assertThat(keys(store.ask(prefix("").createdWithin(0, 3)).entries()))
                .containsExactly("a", "b");
        KvReply limited = store.ask(prefix("").modifiedWithin(4, 0).limit(2));
        assertThat(keys(limited.entries())).containsExactly("b", "ba");
        assertThat(limited.hasMore()).isTrue();
        assertThat(limited.count()).isEqualTo(5);
    }

    @Test
    void aDeletedRangeIsCountedAndGivesWhatWasThere() {
        setFive();
        KvReply deleted =
                store.apply(KvDelete.of(KeyRange.startingWith(bytes("b"))).withPrevious());
        assertThat(deleted.count()).isEqualTo(3);
        assertThat(keys(deleted.entries())).containsExactly("b", "ba", "bb");
        assertThat(deleted.revision()).isEqualTo(7);
        assertThat(keys(store.ask(prefix("")).entries())).containsExactly("a", "c");
        assertThat(store.ask(prefix("").atRevision(6)).count()).isEqualTo(5);
    }

    @Test
    void aTransactionDoesOneOfItsBranches() {
        store.set("a", "1");
        KvTxn txn =
                new KvTxn()
                        .when(KvCompare.value(only("a"), EQUAL, bytes("1")))
                        .then(put("a", "2"))
                        .otherwise(get("a"));
        KvReply first = store.apply(txn);
        assertThat(first.hasSucceeded()).isTrue();
        assertThat(first.operations()).hasSize(1);
        KvReply second = store.apply(txn);
        assertThat(second.hasSucceeded()).isFalse();
        assertThat(texts(second.operations().get(0).entries())).containsExactly("a=2 c2 m3 v2 l0");
    }

    @Test
    void aTransactionNeedsAllItsConditions() {
        store.set("a", "1");
        KvCompare isOne = KvCompare.value(only("a"), EQUAL, bytes("1"));
        KvCompare isTwo = KvCompare.value(only("a"), EQUAL, bytes("2"));
        assertThat(store.ask(new KvTxn().when(isOne).when(isTwo)).hasSucceeded()).isFalse();
        assertThat(store.ask(new KvTxn().when(isTwo).when(isOne)).hasSucceeded()).isFalse();
        assertThat(store.ask(new KvTxn().when(isOne).when(isOne)).hasSucceeded()).isTrue();
        assertThat(store.ask(new KvTxn()).hasSucceeded()).isTrue();
    }

    private boolean holds(KvCompare compare) {
        return store.ask(new KvTxn().when(compare)).hasSucceeded();
    }

    @Test
    void conditionsLookAtVersionCreationModificationLeaseAndValue() {
        store.set("x", "0");
        store.set("a", "m");
        store.set("a", "m");
        assertThat(holds(KvCompare.version(only("a"), EQUAL, 2))).isTrue();
        assertThat(holds(KvCompare.version(only("a"), LESS, 2))).isFalse();
        assertThat(holds(KvCompare.created(only("a"), EQUAL, 3))).isTrue();
        assertThat(holds(KvCompare.created(only("a"), GREATER, 3))).isFalse();
        assertThat(holds(KvCompare.modified(only("a"), GREATER, 3))).isTrue();
        assertThat(holds(KvCompare.modified(only("a"), NOT_EQUAL, 4))).isFalse();
        assertThat(holds(KvCompare.lease(only("a"), EQUAL, 0))).isTrue();
        assertThat(holds(KvCompare.lease(only("a"), GREATER, 0))).isFalse();
        assertThat(holds(KvCompare.value(only("a"), LESS, bytes("n")))).isTrue();
        assertThat(holds(KvCompare.value(only("a"), GREATER, bytes("l")))).isTrue();
        assertThat(holds(KvCompare.value(only("a"), NOT_EQUAL, bytes("m")))).isFalse();
    }

    @Test
    void whatIsNotThereComparesAsZeroAndItsValueNever() {
        assertThat(holds(KvCompare.version(only("a"), EQUAL, 0))).isTrue();
        assertThat(holds(KvCompare.created(only("a"), LESS, 1))).isTrue();
        assertThat(holds(KvCompare.value(only("a"), EQUAL, bytes("")))).isFalse();
        assertThat(holds(KvCompare.value(only("a"), NOT_EQUAL, bytes("x")))).isFalse();
        store.set("a", "");
        assertThat(holds(KvCompare.value(only("a"), EQUAL, bytes("")))).isTrue();
    }

    @Test
    void aConditionOnARangeHoldsForEveryKeyInIt() {
        setFive();
        KeyRange range = KeyRange.startingWith(bytes("b"));
        assertThat(holds(KvCompare.version(range, EQUAL, 1))).isTrue();
        store.set("bb", "again");
        assertThat(holds(KvCompare.version(range, EQUAL, 1))).isFalse();
        assertThat(holds(KvCompare.version(range, GREATER, 0))).isTrue();
    }

    @Test
    void rangesOfATransactionSeeItsOwnWrites() {
        store.set("a", "1");
        KvReply reply =
                store.apply(
                        new KvTxn()
                                .then(get("a"))
                                .then(put("b", "2"))
                                .then(get("b"))
                                .then(prefix("")));
        assertThat(reply.operations().get(0).count()).isEqualTo(1);
        assertThat(texts(reply.operations().get(2).entries())).containsExactly("b=2 c3 m3 v1 l0");
        assertThat(reply.operations().get(3).count()).isEqualTo(2);
    }

    @Test
    void aKeyMustNotBePutTwiceInOneTransaction() {
        KvTxn twice = new KvTxn().then(put("a", "1")).then(put("a", "2"));
        assertThat(of(twice)).isEqualTo(KvResult.DUPLICATE_KEY);
        assertThat(store.ask(get("a")).revision()).isEqualTo(1);
        assertThat(of(new KvTxn().then(put("a", "1")).otherwise(put("a", "2"))))
                .isEqualTo(KvResult.DONE);
    }

    @Test
    void aPutMustNotMeetADeleteOfItsTransaction() {
        KvDelete all = KvDelete.of(KeyRange.startingWith(bytes("a")));
        assertThat(of(new KvTxn().then(put("ab", "1")).then(all)))
                .isEqualTo(KvResult.DUPLICATE_KEY);
        assertThat(of(new KvTxn().then(put("b", "1")).then(all))).isEqualTo(KvResult.DONE);
        assertThat(of(new KvTxn().then(all).then(new KvTxn().then(put("ab", "1")))))
                .isEqualTo(KvResult.DUPLICATE_KEY);
    }

    @Test
    void bothBranchesOfATransactionWithinMayPutAKeyAndNobodyElse() {
        KvTxn inner = new KvTxn().then(put("a", "1")).otherwise(put("a", "2"));
        assertThat(of(new KvTxn().then(inner))).isEqualTo(KvResult.DONE);
        assertThat(of(new KvTxn().then(inner).then(put("a", "3"))))
                .isEqualTo(KvResult.DUPLICATE_KEY);
        assertThat(of(new KvTxn().then(inner).then(new KvTxn().then(put("a", "3")))))
                .isEqualTo(KvResult.DUPLICATE_KEY);
    }

    @Test
    void conditionsOfTransactionsWithinAreLookedAtBeforeAnythingIsDone() {
        store.set("a", "1");
        KvTxn inner =
                new KvTxn()
                        .when(KvCompare.value(only("a"), EQUAL, bytes("1")))
                        .then(put("b", "old"))
                        .otherwise(put("b", "new"));
        KvReply reply = store.apply(new KvTxn().then(put("a", "2")).then(inner));
        assertThat(reply.operations().get(1).hasSucceeded()).isTrue();
        assertThat(store.value("b")).isEqualTo("old");
        assertThat(reply.revision()).isEqualTo(3);
    }

    @Test
    void aTransactionOfWhichOnePartIsRefusedHasNoEffect() {
        store.set("a", "1");
        store.set("a", "2");
        store.command(KvCommands.compact(3));
        KvTxn reads = new KvTxn().then(put("b", "1")).then(get("a").atRevision(2));
        assertThat(of(reads)).isEqualTo(KvResult.COMPACTED);
        KvTxn keeps = new KvTxn().then(put("b", "1")).then(put("c", "").keepingValue());
        assertThat(of(keeps)).isEqualTo(KvResult.KEY_NOT_FOUND);
        assertThat(store.value("b")).isNull();
        assertThat(store.ask(get("b")).revision()).isEqualTo(3);
    }

    @Test
    void onlyTheBranchThatIsTakenIsAdmitted() {
        KvTxn txn = new KvTxn().then(put("a", "1")).otherwise(put("b", "").keepingValue());
        assertThat(of(txn)).isEqualTo(KvResult.DONE);
    }

    @Test
    void aTransactionHasAtMost128OperationsWithThoseWithin() {
        KvTxn most = new KvTxn();
        for (int i = 0; i < 128; i++) {
            most.then(put("k" + i, "v"));
        }
        assertThat(of(most)).isEqualTo(KvResult.DONE);
        KvTxn within = new KvTxn().then(new KvTxn().then(new KvTxn().then(get("a"))));
        assertThat(of(within)).isEqualTo(KvResult.DONE);
        KvTxn outer = new KvTxn();
        for (int i = 0; i < 127; i++) {
            outer.then(get("a"));
        }
        assertThat(of(outer.then(new KvTxn().then(get("a"))))).isEqualTo(KvResult.TOO_MANY_OPS);
    }

    @Test
    void theHashOfARevisionStaysWhileWritesGoOn() {
        store.set("a", "1");
        store.set("b", "2");
        long hash = store.hash(3).hash();
        store.set("a", "3");
        store.apply(delete("b"));
        assertThat(store.hash(3).hash()).isEqualTo(hash);
        assertThat(store.hash(0).hash()).isNotEqualTo(hash);
    }

    @Test
    void noSpaceRefusesPutsAndStillTakesDeletesAndCompactions() {
        store.command(KvCommands.quota(1_000));
        store.set("a", "x".repeat(500));
        assertThat(of(put("b", "x".repeat(500)))).isEqualTo(KvResult.NO_SPACE);
        assertThat(store.status().isAlarmed()).isTrue();
        assertThat(of(put("c", "1"))).isEqualTo(KvResult.NO_SPACE);
        assertThat(
                        of(
                                new KvTxn()
                                        .when(KvCompare.version(only("z"), GREATER, 0))
                                        .then(put("c", "1"))))
                .isEqualTo(KvResult.NO_SPACE);
        assertThat(of(new KvTxn().then(get("a")))).isEqualTo(KvResult.DONE);
        assertThat(of(delete("a"))).isEqualTo(KvResult.DONE);
        assertThat(store.command(KvCommands.compact(3)).result()).isEqualTo(KvResult.DONE);
        assertThat(of(put("c", "1"))).isEqualTo(KvResult.NO_SPACE);
        assertThat(store.command(KvCommands.disarm()).result()).isEqualTo(KvResult.DONE);
        assertThat(of(put("c", "1"))).isEqualTo(KvResult.DONE);
    }

    @Test
    void revisionsBeyondThoseThatAreRetainedAreCompactedByThemselves() {
        store.command(KvCommands.retain(3));
        for (int i = 0; i < 10; i++) {
            store.set("a", "v" + i);
        }
        assertThat(store.status().compacted()).isEqualTo(8);
        assertThat(store.value("a", 8)).isEqualTo("v6");
        assertThat(store.ask(get("a").atRevision(7)).result()).isEqualTo(KvResult.COMPACTED);
    }
}
