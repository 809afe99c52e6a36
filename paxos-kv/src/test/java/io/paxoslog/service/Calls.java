package io.paxoslog.service;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.UnsafeBuffer;

/** Calls a state machine as a node does, with timers and a stopwatch of its own. */
public class Calls implements Cluster {
    /** What replies may have unless the log says otherwise. */
    public static final int REPLY_BYTES = SessionLimits.DEFAULT.maxReplyBytes();

    /** What the stopwatch shows may be so old. */
    public static final int STEP_MS = SessionTimes.DEFAULT.stepMs();

    private record Due(boolean isByStopwatch, long at) {}

    private final Entry entry = new Entry();
    private final Query query = new Query();
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[0]);
    private final Reply reply;
    private final LongHashSet waitsOn = new LongHashSet();
    private final Long2LongHashMap news = new Long2LongHashMap(0);
    private final TreeMap<Long, Due> timers = new TreeMap<>();
    private int version = 2;
    private long slot;
    private long ballot = 1;
    private long timeNs;
    private long stopwatchMs;
    private long leaderSinceMs;

    /** Replies have up to so many bytes. */
    public Calls(int replyBytes) {
        reply = new Reply(replyBytes);
    }

    /** What comes is of this version of the state machine. */
    public void version(int newVersion) {
        version = newVersion;
    }

    /** Somebody else leads from now on. */
    public void changeLeader() {
        ballot++;
        leaderSinceMs = stopwatchMs;
    }

    /** Takes over timers and time of others that lead another copy of the state machine. */
    public void like(Calls other) {
        timers.clear();
        timers.putAll(other.timers);
        slot = other.slot;
        ballot = other.ballot;
        timeNs = other.timeNs;
        stopwatchMs = other.stopwatchMs;
        leaderSinceMs = other.leaderSinceMs;
        version = other.version;
    }

    /** Time passes, and what is due fires. */
    public void pass(StateMachine machine, long ms) {
        stopwatchMs += ms;
        timeNs += TimeUnit.MILLISECONDS.toNanos(ms);
        for (Long due = nextDue(); due != null; due = nextDue()) {
            timers.remove(due);
            machine.timer(next(), due);
        }
    }

    private Long nextDue() {
        return timers.entrySet().stream()
                .filter(timer -> isDue(timer.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private boolean isDue(Due due) {
        return due.at <= (due.isByStopwatch ? stopwatchMs : timeNs);
    }

    private Entry next() {
        entry.agreed(++slot, ballot, timeNs, version);
        entry.stopwatch(stopwatchMs, leaderSinceMs);
        return entry;
    }

    @Override
    public void timerAt(long timer, long dueNs) {
        timers.put(timer, new Due(false, dueNs));
    }

    @Override
    public void timerAfter(long timer, long ms) {
        timers.put(timer, new Due(true, stopwatchMs + STEP_MS + Math.max(0, ms)));
    }

    @Override
    public boolean cancelTimer(long timer) {
        return timers.remove(timer) != null;
    }

    /** Stores send nothing. */
    @Override
    public boolean send(long session, DirectBuffer buffer, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    /** Numbers of the timers that are set. */
    public Iterable<Long> timers() {
        return timers.keySet();
    }

    @Override
    public void news(long topic, long detail) {
        if (waitsOn.contains(topic) && !news.containsKey(topic)) {
            news.put(topic, detail);
        }
    }

    /** Applies a command; returns the reply. */
    public byte[] apply(StateMachine machine, byte[] command) {
        applyOnly(machine, command);
        return said();
    }

    /** Applies a command, and makes no garbage of its own. */
    public Reply applyOnly(StateMachine machine, byte[] command) {
        reply.clear();
        bytes.wrap(command);
        next().bytes(bytes, 0, command.length);
        machine.apply(entry, reply);
        return reply;
    }

    /** Asks; returns the answer. */
    public byte[] query(StateMachine machine, byte[] asked) {
        queryOnly(machine, asked);
        return said();
    }

    /** Asks, and makes no garbage of its own. */
    public Reply queryOnly(StateMachine machine, byte[] asked) {
        query.asked(false, false, 0);
        return ask(machine, asked);
    }

    private Reply ask(StateMachine machine, byte[] asked) {
        reply.clear();
        bytes.wrap(asked);
        machine.query(query.bytes(bytes, 0, asked.length), reply);
        return reply;
    }

    /** A query that may wait: asked, and then again whenever there is news for it. */
    public final class Waiting {
        private final StateMachine machine;
        private final byte[] asked;
        private long topic;
        private boolean isWaiting;

        Waiting(StateMachine machine, byte[] asked) {
            this.machine = machine;
            this.asked = asked;
        }

        /** Asks, if it is not waiting or there is news; null: it waits. */
        public byte[] poll() {
            long told = isWaiting ? news.get(topic) : 0;
            return isWaiting && told == 0 ? null : ask(true, told);
        }

        /** Its time is over. */
        public byte[] end() {
            return ask(false, isWaiting ? news.get(topic) : 0);
        }

        private byte[] ask(boolean mayWait, long told) {
            query.asked(mayWait, isWaiting, told);
            Calls.this.ask(machine, asked);
            isWaiting = query.isLater();
            topic = query.topic();
            if (isWaiting) {
                news.remove(topic);
                waitsOn.add(topic);
            }
            return isWaiting ? null : said();
        }
    }

    /** Asks what may wait; to be polled. One at a time waits on a topic. */
    public Waiting waiting(StateMachine machine, byte[] asked) {
        return new Waiting(machine, asked);
    }

    private byte[] said() {
        byte[] said = new byte[reply.length()];
        reply.buffer().getBytes(0, said);
        return Arrays.copyOf(said, said.length);
    }
}
