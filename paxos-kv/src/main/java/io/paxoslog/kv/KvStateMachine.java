package io.paxoslog.kv;

import io.paxoslog.service.Cluster;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Moment;
import io.paxoslog.service.Query;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import io.paxoslog.service.StateView;
import java.io.IOException;
import java.io.InputStream;
import org.agrona.DirectBuffer;

/**
 * A key-value store with etcd's data model: revisions, ranges at a revision, transactions,
 * compaction, watches, leases. {@link KvOperation} and {@link KvCommands} make what it takes,
 * {@link KvReply} reads what it answers; {@link KvWatch} asks for changes.
 *
 * <p>Bounded by a quota that is agreed by the log: a put that would go beyond has no effect, and
 * raises an alarm, under which deletes and compactions are taken, and no puts, until it is
 * disarmed. Old revisions are compacted by themselves. Keys and values lie outside the heap, where
 * the JVM must admit as much as the quota (-XX:MaxDirectMemorySize).
 */
public final class KvStateMachine implements StateMachine {
    /** How much it may take of memory unless it is told otherwise; as etcd. */
    public static final long DEFAULT_QUOTA_BYTES = 2L << 30;

    /** How many revisions are kept unless it is told otherwise. */
    public static final long DEFAULT_RETAINED = 1_000_000;

    private static final int STEP = 256;
    private static final int COMPACTION_STEP = 256 * 1024;
    private static final int HASH_BYTES = 2 * Long.BYTES + Integer.BYTES;
    private static final int LEAST_REPLY_BYTES = 64;

    private final KvOutput out = new KvOutput();
    private final KvInput in = new KvInput();
    private final Slice body = new Slice();
    private final KvPut put = new KvPut();
    private final KvDelete delete = new KvDelete();
    private final KvRange range = new KvRange();
    private final KvBounds bounds = new KvBounds();
    private final KvWatchQuery watch = new KvWatchQuery();
    private final int secondMs;
    private Cluster cluster;
    private KvStore store;
    private LeaseCommands leases;
    private TimedCompaction compaction;
    private Watched watched;
    private WatchReader watches;
    private Operations operations;
    private Transactions transactions;
    private HashReader hashes;
    private int kind;

    /** An empty one. */
    public KvStateMachine() {
        this(LeaseCommands.SECOND_MS);
    }

    /** One whose leases go by other seconds, the same on all nodes. */
    KvStateMachine(int secondMs) {
        this.secondMs = secondMs;
        startWith(new KvStore());
    }

    private void startWith(KvStore with) {
        store = with;
        leases = new LeaseCommands(store, bounds, out, secondMs);
        compaction = new TimedCompaction();
        operations = new Operations(store, out, store.leases()::isThere);
        transactions = new Transactions(operations, out);
        hashes = new HashReader(store, out);
        watches = new WatchReader(store, out, operations.ranges());
        if (cluster != null) {
            begin(cluster);
        }
    }

    @Override
    public void begin(Cluster newCluster) {
        cluster = newCluster;
        leases.begin(cluster);
        watched = new Watched(cluster);
        store.tell(watched);
    }

    /** Leases came with version 2, and bounds for what transactions look at. */
    @Override
    public int newestVersion() {
        return KvFormat.FIRST_WITH_LEASES;
    }

    @Override
    public void apply(Entry entry, Reply reply) {
        KvStore locked = store;
        synchronized (locked) {
            leases.at(entry);
            operations.obey(entry.version());
            KvResult result = read(entry.buffer(), entry.offset(), entry.length(), reply);
            result = result == KvResult.DONE ? run(entry, reply) : result;
            endWrite();
            answer(result, reply);
        }
    }

    private void endWrite() {
        store.endWrite();
        if (bounds.isOverdue(store)) {
            store.compact(store.revision() - bounds.retained);
        }
        store.step(STEP);
    }

    /** A lease has expired, or it is time to look what is to be compacted. */
    @Override
    public void timer(Moment at, long timer) {
        KvStore locked = store;
        synchronized (locked) {
            leases.at(at);
            if (timer == TimedCompaction.TIMER) {
                compaction.timer(at.timeNs(), store, cluster);
            } else {
                leases.timer(timer);
            }
            endWrite();
        }
    }

    /** Answers what changes nothing. */
    @Override
    public void query(Query query, Reply reply) {
        operations.obey(KvFormat.FIRST_WITH_LEASES);
        KvResult result = read(query.buffer(), query.offset(), query.length(), reply);
        answer(result == KvResult.DONE ? run(query, reply) : result, reply);
    }

    /** Reads what all have in front. */
    private KvResult read(DirectBuffer from, int at, int length, Reply reply) {
        out.clear();
        out.u8(KvFormat.VERSION).u8(0).i64(0);
        if (reply.maxBytes() < LEAST_REPLY_BYTES) {
            return KvResult.TOO_LARGE;
        }
        in.wrap(from, at, length);
        boolean isKnown = in.u8() == KvFormat.VERSION;
        kind = in.u8();
        body.set(from, at + 2, length - 2);
        return in.isBad() || !isKnown ? KvResult.MALFORMED : KvResult.DONE;
    }

    private KvResult run(Entry entry, Reply reply) {
        int most = reply.maxBytes();
        if (kind < KvFormat.GRANT || entry.version() < KvFormat.FIRST_WITH_LEASES) {
            return run(most, true);
        }
        return switch (kind) {
            case KvFormat.GRANT -> leases.grant(in, entry);
            case KvFormat.REVOKE -> leases.revoke(in);
            case KvFormat.KEEP_ALIVE -> leases.keepAlive(in);
            case KvFormat.RETAIN_TIME -> retainTime(entry.timeNs());
            default -> KvResult.MALFORMED;
        };
    }

    private KvResult run(Query query, Reply reply) {
        int most = reply.maxBytes();
        return switch (kind) {
            case KvFormat.WATCH -> watch(query, most);
            case KvFormat.LEASE -> leases.describe(in, body, most);
            case KvFormat.LEASES -> leases.list(in, most);
            default -> run(most, false);
        };
    }

    /** What may be either. */
    private KvResult run(int most, boolean isCommand) {
        return switch (kind) {
            case KvFormat.RANGE -> range(most);
            case KvFormat.HASH -> hash(most);
            case KvFormat.STATUS -> status();
            case KvFormat.TXN -> transact(body, most, isCommand);
            case KvFormat.PUT -> isCommand ? put(most) : KvResult.MALFORMED;
            case KvFormat.DELETE -> isCommand ? delete(most) : KvResult.MALFORMED;
            case KvFormat.COMPACT -> isCommand ? compact() : KvResult.MALFORMED;
            case KvFormat.BOUNDS -> isCommand ? bounds() : KvResult.MALFORMED;
            case KvFormat.DISARM -> isCommand ? disarm() : KvResult.MALFORMED;
            default -> KvResult.MALFORMED;
        };
    }

    /** Where replies may have no bytes at all, there is nothing to be said. */
    private void answer(KvResult result, Reply reply) {
        int bytes = result == KvResult.DONE ? out.length() : KvFormat.REPLY_HEADER_BYTES;
        if (bytes > reply.maxBytes()) {
            return;
        }
        out.setU8(1, result.number());
        out.setI64(2, store.revision());
        reply.resize(bytes).putBytes(0, out.buffer(), 0, bytes);
    }

    private KvResult put(int most) {
        put.read(in);
        if (!in.isDone()) {
            return KvResult.MALFORMED;
        }
        KvResult result = Operations.check(put);
        if (result == KvResult.DONE) {
            result = operations.admit(put, most);
        }
        if (result == KvResult.DONE && !bounds.hasRoom(store, operations.bytesOf(put))) {
            result = KvResult.NO_SPACE;
        }
        if (result == KvResult.DONE) {
            operations.put(put, most);
        }
        return result;
    }

    private KvResult delete(int most) {
        delete.read(in);
        if (!in.isDone()) {
            return KvResult.MALFORMED;
        }
        KvResult result = Operations.check(delete.key);
        if (result == KvResult.DONE) {
            operations.delete(delete, most);
        }
        return result;
    }

    private KvResult transact(Slice transaction, int most, boolean isCommand) {
        KvResult result = transactions.check(transaction);
        if (result != KvResult.DONE) {
            return result;
        }
        if (transactions.isChanging() && !isCommand) {
            return KvResult.MALFORMED;
        }
        result = transactions.decide(transaction, most);
        if (result == KvResult.DONE
                && transactions.isPutting()
                && !bounds.hasRoom(store, transactions.addedBytes())) {
            result = KvResult.NO_SPACE;
        }
        if (result == KvResult.DONE) {
            transactions.run(transaction);
        }
        return result;
    }

    private KvResult range(int most) {
        range.read(in);
        if (!in.isDone()) {
            return KvResult.MALFORMED;
        }
        KvResult result = Operations.check(range.key);
        if (result == KvResult.DONE) {
            result = operations.ranges().check(range.revision);
        }
        if (result != KvResult.DONE) {
            return result;
        }
        int room = most - KvFormat.MOST_KEY_BYTES - Integer.BYTES;
        boolean isEnough = room >= KvFormat.REPLY_HEADER_BYTES + KvFormat.RANGE_BYTES;
        return isEnough ? operations.ranges().writePiece(range, room) : KvResult.TOO_LARGE;
    }

    private KvResult hash(int most) {
        long revision = in.i64();
        in.slice(body);
        if (!in.isDone()) {
            return KvResult.MALFORMED;
        }
        KvResult result = operations.ranges().check(revision);
        if (result != KvResult.DONE) {
            return result;
        }
        if (most < KvFormat.REPLY_HEADER_BYTES + HASH_BYTES + KvFormat.MOST_KEY_BYTES) {
            return KvResult.TOO_LARGE;
        }
        hashes.write(revision > 0 ? revision : store.revision(), body, KvFormat.MOST_LOOKED_AT);
        return KvResult.DONE;
    }

    private KvResult status() {
        if (!in.isDone()) {
            return KvResult.MALFORMED;
        }
        out.i64(store.compacted()).i64(store.bytes()).i64(bounds.quotaBytes).i64(bounds.retained);
        out.u8(bounds.isAlarmed ? 1 : 0).i64(store.liveKeys());
        return KvResult.DONE;
    }

    private KvResult compact() {
        long revision = in.i64();
        if (!in.isDone()) {
            return KvResult.MALFORMED;
        }
        if (revision <= store.compacted()) {
            return KvResult.COMPACTED;
        }
        if (revision > store.revision()) {
            return KvResult.FUTURE_REVISION;
        }
        store.compact(revision);
        store.step(COMPACTION_STEP);
        return KvResult.DONE;
    }

    private KvResult bounds() {
        long quotaBytes = in.i64();
        long retained = in.i64();
        return in.isDone() && bounds.set(quotaBytes, retained) ? KvResult.DONE : KvResult.MALFORMED;
    }

    private KvResult retainTime(long nowNs) {
        long seconds = in.i64();
        if (!in.isDone() || seconds < 0 || seconds > LeaseCommands.MOST_TTL_SECONDS) {
            return KvResult.MALFORMED;
        }
        compaction.retain(seconds, nowNs, store, cluster);
        return KvResult.DONE;
    }

    private KvResult watch(Query query, int most) {
        watch.read(in);
        if (!in.isDone()) {
            return KvResult.MALFORMED;
        }
        KvResult result = Operations.check(watch.key);
        if (result == KvResult.DONE) {
            watches.write(watch, query, watched, most);
        }
        return result;
    }

    private KvResult disarm() {
        if (!in.isDone()) {
            return KvResult.MALFORMED;
        }
        bounds.isAlarmed = false;
        return KvResult.DONE;
    }

    /** All that is kept at this revision, read piece by piece while commands go on. */
    @Override
    public StateView view() {
        return new KvView(store, bounds, compaction);
    }

    @Override
    public void restore(InputStream from) throws IOException {
        startWith(new KvStore());
        new KvRestorer(store, bounds, compaction).read(from);
    }

    @Override
    public long stateHash() {
        long hash = store.hash();
        hash = ByteHash.mix(hash + store.revision());
        hash = ByteHash.mix(hash + store.compacted());
        hash = ByteHash.mix(hash + store.counted());
        hash = ByteHash.mix(hash + store.bytes());
        hash = ByteHash.mix(hash + bounds.hash());
        // Builds that know neither hash the same as long as there is neither.
        if (!store.leases().isEmpty()) {
            hash = ByteHash.mix(hash + store.leases().hash());
        }
        if (compaction.isOn()) {
            hash = ByteHash.mix(hash + compaction.hash());
        }
        // 0 would say that there is none.
        return hash == 0 ? 1 : hash;
    }
}
