package io.paxoslog.testkit.sim;

import io.paxoslog.service.Cluster;
import io.paxoslog.testkit.linearizability.ListModel;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;

/** What {@link KitMachine} must do, written from its description and not from its code. */
final class KitModel implements Application.Model {
    /** What a key shows. */
    private record Shown(long value, long listHash) {}

    private record Count(long applied, long chain) {}

    private static final NavigableMap<Long, Shown> NOTHING_YET = Collections.emptyNavigableMap();

    private final Map<Integer, Long> values = new HashMap<>();
    private final Map<Integer, List<Long>> lists = new HashMap<>();
    private final Map<Integer, Long> listHashes = new HashMap<>();
    private final Map<Integer, NavigableMap<Long, Shown>> shownFrom = new HashMap<>();
    private final NavigableMap<Long, Count> countFrom = new TreeMap<>();
    private long applied;
    private long chain;
    private long replyHash;
    private final boolean hasTimers;
    private final boolean hasEvents;
    private final List<Long> open = new ArrayList<>();
    private Cluster cluster;

    KitModel(boolean hasTimers, boolean hasEvents) {
        this.hasTimers = hasTimers;
        this.hasEvents = hasEvents;
    }

    @Override
    public void sessionOpened(long session) {
        open.add(session);
        send(session);
    }

    @Override
    public void sessionClosed(long session) {
        open.remove((Long) session);
        send(session);
        if (!open.isEmpty()) {
            send(open.get(0));
        }
    }

    private void send(long session) {
        if (!hasEvents) {
            return;
        }
        byte[] bytes = new byte[KitMachine.EVENT_BYTES + Math.floorMod(applied, 3)];
        UnsafeBuffer event = new UnsafeBuffer(bytes);
        event.putLong(0, chain, ByteOrder.LITTLE_ENDIAN);
        event.putLong(8, applied, ByteOrder.LITTLE_ENDIAN);
        cluster.send(session, event, 0, bytes.length);
    }

    @Override
    public void begin(Cluster newCluster) {
        cluster = newCluster;
    }

    @Override
    public void timer(long slot, long originBallot, long timeNs, long timer) {
        chain = KitMachine.link(chain, slot, originBallot, timeNs);
        chain = Fingerprint.of(chain, timer);
        countFrom.put(slot, new Count(applied, chain));
        if (!open.isEmpty()) {
            send(open.get(open.size() - 1));
        }
        boolean isFirstOfTwo = timer == 0 || timer == 2 || timer == 4;
        if (isFirstOfTwo) {
            cluster.timerAt(timer + KitMachine.REGISTER_VALUES, timeNs + KitMachine.AT_NS / 10);
        }
    }

    private void setTimer(long timeNs, long timer, int what) {
        switch (what) {
            case 0 -> cluster.timerAfter(timer, 0);
            case 1 -> cluster.timerAfter(timer, KitMachine.AFTER_MS);
            case 2 -> cluster.timerAt(timer, timeNs + KitMachine.AT_NS);
            case 3 -> chain = Fingerprint.of(chain, cluster.cancelTimer(timer) ? 1 : 0);
            default -> {
                // It sets none.
            }
        }
    }

    @Override
    public void apply(long slot, long originBallot, long timeNs, Command command) {
        UnsafeBuffer in = new UnsafeBuffer(command.bytes());
        int key = in.getByte(1);
        long a = in.getLong(2, ByteOrder.LITTLE_ENDIAN);
        long b = in.getLong(10, ByteOrder.LITTLE_ENDIAN);
        long shown = valueOf(key);
        switch (in.getByte(0)) {
            case KitMachine.WRITE -> {
                values.put(key, a);
                if (hasTimers) {
                    setTimer(timeNs, a, (int) b);
                }
            }
            case KitMachine.COMPARE_AND_SET -> values.replace(key, a, b);
            case KitMachine.ADD -> shown = values.merge(key, a, Long::sum);
            case KitMachine.APPEND -> shown = append(key, a);
            default -> {
                // Nothing changes.
            }
        }
        applied++;
        chain = KitMachine.link(chain, slot, originBallot, timeNs);
        replyHash = hashOfReply(command.bytes(), key, shown);
        if (in.getByte(0) == KitMachine.ADD) {
            int sender = open.indexOf(command.session());
            for (int i = 0; i < a && hasEvents; i++) {
                send(open.get((sender + i) % open.size()));
            }
        }
        countFrom.put(slot, new Count(applied, chain));
        shownFrom
                .computeIfAbsent(key, k -> new TreeMap<>())
                .put(slot, new Shown(valueOf(key), listHashes.getOrDefault(key, 0L)));
    }

    @Override
    public long answerHash(long slot, byte[] query) {
        NavigableMap<Long, Shown> ofKey = shownFrom.getOrDefault((int) query[1], NOTHING_YET);
        Map.Entry<Long, Shown> shown = ofKey.floorEntry(slot);
        Map.Entry<Long, Count> count = countFrom.floorEntry(slot);
        UnsafeBuffer answer = new UnsafeBuffer(new byte[KitMachine.REPLY_BYTES]);
        if (shown != null) {
            answer.putLong(0, shown.getValue().value, ByteOrder.LITTLE_ENDIAN);
            answer.putLong(8, shown.getValue().listHash, ByteOrder.LITTLE_ENDIAN);
        }
        if (count != null) {
            answer.putLong(16, count.getValue().applied, ByteOrder.LITTLE_ENDIAN);
            answer.putLong(24, count.getValue().chain, ByteOrder.LITTLE_ENDIAN);
        }
        return Fingerprint.of(answer, 0, answer.capacity());
    }

    private long valueOf(int key) {
        return values.computeIfAbsent(key, k -> 0L);
    }

    private long append(int key, long element) {
        List<Long> list = lists.computeIfAbsent(key, k -> new ArrayList<>());
        list.add(element);
        listHashes.merge(
                key, ListModel.hash(0, element), (hash, first) -> ListModel.hash(hash, element));
        values.put(key, (long) list.size());
        return list.size();
    }

    private long hashOfReply(byte[] command, int key, long shown) {
        int echoed = command.length - KitMachine.COMMAND_BYTES;
        UnsafeBuffer reply = new UnsafeBuffer(new byte[KitMachine.REPLY_BYTES + echoed]);
        reply.putLong(0, shown, ByteOrder.LITTLE_ENDIAN);
        reply.putLong(8, listHashes.getOrDefault(key, 0L), ByteOrder.LITTLE_ENDIAN);
        reply.putLong(16, applied, ByteOrder.LITTLE_ENDIAN);
        reply.putLong(24, chain, ByteOrder.LITTLE_ENDIAN);
        reply.putBytes(KitMachine.REPLY_BYTES, command, KitMachine.COMMAND_BYTES, echoed);
        return Fingerprint.of(reply, 0, reply.capacity());
    }

    @Override
    public long replyHash() {
        return replyHash;
    }

    @Override
    public long stateHash() {
        long hash = Fingerprint.of(applied, chain);
        for (int key = 0; key < KitMachine.KEYS; key++) {
            hash = Fingerprint.of(hash, valueOf(key));
            hash = Fingerprint.of(hash, listHashes.getOrDefault(key, 0L));
        }
        return hash;
    }
}
