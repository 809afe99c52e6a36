package io.paxoslog.media;

import io.aeron.Aeron;
import io.aeron.AeronCounters;
import io.aeron.ExclusivePublication;
import org.agrona.concurrent.status.CountersReader;

/** Looks at one publication, now and then, for what its driver knows of it. Used by one thread. */
public final class StreamWatch {
    private final CountersReader counters;
    private final StreamStall stall;
    private final int sent;
    private final int limit;
    private final int missed;
    private boolean hasBegun;

    /** For a publication that was just opened. */
    public StreamWatch(Aeron aeron, ExclusivePublication publication) {
        counters = aeron.countersReader();
        stall = new StreamStall(aeron.context().nanoClock().nanoTime());
        long id = publication.registrationId();
        sent = find(AeronCounters.DRIVER_SENDER_POSITION_TYPE_ID, id);
        limit = find(AeronCounters.DRIVER_SENDER_LIMIT_TYPE_ID, id);
        missed = find(AeronCounters.DRIVER_SENDER_NAKS_RECEIVED_TYPE_ID, id);
    }

    private int find(int type, long id) {
        return counters.findByTypeIdAndRegistrationId(type, id);
    }

    /** Something was taken. */
    public void taken() {
        if (!hasBegun) {
            hasBegun = true;
            begin();
        }
    }

    private void begin() {
        if (sent >= 0 && limit >= 0) {
            stall.begins(counters.getCounterValue(limit) - counters.getCounterValue(sent));
        }
    }

    /** Whether it is stuck behind datagrams that do not get through. */
    public boolean isStuck(long nowNs) {
        return stall.isDue(nowNs)
                && sent >= 0
                && limit >= 0
                && missed >= 0
                && stall.isStuck(
                        nowNs,
                        counters.getCounterValue(sent),
                        counters.getCounterValue(limit),
                        counters.getCounterValue(missed));
    }
}
