package io.paxoslog.kv.recipe;

import io.paxoslog.client.ClientError;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.ReadAnswer;
import io.paxoslog.client.SharedClient;
import io.paxoslog.kv.KvEvent;
import io.paxoslog.kv.KvWatch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Asks for the changes of a watch, of whichever node answers. */
public final class KvWatches {
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private KvWatches() {}

    /**
     * Waits for what comes next.
     *
     * @return what has changed; empty when nothing has in time, or only {@link KvWatch#progress}
     *     went on
     * @throws ClientException as {@link SharedClient#read}, but for READ_TIMED_OUT and READS_FULL,
     *     after which one asks again
     */
    public static List<KvEvent> next(SharedClient client, KvWatch watch, Duration timeout) {
        try {
            ReadAnswer answer = client.read(watch.mode(), watch.slot(), watch.next(), timeout);
            List<KvEvent> events = watch.take(answer.slot(), answer.bytes());
            if (watch.isToPause()) {
                LockSupport.parkNanos(PAUSE_NS);
            }
            return events;
        } catch (ClientException e) {
            if (e.error() == ClientError.READS_FULL) {
                LockSupport.parkNanos(PAUSE_NS);
            } else if (e.error() != ClientError.READ_TIMED_OUT) {
                throw e;
            }
            return List.of();
        }
    }
}
