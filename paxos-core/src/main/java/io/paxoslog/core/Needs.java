package io.paxoslog.core;

import java.util.Collection;
import org.agrona.concurrent.UnsafeBuffer;

/** The lowest system version whose builds can all read something that is written down. */
public final class Needs {
    private Needs() {}

    /** Of a batch. */
    public static int of(Batch batch) {
        return switch (batch.kind()) {
            case Batch.MEMBERSHIP -> Membership.needs(batch.buffer(), Batch.ENTRY_PREFIX_BYTES);
            case Batch.DECISION -> Decision.needs(batch.buffer(), Batch.ENTRY_PREFIX_BYTES);
            default -> Version.FIRST.system();
        };
    }

    /** Of encoded memberships and decisions together. */
    public static int of(Collection<byte[]> memberships, Collection<byte[]> decisions) {
        int needs = Version.FIRST.system();
        for (byte[] entry : memberships) {
            if (entry.length > 0) {
                needs = Math.max(needs, Membership.needs(new UnsafeBuffer(entry), 0));
            }
        }
        for (byte[] entry : decisions) {
            if (entry.length == Decision.BYTES) {
                needs = Math.max(needs, Decision.needs(new UnsafeBuffer(entry), 0));
            }
        }
        return needs;
    }
}
