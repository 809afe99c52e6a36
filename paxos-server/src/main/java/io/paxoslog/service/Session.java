package io.paxoslog.service;

import io.paxoslog.codecs.SecretHash;
import org.agrona.DirectBuffer;

/**
 * One client's identity in the replicated state: the last sequence that took effect and the replies
 * its client may still lack. Belongs to the thread that applies; look it up anew after anything was
 * applied.
 */
public final class Session {
    private final ReplyCache replies = new ReplyCache();

    /** The sessions with the next higher and lower id, as the table links them. */
    Session next;

    Session previous;

    /** The snapshot for which this session was put aside, or null. */
    SnapshotCopy setAsideFor;

    /** The sessions that were heard of right before and after this one, as the table links them. */
    Session quieter;

    Session livelier;

    private boolean isKeptAlive;
    private long renewedSlot;
    private long renewedAtMs;
    private long id;
    private long nonce;
    private SecretHash secret = SecretHash.NONE;
    private EventQueue events;
    private boolean isOverfull;

    void open(long newId, long newNonce, SecretHash newSecret) {
        id = newId;
        nonce = newNonce;
        secret = newSecret;
        setAsideFor = null;
        isKeptAlive = false;
        renewedSlot = 0;
        renewedAtMs = 0;
        replies.clear();
        events = null;
        isOverfull = false;
    }

    /** From now on it keeps events, too. */
    EventQueue keepEvents() {
        events = new EventQueue();
        return events;
    }

    /** More was sent to it than it may keep: it ends at this slot, and keeps no more. */
    void beOverfull() {
        isOverfull = true;
    }

    boolean isOverfull() {
        return isOverfull;
    }

    /** Something of its client stands in the log. */
    void renew(long slot, long stopwatchMs) {
        isKeptAlive = true;
        renewedSlot = slot;
        renewedAtMs = stopwatchMs;
    }

    /** Whether its client keeps it alive, so that its silence means something. */
    boolean isKeptAlive() {
        return isKeptAlive;
    }

    /** Where its client was heard of last; 0 while it is not kept alive. */
    long renewedSlot() {
        return renewedSlot;
    }

    /** What the agreed stopwatch showed there. */
    long renewedAtMs() {
        return renewedAtMs;
    }

    ReplyCache replies() {
        return replies;
    }

    long nonce() {
        return nonce;
    }

    SecretHash secret() {
        return secret;
    }

    /** The slot that opened the session. */
    public long id() {
        return id;
    }

    /** Last sequence that took effect; 0 before the first. */
    public long lastSequence() {
        return replies.last();
    }

    /** Lowest sequence whose reply is kept; one above {@link #lastSequence()} when none is. */
    public long firstKept() {
        return replies.first();
    }

    /** Slot at which a sequence whose reply is kept took effect. */
    public long slot(long sequence) {
        return replies.slot(sequence);
    }

    /** Whether the log skipped a sequence whose reply is kept, so that it has none. */
    public boolean isSkipped(long sequence) {
        return replies.isSkipped(sequence);
    }

    /** Holds the replies; see {@link #replyOffset} and {@link #replyLength}. */
    public DirectBuffer replyBuffer() {
        return replies.bytes();
    }

    /** Where a reply that is kept begins in {@link #replyBuffer()}. */
    public int replyOffset(long sequence) {
        return replies.offset(sequence);
    }

    /** Events that its client may lack; null while none was ever sent to it. */
    public EventQueue events() {
        return events;
    }

    /** Bytes of a reply that is kept. */
    public int replyLength(long sequence) {
        return replies.length(sequence);
    }
}
