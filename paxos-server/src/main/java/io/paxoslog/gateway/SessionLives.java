package io.paxoslog.gateway;

import io.paxoslog.service.EntryFormat;
import io.paxoslog.service.SessionTimes;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a leader puts into the log so that sessions live and end: who was heard, how far the
 * stopwatch is, and who is to expire. All that is heard in one turn shares an entry. Belongs to the
 * replica thread.
 */
final class SessionLives {
    private static final int MOST_IN_ENTRY = 1024;
    private static final long NOBODY = Long.MIN_VALUE;
    private static final UnsafeBuffer NO_BYTES = new UnsafeBuffer(new byte[0]);

    private final Proposals proposals;
    private final CommandBatch batch;
    private final SessionTimes times;
    private final PassedTime passed;
    private final UnsafeBuffer ids = new UnsafeBuffer(new byte[MOST_IN_ENTRY * Long.BYTES]);
    private final Long2LongHashMap due = new Long2LongHashMap(NOBODY);
    private final Long2LongHashMap afterThis = new Long2LongHashMap(NOBODY);
    private long[] heard = new long[64];
    private int heardCount;

    SessionLives(Proposals proposals, CommandBatch batch, SessionTimes times, PassedTime passed) {
        this.proposals = proposals;
        this.batch = batch;
        this.times = times;
        this.passed = passed;
    }

    /** Whether sessions expire by what is agreed. */
    boolean areMortal() {
        return proposals.version().system() >= EntryFormat.FIRST_WITH_EXPIRY;
    }

    /** How often a client that has nothing else to say is to say that it lives. */
    int keepAliveMs() {
        return times.keepAliveMs();
    }

    /** The client of a session says that it lives. */
    void keepAlive(long session) {
        if (heardCount == heard.length) {
            heard = Arrays.copyOf(heard, 2 * heardCount);
        }
        heard[heardCount++] = session;
    }

    /** Nothing is heard of a session; its last word stands at a slot. */
    void overdue(long session, long lastWord) {
        if (proposals.takesCommands()) {
            afterThis.put(session, lastWord);
        }
    }

    /** Another leader begins with nothing. */
    void forget() {
        heardCount = 0;
        due.clear();
        afterThis.clear();
    }

    /**
     * Adds to the batch of this turn what there is to say.
     *
     * @param isFull whether the batch holds what the window has no room for yet
     * @param isAllHeard whether all was read that had come when this was said last
     * @param sessions how many are open
     */
    void endTurn(boolean isFull, boolean isAllHeard, int sessions) {
        if (!isAnybodyMortal(sessions)) {
            heardCount = 0;
            return;
        }
        if (isFull && heardCount < MOST_IN_ENTRY) {
            return;
        }
        if (heardCount > 0 || passed.isStep()) {
            addHeard();
        }
        if (isAllHeard && !isFull) {
            addExpired();
        }
    }

    /** Whether there are sessions that this leader is to keep alive, or have expire. */
    boolean isAnybodyMortal(int sessions) {
        return proposals.takesCommands() && areMortal() && sessions > 0;
    }

    private void addHeard() {
        Arrays.sort(heard, 0, heardCount);
        int next = 0;
        do {
            int count = 0;
            long last = 0;
            while (next < heardCount && count < MOST_IN_ENTRY) {
                long id = heard[next++];
                if (id != last) {
                    ids.putLong(count++ * Long.BYTES, id, ByteOrder.LITTLE_ENDIAN);
                    last = id;
                }
            }
            if (!batch.hasRoomFor(CommandBatch.bytesNeeded(1, (long) count * Long.BYTES))) {
                // Whoever is not in it is heard again long before it is missed.
                break;
            }
            batch.add(EntryFormat.KEEP_ALIVE, 0, 0, passed.take(), ids, 0, count * Long.BYTES);
        } while (next < heardCount);
        heardCount = 0;
    }

    /** What came of a session until it was due stands in the log before its end, and voids it. */
    private void addExpired() {
        Long2LongHashMap.EntryIterator each = due.entrySet().iterator();
        while (each.hasNext() && batch.hasRoomFor(CommandBatch.bytesNeeded(1, 0))) {
            each.next();
            long session = each.getLongKey();
            batch.add(EntryFormat.EXPIRE_SESSION, session, each.getLongValue(), 0, NO_BYTES, 0, 0);
        }
        due.clear();
        afterThis.forEachLong(due::put);
        afterThis.clear();
    }
}
