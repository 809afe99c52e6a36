package io.paxoslog.kv;

import static io.paxoslog.kv.Store.bytes;
import static io.paxoslog.kv.Store.get;
import static io.paxoslog.kv.Store.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.kv.KvCompare.Relation;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes of commands and replies: those of version 1 stay as they are, and others do no harm. */
class KvFormatTest {
    private final Store store = new Store();

    private static List<byte[]> commands() {
        KvTxn inner =
                new KvTxn()
                        .when(KvCompare.modified(KeyRange.only(bytes("a")), Relation.LESS, 3))
                        .otherwise(put("b", "2").withPrevious());
        KvTxn txn =
                new KvTxn()
                        .when(
                                KvCompare.value(
                                        KeyRange.only(bytes("a")), Relation.EQUAL, bytes("1")))
                        .then(inner)
                        .then(get("a"))
                        .otherwise(KvDelete.of(KeyRange.from(bytes("b"))).withPrevious());
        return List.of(
                put("a", "1").bytes(),
                get("a").limit(2).bytes(),
                KvDelete.of(bytes("a")).bytes(),
                txn.bytes(),
                KvCommands.compact(1),
                KvCommands.status(),
                KvCommands.quota(1 << 20),
                KvCommands.retain(5),
                KvCommands.disarm(),
                KvCommands.hash(0, bytes("a")),
                KvCommands.grant(7, 10),
                KvCommands.revoke(7),
                KvCommands.keepAlive(7),
                KvCommands.retainSeconds(5),
                KvCommands.lease(7, true, bytes("a")),
                KvCommands.leases(7),
                KvWatch.of(KeyRange.only(bytes("a"))).from(3).withPrevious().next());
    }

    @Test
    void commandsOfVersion1AreReadForEver() {
        assertThat(commands().stream().map(HexFormat.of()::formatHex))
                .containsExactly(
                        "010100000000000000000001000000610100000031",
                        "010400000002000000000000000000000000000000000000000000000000000000000000"
                                + "00000000000000000000000000000000000000000000000000010000006100000000",
                        "010200010000006100000000",
                        "010301000200010003000100000061000000000100000031320000000301000000010002"
                                + "030100000061000000000300000000000000140000000101000000000000000001000000"
                                + "620100000032450000000400000000000000000000000000000000000000000000000000"
                                + "000000000000000000000000000000000000000000000000000000000000000000000100"
                                + "000061000000000c000000020101000000620100000000",
                        "01050100000000000000",
                        "0107",
                        "01080000100000000000ffffffffffffffff",
                        "0108ffffffffffffffff0500000000000000",
                        "0109",
                        "010600000000000000000100000061",
                        "010b07000000000000000a00000000000000",
                        "010c0700000000000000",
                        "010d0700000000000000",
                        "01100500000000000000",
                        "010e0107000000000000000100000061",
                        "010f0700000000000000",
                        "010a0103000000000000000000000000000000010000006100000000");
    }

    @Test
    void whatEndsTooEarlyOrTooLateHasNoEffect() {
        store.set("a", "1");
        long before = store.machine.stateHash();
        for (byte[] right : commands()) {
            for (int length = 0; length < right.length; length++) {
                check(Arrays.copyOf(right, length), before);
            }
            check(Arrays.copyOf(right, right.length + 1), before);
            byte[] other = right.clone();
            other[0] = 2;
            check(other, before);
        }
    }

    private void check(byte[] wrong, long before) {
        KvReply reply = store.command(wrong);
        assertThat(reply.result()).isNotEqualTo(KvResult.DONE);
        assertThat(store.machine.stateHash()).isEqualTo(before);
    }

    @Test
    void aQueryChangesNothing() {
        store.set("a", "1");
        long before = store.machine.stateHash();
        for (byte[] command : commands()) {
            store.query(command);
            assertThat(store.machine.stateHash()).isEqualTo(before);
        }
        assertThat(store.ask(put("a", "2")).result()).isEqualTo(KvResult.MALFORMED);
        assertThat(store.ask(new KvTxn().then(put("a", "2"))).result())
                .isEqualTo(KvResult.MALFORMED);
        assertThat(store.ask(new KvTxn().then(Store.delete("a"))).result())
                .isEqualTo(KvResult.MALFORMED);
        assertThat(store.ask(new KvTxn().then(get("a"))).operations()).hasSize(1);
    }

    @Test
    void randomBytesAreAnswered() {
        Random random = new Random(3);
        for (byte[] right : commands()) {
            for (int i = 0; i < 2_000; i++) {
                byte[] wrong = right.clone();
                for (int changed = random.nextInt(3); changed >= 0; changed--) {
                    wrong[random.nextInt(wrong.length)] = (byte) random.nextInt();
                }
                assertThat(store.apply(wrong).length).isGreaterThanOrEqualTo(10);
                assertThat(store.query(wrong).length).isGreaterThanOrEqualTo(10);
            }
        }
    }

    @Test
    void aReplyOfAnotherBuildIsNone() {
        byte[] right = store.query(get("a").bytes());
        byte[] newer = right.clone();
        newer[0] = 2;
        assertThat(KvReply.of(get("a"), newer).result()).isEqualTo(KvResult.MALFORMED);
        assertThat(KvReply.of(get("a"), new byte[0]).result()).isEqualTo(KvResult.MALFORMED);
        assertThat(KvReply.of(get("a"), Arrays.copyOf(right, 12)).result())
                .isEqualTo(KvResult.MALFORMED);
    }

    @Test
    void keysHaveUpTo1024Bytes() {
        byte[] key = new byte[KvFormat.MOST_KEY_BYTES];
        assertThat(store.apply(KvPut.of(key, bytes("1"))).result()).isEqualTo(KvResult.DONE);
        KvReply longer = store.apply(KvPut.of(new byte[key.length + 1], bytes("1")));
        assertThat(longer.result()).isEqualTo(KvResult.MALFORMED);
        assertThat(store.read(KvRange.of(KeyRange.all())).entries()).hasSize(1);
    }
}
