package io.paxoslog.kv;

import java.util.ArrayList;
import java.util.List;

/**
 * The leases there are, in the order of their numbers; read piece by piece as {@link KvPages} is.
 */
public final class KvLeaseList {
    private final List<Long> leases = new ArrayList<>();
    private KvResult result = KvResult.DONE;
    private boolean isDone;

    /** Nothing is read yet. */
    public KvLeaseList() {}

    /** Whether there is nothing more to ask. */
    public boolean isDone() {
        return isDone;
    }

    /** The next query. */
    public byte[] next() {
        return KvCommands.leases(leases.isEmpty() ? 0 : leases.get(leases.size() - 1));
    }

    /** Takes the answer to the next query. */
    public void take(byte[] answer) {
        KvReply reply = KvReply.of(KvFormat.LEASES, answer);
        result = reply.result();
        leases.addAll(reply.leases());
        isDone = result != KvResult.DONE || !reply.hasMore();
    }

    /** What came of it: of the last answer. */
    public KvResult result() {
        return result;
    }

    /** Their numbers. */
    public List<Long> leases() {
        return leases;
    }
}
