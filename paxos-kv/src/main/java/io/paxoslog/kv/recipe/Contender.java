package io.paxoslog.kv.recipe;

import io.paxoslog.client.ReadMode;
import io.paxoslog.client.SharedClient;
import io.paxoslog.kv.KeyRange;
import io.paxoslog.kv.KvCompare;
import io.paxoslog.kv.KvDelete;
import io.paxoslog.kv.KvEvent;
import io.paxoslog.kv.KvOperation;
import io.paxoslog.kv.KvPut;
import io.paxoslog.kv.KvRange;
import io.paxoslog.kv.KvReply;
import io.paxoslog.kv.KvResult;
import io.paxoslog.kv.KvTxn;
import io.paxoslog.kv.KvWatch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * One of several that stand in line: each has a key under a prefix, tied to its lease, and the one
 * that was created first has what they want. Whoever stands in line watches the one before alone.
 */
final class Contender {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private final KvSession session;
    private final SharedClient client;
    private final byte[] prefix;
    private final byte[] key;
    private final KeyRange own;

    /** What created its key; 0: that is not known. */
    private long revision;

    private boolean mayBeInLine;

    Contender(KvSession session, String name) {
        this.session = session;
        client = session.client();
        prefix = (name + "/").getBytes(StandardCharsets.UTF_8);
        key = (name + "/" + Long.toHexString(session.lease())).getBytes(StandardCharsets.UTF_8);
        own = KeyRange.only(key);
    }

    /** Its key. */
    byte[] key() {
        return key.clone();
    }

    /** Its place in line, which is the fencing token of who is first; 0: it has none. */
    long revision() {
        return revision;
    }

    /** Stands in line until it is first, and leaves when that was not so in time. */
    OptionalLong enter(byte[] value, Duration timeout) {
        join(value);
        if (awaitTurn(timeout)) {
            return OptionalLong.of(revision);
        }
        leave();
        return OptionalLong.empty();
    }

    /** Stands in line, if it does not yet. */
    void join(byte[] value) {
        session.requireAlive();
        KvTxn txn =
                new KvTxn()
                        .when(KvCompare.created(own, KvCompare.Relation.EQUAL, 0))
                        .then(KvPut.of(key, value).withLease(session.lease()))
                        .otherwise(KvRange.of(key));
        mayBeInLine = true;
        KvReply reply = append(txn);
        if (reply.hasSucceeded()) {
            revision = reply.revision();
        } else {
            revision = reply.operations().get(0).entries().get(0).created();
            put(value);
        }
    }

    /** Waits until nobody stands before; false when that was not so in time. */
    boolean awaitTurn(Duration timeout) {
        long endNs = System.nanoTime() + timeout.toNanos();
        while (true) {
            session.requireAlive();
            KvReply reply = look();
            requireInLine(reply.operations().get(1));
            List<KvReply.Entry> before = reply.operations().get(0).entries();
            if (before.isEmpty()) {
                return true;
            }
            if (!awaitDeletion(before.get(0).key(), reply.revision() + 1, endNs)) {
                return false;
            }
        }
    }

    /** The last before, and the own key, at one revision. */
    private KvReply look() {
        KvTxn look =
                new KvTxn()
                        .then(
                                KvRange.of(KeyRange.startingWith(prefix))
                                        .createdWithin(0, revision - 1)
                                        .sortedBy(
                                                KvRange.Target.CREATE_REVISION,
                                                KvRange.Order.DESCENDING)
                                        .limit(1))
                        .then(KvRange.of(key));
        return ask(look);
    }

    private void requireInLine(KvReply ownKey) {
        boolean isThere =
                !ownKey.entries().isEmpty() && ownKey.entries().get(0).created() == revision;
        if (!isThere) {
            throw new KvLostException("the place in line is gone, with the lease or otherwise");
        }
    }

    private boolean awaitDeletion(byte[] ofKey, long fromRevision, long endNs) {
        KvWatch watch = KvWatch.of(KeyRange.only(ofKey)).from(fromRevision).withoutPuts();
        while (!watch.isCompacted()) {
            long leftNs = endNs - System.nanoTime();
            if (leftNs <= 0) {
                return false;
            }
            session.requireAlive();
            List<KvEvent> events = KvWatches.next(client, watch, atMostPatience(leftNs));
            if (!events.isEmpty()) {
                return true;
            }
        }
        return true;
    }

    private static Duration atMostPatience(long leftNs) {
        return leftNs < PATIENCE.toNanos() ? Duration.ofNanos(leftNs) : PATIENCE;
    }

    /** Changes the value; false when the place is gone. */
    boolean put(byte[] value) {
        session.requireAlive();
        return append(whileInLine(KvPut.of(key, value).withLease(session.lease()))).hasSucceeded();
    }

    /** Leaves, if it stands in line or may do so: its key is no other session's. */
    void leave() {
        if (mayBeInLine) {
            KvDelete leave = KvDelete.of(key);
            append(revision == 0 ? new KvTxn().then(leave) : whileInLine(leave));
            revision = 0;
            mayBeInLine = false;
        }
    }

    private KvTxn whileInLine(KvOperation what) {
        return new KvTxn()
                .when(KvCompare.created(own, KvCompare.Relation.EQUAL, revision))
                .then(what);
    }

    /** Who is first; null: nobody. */
    static KvReply.Entry first(SharedClient client, String name) {
        byte[] prefix = (name + "/").getBytes(StandardCharsets.UTF_8);
        KvRange first =
                KvRange.of(KeyRange.startingWith(prefix))
                        .sortedBy(KvRange.Target.CREATE_REVISION, KvRange.Order.ASCENDING)
                        .limit(1);
        byte[] answer = client.read(ReadMode.READ_INDEX, 0, first.bytes(), PATIENCE).bytes();
        List<KvReply.Entry> found = checked(KvReply.of(first, answer)).entries();
        return found.isEmpty() ? null : found.get(0);
    }

    private KvReply append(KvTxn txn) {
        return checked(KvReply.of(txn, client.append(txn.bytes(), PATIENCE).reply()));
    }

    private KvReply ask(KvTxn txn) {
        return checked(
                KvReply.of(
                        txn, client.read(ReadMode.READ_INDEX, 0, txn.bytes(), PATIENCE).bytes()));
    }

    private static KvReply checked(KvReply reply) {
        if (reply.result() == KvResult.LEASE_NOT_FOUND) {
            throw new KvLostException("the lease has expired");
        }
        if (reply.result() != KvResult.DONE) {
            throw new IllegalStateException(reply.result().text());
        }
        return reply;
    }
}
