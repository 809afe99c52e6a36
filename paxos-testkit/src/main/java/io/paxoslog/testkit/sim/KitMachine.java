package io.paxoslog.testkit.sim;

import io.paxoslog.service.CloseReason;
import io.paxoslog.service.Cluster;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Moment;
import io.paxoslog.service.Query;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import io.paxoslog.service.StateView;
import io.paxoslog.testkit.linearizability.ListModel;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.util.TreeSet;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The machine that the simulator runs: a few registers, counters and lists. Each reply shows the
 * state it left behind, so that a wrong order or a second execution can be seen.
 */
final class KitMachine implements StateMachine {
    static final byte READ = 1;
    static final byte WRITE = 2;
    static final byte COMPARE_AND_SET = 3;
    static final byte ADD = 4;
    static final byte APPEND = 5;

    static final int KEYS = 8;
    static final int FIRST_COUNTER = 4;
    static final int FIRST_LIST = 6;

    /** Few, so that comparisons succeed at times. */
    static final int REGISTER_VALUES = 6;

    static final long AFTER_MS = 100;
    static final long AT_NS = 200_000_000;

    static final int COMMAND_BYTES = 2 + 2 * Long.BYTES;
    static final int REPLY_BYTES = 4 * Long.BYTES;
    static final int EVENT_BYTES = 2 * Long.BYTES;

    private final long[] values = new long[KEYS];
    private final long[] lists = new long[KEYS];
    private long applied;
    private long chain;
    private final boolean isFrozen;
    private final boolean hasTimers;
    private final boolean hasEvents;
    private final TreeSet<Long> open = new TreeSet<>();
    private Cluster cluster;

    /**
     * @param isFrozen whether its views stay as they are while it goes on
     * @param hasTimers whether writes set timers, and take them back
     * @param hasEvents whether those that add, timers and the ends of sessions send events
     */
    KitMachine(boolean isFrozen, boolean hasTimers, boolean hasEvents) {
        this.isFrozen = isFrozen;
        this.hasTimers = hasTimers;
        this.hasEvents = hasEvents;
    }

    @Override
    public void begin(Cluster newCluster) {
        cluster = newCluster;
    }

    @Override
    public void apply(Entry entry, Reply reply) {
        DirectBuffer in = entry.buffer();
        int at = entry.offset();
        int key = in.getByte(at + 1);
        long a = in.getLong(at + 2, ByteOrder.LITTLE_ENDIAN);
        long b = in.getLong(at + 2 + Long.BYTES, ByteOrder.LITTLE_ENDIAN);
        long before = values[key];
        switch (in.getByte(at)) {
            case WRITE -> {
                values[key] = a;
                setTimer(entry, a, b);
            }
            case COMPARE_AND_SET -> values[key] = before == a ? b : before;
            case ADD -> values[key] += a;
            case APPEND -> append(key, a);
            default -> {
                // A read changes nothing but the count of what was applied.
            }
        }
        applied++;
        chain = link(chain, entry.slot(), entry.originBallot(), entry.timeNs());
        if (hasEvents && in.getByte(at) == ADD) {
            sendSome(entry.session(), a);
        }
        boolean isRegister = key < FIRST_COUNTER;
        int echoed = entry.length() - COMMAND_BYTES;
        MutableDirectBuffer out = reply.resize(REPLY_BYTES + echoed);
        show(out, key, isRegister ? before : values[key]);
        out.putBytes(REPLY_BYTES, in, at + COMMAND_BYTES, echoed);
    }

    /** As a read that is a command, which this does not count. */
    @Override
    public void query(Query query, Reply answer) {
        int key = query.buffer().getByte(query.offset() + 1);
        show(answer.resize(REPLY_BYTES), key, values[key]);
    }

    /** As many as are added, to one session after the other, the sender's own first. */
    private void sendSome(long sender, long count) {
        Long to = sender;
        for (long i = 0; i < count; i++) {
            send(to);
            to = open.higher(to);
            to = to == null ? open.first() : to;
        }
    }

    /** What was applied so far, and some more bytes. */
    private void send(long session) {
        UnsafeBuffer event = new UnsafeBuffer(new byte[EVENT_BYTES + (int) (applied % 3)]);
        event.putLong(0, chain, ByteOrder.LITTLE_ENDIAN);
        event.putLong(Long.BYTES, applied, ByteOrder.LITTLE_ENDIAN);
        cluster.send(session, event, 0, event.capacity());
    }

    @Override
    public void sessionOpened(Moment at, long session) {
        if (hasEvents) {
            open.add(session);
            send(session);
        }
    }

    /** Whoever came first hears of it, and the one that is over no more. */
    @Override
    public void sessionClosed(Moment at, long session, CloseReason why) {
        if (hasEvents) {
            open.remove(session);
            send(session);
            send(open.isEmpty() ? session : open.first());
        }
    }

    private void setTimer(Entry entry, long timer, long what) {
        if (!hasTimers) {
            return;
        }
        if (what < 2) {
            cluster.timerAfter(timer, AFTER_MS * what);
        } else if (what == 2) {
            cluster.timerAt(timer, entry.timeNs() + AT_NS);
        } else if (what == 3) {
            chain = Fingerprint.of(chain, cluster.cancelTimer(timer) ? 1 : 0);
        }
    }

    /** One in two sets another one. */
    @Override
    public void timer(Moment at, long timer) {
        chain = Fingerprint.of(link(chain, at.slot(), at.originBallot(), at.timeNs()), timer);
        if (hasEvents && !open.isEmpty()) {
            send(open.last());
        }
        if (timer < REGISTER_VALUES && timer % 2 == 0) {
            cluster.timerAt(timer + REGISTER_VALUES, at.timeNs() + AT_NS / 10);
        }
    }

    private void append(int key, long element) {
        values[key]++;
        lists[key] = ListModel.hash(lists[key], element);
    }

    /** What all nodes agree on about a command, added to a chain. */
    static long link(long chain, long slot, long originBallot, long timeNs) {
        return Fingerprint.of(Fingerprint.of(Fingerprint.of(chain, slot), originBallot), timeNs);
    }

    private void show(MutableDirectBuffer out, int key, long value) {
        out.putLong(0, value, ByteOrder.LITTLE_ENDIAN);
        out.putLong(Long.BYTES, lists[key], ByteOrder.LITTLE_ENDIAN);
        out.putLong(2 * Long.BYTES, applied, ByteOrder.LITTLE_ENDIAN);
        out.putLong(3 * Long.BYTES, chain, ByteOrder.LITTLE_ENDIAN);
    }

    /** As a snapshot has it. */
    @Override
    public StateView view() {
        return isFrozen ? copy()::writeTo : new Standing();
    }

    private KitMachine copy() {
        KitMachine copy = new KitMachine(true, hasTimers, hasEvents);
        System.arraycopy(values, 0, copy.values, 0, KEYS);
        System.arraycopy(lists, 0, copy.lists, 0, KEYS);
        copy.applied = applied;
        copy.chain = chain;
        copy.open.addAll(open);
        return copy;
    }

    private void writeTo(OutputStream to) throws IOException {
        DataOutputStream out = new DataOutputStream(to);
        out.writeLong(applied);
        out.writeLong(chain);
        for (int key = 0; key < KEYS; key++) {
            out.writeLong(values[key]);
            out.writeLong(lists[key]);
        }
        if (hasEvents) {
            out.writeInt(open.size());
            for (long session : open) {
                out.writeLong(session);
            }
        }
    }

    @Override
    public void restore(InputStream from) throws IOException {
        DataInputStream in = new DataInputStream(from);
        applied = in.readLong();
        chain = in.readLong();
        for (int key = 0; key < KEYS; key++) {
            values[key] = in.readLong();
            lists[key] = in.readLong();
        }
        open.clear();
        for (int left = hasEvents ? in.readInt() : 0; left > 0; left--) {
            open.add(in.readLong());
        }
    }

    /** Shows the machine itself, which must stand still meanwhile. */
    private final class Standing implements StateView {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            KitMachine.this.writeTo(out);
        }

        @Override
        public boolean isFrozen() {
            return false;
        }
    }

    @Override
    public long stateHash() {
        long hash = Fingerprint.of(applied, chain);
        for (int key = 0; key < KEYS; key++) {
            hash = Fingerprint.of(hash, values[key]);
            hash = Fingerprint.of(hash, lists[key]);
        }
        return hash;
    }
}
