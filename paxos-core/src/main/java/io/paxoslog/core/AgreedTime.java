package io.paxoslog.core;

import java.util.Arrays;

/**
 * The time that a leader stamps on what it proposes: of the clocks that were reported lately, its
 * own among them, the lower middle one, so that no single clock that is ahead moves it. Never
 * falls.
 *
 * <p>A report is a member's answer to a heartbeat of this ballot, known by its nonce, and is aged
 * by this node's monotonic clock: from the first tick after it was heard, as the last tick may be
 * long ago when a process has stood still. So what is stamped may be late by a delay, never early.
 * It counts as long as its member counts as connected, one longest time-out of now: clocks drift by
 * nothing in that time, and one that was set anew is soon heard of.
 */
final class AgreedTime implements Roster.Keeper {
    private static final long NS_PER_TICK = 1_000_000;
    private static final long LATEST_NS = Long.MAX_VALUE / 2;
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final Memberships memberships;
    private final ElectionTimer timer;
    private final int heartbeatTicks;
    private final long[] reportNs = new long[Roster.MAX];
    private final long[] reportTick = new long[Roster.MAX];
    private final long[] reportNonce = new long[Roster.MAX];
    private final long[] lowest = new long[Roster.MAX];
    private int fresh;
    private long nextNonce;
    private long firstNonce;
    private long ownNs;
    private long nowTick = NEVER;
    private long last;
    private long lastTick = NEVER;
    private boolean isLastFresh;
    private long stampedTick = NEVER;

    /**
     * @param timer says how long answers may take now
     * @param firstNonce nonce of the first heartbeat; whoever does not hear them must not guess it
     */
    AgreedTime(
            ReplicaConfig config, Memberships memberships, ElectionTimer timer, long firstNonce) {
        this.memberships = memberships;
        this.timer = timer;
        this.heartbeatTicks = config.heartbeatTicks();
        this.nextNonce = firstNonce;
        this.firstNonce = firstNonce;
        Arrays.fill(reportTick, NEVER);
    }

    /** What this node's clocks show. */
    void onTick(long tick, long wallClockNs) {
        ownNs = bounded(wallClockNs);
        nowTick = tick;
        for (; fresh != 0; fresh &= fresh - 1) {
            reportTick[Integer.numberOfTrailingZeros(fresh)] = tick;
        }
        if (isLastFresh) {
            isLastFresh = false;
            lastTick = tick;
        }
    }

    private static long bounded(long ns) {
        return Math.max(0, Math.min(ns, LATEST_NS));
    }

    /** This node's own wall clock, as of the last tick. */
    long ownNs() {
        return ownNs;
    }

    /** A new ballot: what answers heartbeats of an earlier one counts no more. */
    void begin() {
        firstNonce = nextNonce;
        fresh = 0;
        Arrays.fill(reportTick, NEVER);
        Arrays.fill(reportNonce, 0);
    }

    @Override
    public void left(int number, long member) {
        reportTick[number] = NEVER;
        reportNonce[number] = 0;
        fresh &= ~(1 << number);
    }

    /** For one heartbeat, and no other. */
    long newNonce() {
        return nextNonce++;
    }

    /** That of the next heartbeat. */
    long nextNonce() {
        return nextNonce;
    }

    /** A member answered a heartbeat and said what its wall clock shows. */
    void reported(int member, long nonce, long wallClockNs) {
        boolean isAnswer = nonce >= firstNonce && nonce < nextNonce;
        if (!isAnswer || nonce <= reportNonce[member]) {
            return;
        }
        reportNonce[member] = nonce;
        if (nonce < nextNonce - timer.longestNow() / heartbeatTicks) {
            timer.answeredLate(nowTick);
            return;
        }
        reportNs[member] = bounded(wallClockNs);
        reportTick[member] = nowTick;
        fresh |= 1 << member;
    }

    /** A timestamp that is in the log. */
    void known(long timestampNs) {
        if (timestampNs > last) {
            last = timestampNs;
            isLastFresh = true;
        }
    }

    /**
     * Whether there is anything to go by: this node's clock alone is no agreement, unless the
     * cluster has no other.
     */
    boolean isKnown() {
        return last > 0 || collect() > (isOfOne() ? 0 : 1);
    }

    private boolean isOfOne() {
        return memberships.current().voters() == 1;
    }

    /** The time to stamp now, at most one computation a tick. */
    long stamp() {
        if (stampedTick != nowTick) {
            stampedTick = nowTick;
            last = Math.max(last, agreed());
            lastTick = nowTick;
            // What was reported since the last tick is as of the next one.
            isLastFresh = fresh != 0;
        }
        return last;
    }

    private long agreed() {
        int reports = collect();
        // The clock of a leader that is no member any more does not count.
        if (reports == 0 || (reports == 1 && !isOfOne())) {
            return runOn();
        }
        long middle = lowest[(reports + 1) / 2 - 1];
        // The lower of two may be a clock that stands, or is behind: time goes on all the same.
        return reports == 2 ? Math.max(middle, runOn()) : middle;
    }

    /** The last agreed time, and what has passed since by the monotonic clock. */
    private long runOn() {
        boolean hasPassed = !isLastFresh && lastTick != NEVER;
        return hasPassed ? last + (nowTick - lastTick) * NS_PER_TICK : last;
    }

    /** Puts the clocks that count in order and returns how many they are. */
    private int collect() {
        int count = 0;
        for (int left = memberships.now().voters(); left != 0; left &= left - 1) {
            int i = Integer.numberOfTrailingZeros(left);
            if (i == memberships.own()) {
                count = insert(count, ownNs);
            } else if (nowTick - reportTick[i] <= timer.longestNow()) {
                count = insert(count, reportNs[i] + (nowTick - reportTick[i]) * NS_PER_TICK);
            }
        }
        return count;
    }

    private int insert(int count, long ns) {
        int at = count;
        for (; at > 0 && lowest[at - 1] > ns; at--) {
            lowest[at] = lowest[at - 1];
        }
        lowest[at] = ns;
        return count + 1;
    }
}
