package io.paxoslog.media;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Lets a media driver and its client work on the thread of their user, at the cost of as few system
 * calls and looks at the clock as can be. Used by one thread.
 */
public final class MediaTurns {
    /** Then the user gets its turn, however much there is. */
    private static final int MOST_PASSES = 16;

    /** As above. Where there are thousands of streams, one pass takes as long as this. */
    private static final long MOST_NS = TimeUnit.MILLISECONDS.toNanos(5);

    /** A client that has had no turn for longer comes seldom. */
    private static final long SELDOM_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int MOST_PASSES_OF_SELDOM = 256;

    /** The client hears of streams that come and go, and shows that it lives. */
    private static final long CLIENT_PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private final NanoClock time;
    private final EpochClock epochClock;
    private final Bell bell;
    private final CachedNanoClock clock = new CachedNanoClock();
    private final DroppedDatagrams dropped = new DroppedDatagrams();
    private Turns driver;
    private Turns client;
    private int fullBytes;
    private long nextClientNs;
    private long lastNs;
    private boolean bearsSeldomTurns;

    /** For a driver that is {@link #setUp} and then {@link #drive}n here. */
    public MediaTurns() {
        this(Bell.SILENT);
    }

    /** As above, on a thread that sleeps beside a bell when there is nothing to hear. */
    public MediaTurns(Bell bell) {
        this(SystemNanoClock.INSTANCE, SystemEpochClock.INSTANCE, bell);
    }

    MediaTurns(NanoClock time, EpochClock wall) {
        this(time, wall, Bell.SILENT);
    }

    private MediaTurns(NanoClock time, EpochClock wall, Bell bell) {
        this.time = time;
        this.bell = bell;
        epochClock = new SteadyEpochClock(wall, time);
        clock.update(time.nanoTime());
        nextClientNs = clock.nanoTime();
        lastNs = clock.nanoTime();
    }

    /** As below, for a driver to which few others answer, with turns as its user likes. */
    public MediaDriver.Context setUp(MediaDriver.Context context) {
        bearsSeldomTurns = true;
        return setUp(context, StreamBounds.OF_CLIENT);
    }

    /**
     * Sets what a driver needs to work well by turns, and to bear with strangers; it may have
     * threads of its own all the same.
     */
    public MediaDriver.Context setUp(MediaDriver.Context context, StreamBounds bounds) {
        if (context.threadingMode() == ThreadingMode.INVOKER) {
            context.nanoClock(clock);
        }
        AddressProof proofs = new AddressProof(new SecureRandom());
        return context.epochClock(epochClock)
                .sendChannelEndpointSupplier(
                        (channel, status, driverContext) ->
                                new SeldomHeardEndpoint(channel, status, driverContext, dropped))
                .receiveChannelEndpointSupplier(
                        (channel, dispatcher, status, driverContext) ->
                                new BurstEndpoint(
                                        channel,
                                        dispatcher,
                                        status,
                                        driverContext,
                                        bounds,
                                        proofs,
                                        dropped,
                                        bell));
    }

    /** What came and was not heard. */
    public DroppedDatagrams dropped() {
        return dropped;
    }

    /** As above, for the client of that driver. */
    public Aeron.Context setUp(Aeron.Context context) {
        return context.epochClock(epochClock);
    }

    /** Takes over a driver that was set up here, and its client. */
    public void drive(MediaDriver media, Aeron aeron) {
        drive(
                Turns.of(media.sharedAgentInvoker(), media.context().errorHandler()),
                new Turns(aeron.conductorAgentInvoker(), aeron.context().errorHandler()),
                media.context().mtuLength() / 2);
    }

    void drive(Turns newDriver, Turns newClient, int newFullBytes) {
        driver = newDriver;
        client = newClient;
        fullBytes = newFullBytes;
    }

    /**
     * Sends and receives what there is; 0 when there was nothing. A driver that is invoked once
     * sends one datagram of each stream. Where those are full, more are to be expected, and it goes
     * on: what belongs together is heard and sent together. It also reads one datagram of what
     * receivers say to each stream. A client whose turns are seldom goes on until all is read:
     * strangers to a node are answered at once, and answers that come faster than they are read
     * would be too old by the time they are. A node has turns all the time; where they are late it
     * has too much to do already.
     */
    public int invoke() {
        long nowNs = time.nanoTime();
        clock.update(nowNs);
        int work = 0;
        if (nowNs - nextClientNs >= 0) {
            nextClientNs = nowNs + CLIENT_PAUSE_NS;
            work = client.invoke();
        }
        boolean isSeldom = bearsSeldomTurns && nowNs - lastNs > SELDOM_NS;
        lastNs = nowNs;
        if (driver == null) {
            return work;
        }
        return work
                + (isSeldom
                        ? drain(1, MOST_PASSES_OF_SELDOM, Long.MAX_VALUE)
                        : drain(fullBytes, MOST_PASSES, MOST_NS));
    }

    /** Whether driver or client have ended by themselves, and nothing moves any more. */
    public boolean hasEnded() {
        return client.hasEnded() || (driver != null && driver.hasEnded());
    }

    /** Goes on while a pass finds so much, and there is time. */
    private int drain(int leastBytes, int mostPasses, long mostNs) {
        int bytes = driver.invoke();
        int work = bytes;
        for (int pass = 1; pass < mostPasses && bytes >= leastBytes && isWithin(mostNs); pass++) {
            bytes = driver.invoke();
            work += bytes;
        }
        return work;
    }

    private boolean isWithin(long mostNs) {
        return time.nanoTime() - lastNs < mostNs;
    }
}
