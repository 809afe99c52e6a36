package io.paxoslog.bench.load;

import io.paxoslog.bench.contender.LoadClient;
import io.paxoslog.bench.contender.ReplyHandler;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Keeps a client loaded and measures, from the moment each command was meant to leave to the moment
 * its reply is in the client's hand: a stall counts against every command it held up.
 *
 * <p>In a closed loop the window is kept full; in an open loop commands are meant to leave on a
 * schedule that never moves. The first half of every warm-up is a closed loop with {@value
 * #WARMING_WINDOW} in flight: with few commands compilers would still be at work, and take cores,
 * long after. Used by one thread; does not allocate per command.
 */
public final class Load implements ReplyHandler {
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(10);
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(30);
    private static final int DIGITS = 3;

    /** Whoever reads counters at the beginning takes a core for it: not while latency counts. */
    private static final long READING_NS = TimeUnit.SECONDS.toNanos(1);

    private static final int WARMING_WINDOW = 256;

    private final NanoClock clock;
    private final LoadPlan plan;
    private final IdleStrategy idle;
    private final LoadSignals signals;
    private final Payloads payloads;
    private final ReplyCheck check;
    private final UnsafeBuffer command;
    private final long[] intendedNs;
    private final int mask;
    private final Histogram latenciesNs = new Histogram(LONGEST_NS, DIGITS);

    /** Since the last sample; not in the other yet. */
    private final Histogram recentNs = new Histogram(LONGEST_NS, DIGITS);

    /** Null in a closed loop, and while an open one warms up as such. */
    private Schedule schedule;

    private int window = WARMING_WINDOW;
    private long planFromNs;
    private long announceNs;
    private long measureFromNs;
    private long measureToNs;
    private long beganNs;
    private long endedNs;
    private long nextSampleNs;
    private boolean isAsPlanned;
    private boolean isAnnounced;
    private boolean isBegun;
    private boolean isKilled;
    private boolean isEnded;
    private boolean isCommandWritten;
    private long sent;
    private long replies;
    private long mostInFlight;
    private long lastReplyNs;
    private long longestGapNs;

    /** Begins nothing yet: {@link #run} does. */
    public Load(NanoClock clock, LoadPlan plan, IdleStrategy idle, LoadSignals signals, long seed) {
        this.clock = clock;
        this.plan = plan;
        this.idle = idle;
        this.signals = signals;
        payloads = new Payloads(plan.payloadBytes(), seed);
        check = new ReplyCheck(payloads, plan.mayLose());
        command = new UnsafeBuffer(new byte[plan.payloadBytes()]);
        int mostEver = Math.max(WARMING_WINDOW, plan.window());
        intendedNs = new long[BitUtil.findNextPositivePowerOfTwo(mostEver)];
        mask = intendedNs.length - 1;
        isKilled = plan.killAfterNs() < 0;
    }

    /** Loads the client until everything is measured; this object hears its replies. */
    public LoadResult run(LoadClient client) {
        begin();
        while (!isEnded) {
            turn(client);
        }
        long deadlineNs = clock.nanoTime() + DRAIN_NS;
        while (inFlight() > 0 && clock.nanoTime() - deadlineNs < 0) {
            idle.idle(client.poll());
        }
        return result();
    }

    void begin() {
        long nowNs = clock.nanoTime();
        planFromNs = nowNs + plan.warmupNs() / 2;
        measureFromNs = nowNs + plan.warmupNs();
        measureToNs = measureFromNs + plan.measureNs();
        announceNs = measureFromNs - Math.min(plan.warmupNs(), READING_NS);
        if (plan.warmupNs() == 0) {
            followPlan(nowNs);
        }
    }

    /** Sends what is due, hears what has come, and moves on to the next part when it is time. */
    void turn(LoadClient client) {
        idle.idle(send(client) + client.poll());
        long nowNs = clock.nanoTime();
        if (!isAsPlanned && nowNs - planFromNs >= 0) {
            followPlan(nowNs);
        }
        if (!isAnnounced && nowNs - announceNs >= 0) {
            isAnnounced = true;
            signals.onBegin();
        }
        if (!isBegun && nowNs - measureFromNs >= 0) {
            isBegun = true;
            beganNs = nowNs;
            lastReplyNs = nowNs;
            nextSampleNs = nowNs + plan.sampleNs();
        }
        sample(nowNs);
        if (!isKilled && nowNs - measureFromNs >= plan.killAfterNs()) {
            isKilled = signals.onKill();
        }
        if (nowNs - measureToNs >= 0 && isAllSent()) {
            isEnded = true;
            endedNs = nowNs;
            longestGapNs = Math.max(longestGapNs, nowNs - lastReplyNs);
            signals.onEnd();
        }
    }

    private void sample(long nowNs) {
        if (isBegun && plan.sampleNs() > 0 && nowNs - nextSampleNs >= 0) {
            nextSampleNs += plan.sampleNs();
            signals.onSample(recentNs);
            latenciesNs.add(recentNs);
            recentNs.reset();
        }
    }

    private void followPlan(long nowNs) {
        isAsPlanned = true;
        window = plan.window();
        mostInFlight = 0;
        if (plan.isOpenLoop()) {
            schedule = new Schedule(sent, nowNs, plan.ratePerSecond());
        }
    }

    boolean isEnded() {
        return isEnded;
    }

    /**
     * In an open loop, what was meant to leave within the measured part leaves, however late; in
     * time a cluster that cannot keep up shows by its latencies and its throughput.
     */
    private boolean isAllSent() {
        return schedule == null
                || schedule.intendedNs(sent) - measureToNs >= 0
                || clock.nanoTime() - measureToNs >= DRAIN_NS;
    }

    private int send(LoadClient client) {
        int count = 0;
        while (inFlight() < window && isDue() && isTaken(client)) {
            count++;
        }
        if (count > 0) {
            mostInFlight = Math.max(mostInFlight, inFlight());
        }
        return count;
    }

    private boolean isDue() {
        if (schedule == null) {
            return true;
        }
        long dueNs = schedule.intendedNs(sent);
        return dueNs - measureToNs < 0 && clock.nanoTime() - dueNs >= 0;
    }

    private boolean isTaken(LoadClient client) {
        if (!isCommandWritten) {
            payloads.write(sent, command);
            intendedNs[(int) sent & mask] =
                    schedule == null ? clock.nanoTime() : schedule.intendedNs(sent);
            isCommandWritten = true;
        }
        // Counted before it is offered, as its reply may come from within the offer.
        sent++;
        if (!client.offer(command, 0, command.capacity())) {
            sent--;
            return false;
        }
        isCommandWritten = false;
        return true;
    }

    @Override
    public void onReply(DirectBuffer reply, int offset, int length) {
        long number = check.check(reply, offset, length);
        long nowNs = clock.nanoTime();
        if (isBegun && !isEnded) {
            replies++;
            longestGapNs = Math.max(longestGapNs, nowNs - lastReplyNs);
            lastReplyNs = nowNs;
        }
        record(number, nowNs);
    }

    private void record(long number, long nowNs) {
        long meantNs = intendedNs[(int) number & mask];
        if (meantNs - measureFromNs >= 0 && meantNs - measureToNs < 0) {
            recentNs.recordValue(Math.min(nowNs - meantNs, LONGEST_NS));
        }
    }

    private long inFlight() {
        return sent - check.nextNumber();
    }

    private LoadResult result() {
        long unanswered = inFlight();
        long nowNs = clock.nanoTime();
        // They waited at least so long: left out, a cluster would look better the more it loses.
        for (long number = check.nextNumber(); number < sent; number++) {
            record(number, nowNs);
        }
        latenciesNs.add(recentNs);
        return new LoadResult(
                replies,
                endedNs - beganNs,
                latenciesNs,
                unanswered,
                check.lost(),
                mostInFlight,
                longestGapNs,
                check.checkedEchoes());
    }
}
