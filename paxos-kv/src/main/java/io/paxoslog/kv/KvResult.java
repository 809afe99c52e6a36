package io.paxoslog.kv;

/** What came of a command or query. Anything but {@link #DONE} says that it had no effect. */
public enum KvResult {
    /** As asked. */
    DONE(0, "done"),
    /** Not to be understood: of another build, or no command of this store. */
    MALFORMED(1, "the state machine is no such store, or of another build"),
    /** The revision, or one before, was compacted away. */
    COMPACTED(2, "that revision has been compacted"),
    /** There is no such revision yet. */
    FUTURE_REVISION(3, "there is no such revision yet"),
    /** A put that keeps value or lease found no such key. */
    KEY_NOT_FOUND(4, "there is no such key, whose value or lease could be kept"),
    /** A transaction changes a key twice. */
    DUPLICATE_KEY(5, "a transaction changes a key twice"),
    /** There is no such lease. */
    LEASE_NOT_FOUND(6, "there is no such lease"),
    /** The quota is used up: delete, compact, then disarm. */
    NO_SPACE(7, "the quota is used up: delete or compact, then disarm the alarm"),
    /** No reply could hold it, whose bytes the log limits. */
    TOO_LARGE(8, "it fits no reply: see limits"),
    /** More comparisons or operations than a transaction may have. */
    TOO_MANY_OPS(9, "a transaction has too many operations"),
    /** A key has at least one byte. */
    EMPTY_KEY(10, "a key has at least one byte"),
    /** A put keeps the value, and names one. */
    VALUE_PROVIDED(11, "a put that keeps the value names none"),
    /** A put keeps the lease, and names one. */
    LEASE_PROVIDED(12, "a put that keeps the lease names none"),
    /** There is a lease of that number already. */
    LEASE_EXISTS(13, "there is a lease of that number already"),
    /** A time to live is too long. */
    TTL_TOO_LARGE(14, "a lease lives for at most 9000000000 seconds"),
    /** A condition holds for more keys than a transaction may look at. */
    TOO_MANY_KEYS(15, "a transaction would look at too many keys: see docs/kv.md");

    private static final KvResult[] ALL = values();

    private final int number;
    private final String text;

    KvResult(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** One line on it. */
    public String text() {
        return text;
    }

    int number() {
        return number;
    }

    static KvResult of(int number) {
        return number < ALL.length ? ALL[number] : MALFORMED;
    }
}
