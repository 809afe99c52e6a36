package io.paxoslog.kv;

import static io.paxoslog.kv.Store.delete;
import static io.paxoslog.kv.Store.eventTexts;
import static io.paxoslog.kv.Store.get;
import static io.paxoslog.kv.Store.put;
import static io.paxoslog.kv.Store.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What etcd's documentation says of leases, one test each, and what ours say besides. */
class EtcdLeaseTest {
    private static final long TTL = 10;
    private static final long TTL_MS = 10_000;

    /** The stopwatch is as much behind, at most, as it is said to be. */
    private static final long STEP_MS = io.paxoslog.service.Calls.STEP_MS;

    private static final long GRACE_MS = LeaseCommands.GRACE_SECONDS * LeaseCommands.SECOND_MS;

    private final Store store = new Store();

    private KvResult of(byte[] command) {
        return store.command(command).result();
    }

    private KvResult lease(byte[] command) {
        return KvReply.ofLease(store.apply(command)).result();
    }

    private List<String> keysOf(long lease) {
        return store.lease(lease).keys().stream().map(Store::text).toList();
    }

    /** Whoever leads has done so for long. */
    private void settle() {
        store.grant(999, 1_000_000);
        store.pass(GRACE_MS + STEP_MS);
    }

    @Test
    void aLeaseIsGrantedWithTheNumberThatIsAskedForOrAnyThatIsFree() {
        assertThat(store.grant(7, TTL)).isEqualTo(7);
        long chosen = store.grant(0, TTL);
        long other = store.grant(0, TTL);
        assertThat(List.of(chosen, other)).doesNotHaveDuplicates().allMatch(id -> id > 0);
        assertThat(lease(KvCommands.grant(7, TTL))).isEqualTo(KvResult.LEASE_EXISTS);
        assertThat(lease(KvCommands.grant(-1, TTL))).isEqualTo(KvResult.MALFORMED);
        assertThat(lease(KvCommands.grant(8, LeaseCommands.MOST_TTL_SECONDS + 1)))
                .isEqualTo(KvResult.TTL_TOO_LARGE);
    }

    @Test
    void aTimeToLiveIsNeverShorterThanTheLeast() {
        KvReply reply = KvReply.ofLease(store.apply(KvCommands.grant(7, 0)));
        assertThat(reply.ttlSeconds()).isEqualTo(LeaseCommands.LEAST_TTL_SECONDS);
        assertThat(lease(KvCommands.grant(8, -5))).isEqualTo(KvResult.DONE);
    }

    @Test
    void grantingAndKeepingAliveMakesNoRevision() {
        store.grant(7, TTL);
        store.apply(KvCommands.keepAlive(7));
        assertThat(store.ask(get("a")).revision()).isEqualTo(1);
    }

    @Test
    void anExpiredLeaseTakesAllItsKeysInOneRevision() {
        settle();
        store.grant(7, TTL);
        store.apply(put("b", "1").withLease(7));
        store.apply(put("a", "2").withLease(7));
        store.set("c", "3");
        store.pass(TTL_MS);
        assertThat(store.value("a")).isEqualTo("2");
        store.pass(STEP_MS);
        assertThat(store.value("a")).isNull();
        assertThat(store.value("b")).isNull();
        assertThat(store.value("c")).isEqualTo("3");
        assertThat(eventTexts(store.watch(KvWatch.of(KeyRange.all()).from(5))))
                .containsExactly("5 del a", "5 del b");
        assertThat(store.lease(7).isThere()).isFalse();
    }

    @Test
    void aLeaseThatIsKeptAliveDoesNotExpire() {
        settle();
        store.grant(7, TTL);
        store.apply(put("a", "1").withLease(7));
        for (int i = 0; i < 20; i++) {
            store.pass(TTL_MS - 1);
            KvReply alive = KvReply.ofLease(store.apply(KvCommands.keepAlive(7)));
            assertThat(alive.result()).isEqualTo(KvResult.DONE);
            assertThat(alive.ttlSeconds()).isEqualTo(TTL);
        }
        store.pass(TTL_MS);
        assertThat(store.value("a")).isEqualTo("1");
        store.pass(STEP_MS + 1);
        assertThat(store.value("a")).isNull();
    }

    /** However often it was kept alive: one timer, set again for what is left. */
    @Test
    void aLeaseThatIsKeptAliveNoMoreExpiresInTime() {
        settle();
        store.grant(7, TTL);
        store.pass(3_000);
        store.apply(KvCommands.keepAlive(7));
        store.pass(1_000);
        store.apply(KvCommands.keepAlive(7));
        store.pass(TTL_MS);
        assertThat(store.lease(7).isThere()).isTrue();
        for (int i = 0; i < 2; i++) {
            store.pass(STEP_MS);
        }
        assertThat(store.lease(7).isThere()).isFalse();
    }

    @Test
    void whatIsNotThereCannotBeKeptAliveOrRevoked() {
        assertThat(lease(KvCommands.keepAlive(7))).isEqualTo(KvResult.LEASE_NOT_FOUND);
        assertThat(of(KvCommands.revoke(7))).isEqualTo(KvResult.LEASE_NOT_FOUND);
    }

    @Test
    void revokingDeletesAllKeysInOneRevision() {
        store.grant(7, TTL);
        store.apply(put("b", "1").withLease(7));
        store.apply(put("a", "2").withLease(7));
        assertThat(of(KvCommands.revoke(7))).isEqualTo(KvResult.DONE);
        assertThat(eventTexts(store.watch(KvWatch.of(KeyRange.all()).from(4))))
                .containsExactly("4 del a", "4 del b");
        assertThat(store.calls().timers()).isEmpty();
        assertThat(store.leases().leases()).isEmpty();
    }

    @Test
    void revokingALeaseWithoutKeysMakesNoRevision() {
        store.grant(7, TTL);
        assertThat(of(KvCommands.revoke(7))).isEqualTo(KvResult.DONE);
        assertThat(store.ask(get("a")).revision()).isEqualTo(1);
    }

    @Test
    void aKeyIsTiedToOneLeaseAtMostTheOneOfItsLastPut() {
        store.grant(7, TTL);
        store.grant(8, TTL);
        store.apply(put("a", "1").withLease(7));
        store.apply(put("b", "1").withLease(7));
        store.apply(put("a", "2").withLease(8));
        assertThat(keysOf(7)).containsExactly("b");
        assertThat(keysOf(8)).containsExactly("a");
        store.apply(put("a", "3"));
        assertThat(keysOf(8)).isEmpty();
        store.apply(KvCommands.revoke(8));
        assertThat(store.value("a")).isEqualTo("3");
        store.apply(delete("b"));
        assertThat(keysOf(7)).isEmpty();
    }

    @Test
    void aPutThatIgnoresItsLeaseKeepsTheKeyTied() {
        store.grant(7, TTL);
        store.apply(put("a", "1").withLease(7));
        store.apply(put("a", "2").keepingLease());
        store.apply(put("a", "").keepingValue().withLease(7));
        assertThat(keysOf(7)).containsExactly("a");
        assertThat(store.ask(get("a")).entries().get(0).lease()).isEqualTo(7);
        store.apply(put("a", "").keepingValue());
        assertThat(keysOf(7)).isEmpty();
    }

    @Test
    void timeToLiveTellsWhatWasGrantedWhatIsLeftAndTheKeys() {
        store.grant(7, TTL);
        for (int i = 0; i < 300; i++) {
            store.apply(put("k%03d".formatted(i), "x").withLease(7));
        }
        store.pass(4_000);
        store.set("z", "1");
        KvLeaseInfo info = store.lease(7);
        assertThat(info.ttlSeconds()).isEqualTo(TTL);
        assertThat(info.secondsLeft()).isEqualTo(6);
        assertThat(info.keyCount()).isEqualTo(300);
        assertThat(info.keys()).hasSize(300).isSortedAccordingTo(java.util.Arrays::compare);
        assertThat(store.lease(8).isThere()).isFalse();
        assertThat(store.lease(8).ttlSeconds()).isEqualTo(-1);
    }

    @Test
    void keysOfALeaseComeInPieces() {
        Store small = new Store(1_300);
        small.grant(7, TTL);
        for (int i = 0; i < 100; i++) {
            small.apply(put("k%03d".formatted(i), "x").withLease(7));
        }
        assertThat(small.lease(7).keys()).hasSize(100);
        for (long id = 100; id < 400; id++) {
            small.grant(id, TTL);
        }
        assertThat(small.leases().leases()).hasSize(301).isSorted();
    }

    @Test
    void leasesAreListed() {
        store.grant(9, TTL);
        store.grant(7, TTL);
        assertThat(store.leases().leases()).containsExactly(7L, 9L);
    }

    @Test
    void aTransactionMayTestTheLeaseOfAKey() {
        store.grant(7, TTL);
        store.apply(put("a", "1").withLease(7));
        KvTxn txn =
                new KvTxn()
                        .when(KvCompare.lease(Store.only("a"), KvCompare.Relation.EQUAL, 7))
                        .then(put("a", "2").withLease(7));
        assertThat(store.apply(txn).hasSucceeded()).isTrue();
        assertThat(keysOf(7)).containsExactly("a");
    }

    /** Who leads now may not have heard of who keeps it alive. */
    @Test
    void noLeaseExpiresBeforeANewLeaderWasThereForAWhile() {
        settle();
        store.grant(7, TTL);
        store.pass(TTL_MS - 1_000);
        store.calls().changeLeader();
        store.pass(1_000 + STEP_MS);
        assertThat(store.lease(7).isThere()).isTrue();
        store.apply(KvCommands.keepAlive(7));
        store.pass(TTL_MS);
        assertThat(store.lease(7).isThere()).isTrue();
        store.pass(GRACE_MS + 2 * STEP_MS);
        store.pass(STEP_MS);
        assertThat(store.lease(7).isThere()).isFalse();
    }

    /** However many leaders come and go, it outlives its time by no more than the grace. */
    @Test
    void aLeaseThatNobodyKeepsAliveExpiresAfterTheGraceOfTheLastLeader() {
        settle();
        store.grant(7, TTL);
        store.pass(TTL_MS);
        for (int i = 0; i < 3; i++) {
            store.calls().changeLeader();
            store.pass(STEP_MS);
            assertThat(store.lease(7).isThere()).isTrue();
        }
        store.pass(GRACE_MS);
        store.pass(STEP_MS);
        assertThat(store.lease(7).isThere()).isFalse();
    }

    @Test
    void leasesCountAgainstTheQuota() {
        store.command(KvCommands.quota(3 * Leases.LEASE_BYTES));
        for (int id = 1; id <= 3; id++) {
            assertThat(lease(KvCommands.grant(id, TTL))).isEqualTo(KvResult.DONE);
        }
        assertThat(store.status().bytes()).isEqualTo(3 * Leases.LEASE_BYTES);
        assertThat(lease(KvCommands.grant(4, TTL))).isEqualTo(KvResult.NO_SPACE);
        assertThat(of(KvCommands.revoke(1))).isEqualTo(KvResult.DONE);
        assertThat(store.status().bytes()).isEqualTo(2 * Leases.LEASE_BYTES);
    }

    @Test
    void leasesAreInSnapshots() throws IOException {
        settle();
        store.grant(7, TTL);
        store.grant(8, 1_000);
        store.apply(put("a", "1").withLease(7));
        store.apply(put("b", "1").withLease(8));
        store.apply(put("b", "2"));
        store.pass(3_000);
        store.apply(KvCommands.keepAlive(7));
        Store restored = store.restored();
        assertThat(restored.machine.stateHash()).isEqualTo(store.machine.stateHash());
        assertThat(restored.snapshot()).isEqualTo(store.snapshot());
        assertThat(restored.lease(7).keys()).extracting(Store::text).containsExactly("a");
        assertThat(restored.lease(8).keys()).isEmpty();
        for (Store each : List.of(store, restored)) {
            each.pass(TTL_MS);
            assertThat(each.value("a")).isEqualTo("1");
            each.pass(STEP_MS);
            each.pass(STEP_MS);
            assertThat(each.value("a")).isNull();
        }
        assertThat(restored.machine.stateHash()).isEqualTo(store.machine.stateHash());
    }

    /** A number may be granted again while history still names the lease that had it before. */
    @Test
    void historyOfALeaseThatHadTheNumberBeforeIsRestored() throws IOException {
        store.grant(7, TTL);
        store.apply(put("a", "1").withLease(7));
        store.apply(put("b", "1").withLease(7));
        store.apply(KvCommands.revoke(7));
        store.grant(7, TTL);
        store.apply(put("b", "2").withLease(7));
        Store restored = store.restored();
        assertThat(restored.lease(7).keys()).extracting(bytes -> text(bytes)).containsExactly("b");
        restored.apply(KvCommands.revoke(7));
        store.apply(KvCommands.revoke(7));
        assertThat(restored.machine.stateHash()).isEqualTo(store.machine.stateHash());
    }

    /** Builds before leases do this, and all nodes do alike until the version rises. */
    @Test
    void untilItsVersionIsAgreedThereAreNoLeases() throws IOException {
        store.calls().version(1);
        assertThat(lease(KvCommands.grant(7, TTL))).isEqualTo(KvResult.MALFORMED);
        assertThat(of(KvCommands.retainSeconds(5))).isEqualTo(KvResult.MALFORMED);
        assertThat(store.apply(put("a", "1").withLease(7)).result())
                .isEqualTo(KvResult.LEASE_NOT_FOUND);
        store.set("a", "1");
        assertThat(store.snapshot()).startsWith(0x50, 0x4B, 0x56, 0x31);
        assertThat(store.machine.newestVersion()).isEqualTo(2);
    }

    @Test
    void whatIsOlderThanItIsKeptForIsCompacted() throws IOException {
        store.set("a", "1");
        assertThat(of(KvCommands.retainSeconds(100))).isEqualTo(KvResult.DONE);
        store.pass(10_000);
        store.set("a", "2");
        store.pass(40_000);
        store.set("a", "3");
        Store restored = store.restored();
        for (Store each : List.of(store, restored)) {
            for (int i = 0; i < 4; i++) {
                each.pass(10_000);
            }
            assertThat(each.status().compacted()).isNegative();
            each.pass(10_000);
            assertThat(each.status().compacted()).isEqualTo(2);
            assertThat(each.value("a", 2)).isEqualTo("1");
            for (int i = 0; i < 6; i++) {
                each.pass(10_000);
            }
            assertThat(each.status().compacted()).isEqualTo(4);
        }
        assertThat(restored.machine.stateHash()).isEqualTo(store.machine.stateHash());
        assertThat(restored.snapshot()).isEqualTo(store.snapshot());
        of(KvCommands.retainSeconds(0));
        assertThat(store.calls().timers()).isEmpty();
    }
}
