package io.paxoslog.kv;

/** What the store may hold, agreed by the log as everything in it. */
final class KvBounds {
    long quotaBytes = KvStateMachine.DEFAULT_QUOTA_BYTES;
    long retained = KvStateMachine.DEFAULT_RETAINED;
    boolean isAlarmed;

    /** False when they are none, and nothing was set; below 0: as it is. */
    boolean set(long newQuotaBytes, long newRetained) {
        if (newQuotaBytes < -1 || newRetained < -1) {
            return false;
        }
        quotaBytes = newQuotaBytes < 0 ? quotaBytes : newQuotaBytes;
        retained = newRetained < 0 ? retained : newRetained;
        return true;
    }

    /** Whether so much may be added; if not, there is an alarm from now on. */
    boolean hasRoom(KvStore store, long addedBytes) {
        isAlarmed |= store.bytes() + addedBytes > quotaBytes;
        return !isAlarmed;
    }

    /** Whether more revisions are kept than are to be. */
    boolean isOverdue(KvStore store) {
        return retained > 0 && store.revision() - retained > store.compacted();
    }

    long hash() {
        return ByteHash.mix(ByteHash.mix(quotaBytes) + 2 * retained + (isAlarmed ? 1 : 0));
    }

    void copyFrom(KvBounds other) {
        quotaBytes = other.quotaBytes;
        retained = other.retained;
        isAlarmed = other.isAlarmed;
    }
}
