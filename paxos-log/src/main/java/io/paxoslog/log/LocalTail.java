package io.paxoslog.log;

import io.paxoslog.codecs.journal.EntryHeaderDecoder;
import io.paxoslog.core.Batch;
import io.paxoslog.log.JournalException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * All commands that take effect, from a slot on, read out of the memory-mapped journal of a node of
 * this machine, from another process: in slot order, each once, without a gap, as soon as that node
 * has applied them. Asks nobody for anything, takes no lock and writes nothing; the node need not
 * know of it, and its restart is gone through.
 *
 * <p>Each record is copied, and the copy is checked, before any of it is handed over: of a file
 * that was removed meanwhile, or used again, nothing ever is. Lives from being polled, by one
 * thread at a time.
 */
public final class LocalTail implements AutoCloseable {
    /** In the place of a slot: the first one that the node keeps. */
    public static final long FIRST_KEPT = 0;

    private static final short COMMAND = 1;
    private static final int HEADER_BYTES = EntryHeaderDecoder.BLOCK_LENGTH;
    private static final int DROP_SLOTS = 4096;
    private static final long NO_EPOCH = 0;

    /** Files go while they are looked for, but not again and again. */
    private static final int MOST_ATTEMPTS = 5;

    /** Hears commands. */
    @FunctionalInterface
    public interface Handler {
        /**
         * A command that took effect.
         *
         * @param slot where it stands in the log
         * @param session that it was appended under
         * @param sequence which command of that session it is
         * @param timestampNs agreed time at which it was proposed, nanoseconds since 1970
         * @param buffer holds its bytes; valid during the call only
         */
        void onCommand(
                long slot,
                long session,
                long sequence,
                long timestampNs,
                DirectBuffer buffer,
                int offset,
                int length);
    }

    private final EntryHeaderDecoder entry = new EntryHeaderDecoder();
    private final ExpandableArrayBuffer copy = new ExpandableArrayBuffer();
    private final Batch batch = new Batch();
    private final Path directory;
    private final long incarnation;
    private final AppliedView view;
    private JournalFollower follower;
    private long epoch = NO_EPOCH;
    private long nextSlot;
    private long copiedUpTo;
    private long entrySlot;
    private int entryOffset;
    private long droppedBelow;
    private int attempts;
    private boolean isClosed;

    private LocalTail(Path directory, long incarnation, AppliedView view, long fromSlot) {
        this.directory = directory;
        this.incarnation = incarnation;
        this.view = view;
        nextSlot = fromSlot;
    }

    /**
     * Begins to read; everything else happens in {@link #poll}.
     *
     * @param directory the node's directory
     * @param fromSlot first slot wanted, or {@link #FIRST_KEPT}
     * @throws JournalException when no node of this version has run on the directory yet
     */
    public static LocalTail open(Path directory, long fromSlot) {
        if (fromSlot < 0) {
            throw new IllegalArgumentException("fromSlot: at least 0, not " + fromSlot);
        }
        try {
            long incarnation = Identity.require(FileDisk.REAL, directory).incarnation();
            return new LocalTail(
                    directory, incarnation, AppliedView.open(directory, incarnation), fromSlot);
        } catch (IOException e) {
            throw new JournalException(
                    Kind.NOT_WRITABLE,
                    "cannot read %s: %s".formatted(directory, e.getMessage()),
                    e);
        }
    }

    /**
     * Hands over what has been applied since. What a handler throws leaves this, the command
     * counting as heard.
     *
     * @param mostSlots at most so many are gone through
     * @return how many slots were gone through; 0 means that the caller may rest a moment
     * @throws JournalException COMPACTED when the node does not keep the next slot any more, see
     *     {@link #firstKept}; DAMAGED when it cannot be read back
     * @throws IllegalStateException when it is closed
     */
    public int poll(Handler handler, int mostSlots) {
        Objects.requireNonNull(handler, "handler");
        if (isClosed) {
            throw new IllegalStateException("this tail was closed");
        }
        long now = view.epoch();
        long upTo = view.applied();
        if (now == NO_EPOCH || upTo == 0) {
            return 0;
        }
        if (nextSlot == FIRST_KEPT) {
            nextSlot = view.keptFrom();
        }
        requireKept();
        if (nextSlot > upTo || !follow(now)) {
            return 0;
        }
        long first = nextSlot;
        while (nextSlot <= upTo && nextSlot - first < mostSlots) {
            if (nextSlot > copiedUpTo && !copy(upTo)) {
                break;
            }
            if (!passNext(handler)) {
                break;
            }
        }
        forget();
        return (int) (nextSlot - first);
    }

    private void requireKept() {
        long from = view.keptFrom();
        if (nextSlot < from) {
            throw new JournalException(
                    Kind.COMPACTED,
                    "slot %d is no longer kept; the first kept slot is %d"
                            .formatted(nextSlot, from));
        }
    }

    /** False when files went while they were looked for: the next look finds out why. */
    private boolean follow(long now) {
        try {
            if (now != epoch) {
                closeFollower();
                copiedUpTo = 0;
                droppedBelow = nextSlot;
                follower = JournalFollower.open(directory, incarnation, nextSlot);
                epoch = now;
            }
            follower.followTo(view.position());
            return true;
        } catch (IOException e) {
            lookAgain(e.getMessage());
            return false;
        }
    }

    /** Nothing can be had at the moment: a file was compacted, and word of that is on its way. */
    private void lookAgain(String why) {
        closeFollower();
        if (++attempts > MOST_ATTEMPTS && FileDisk.REAL.exists(directory)) {
            throw new JournalException(Kind.DAMAGED, "slot " + nextSlot + ": " + why);
        }
    }

    private void closeFollower() {
        if (follower != null) {
            follower.close();
            follower = null;
        }
        epoch = NO_EPOCH;
    }

    private boolean copy(long upTo) {
        long last = follower.copy(nextSlot, copy, batch);
        if (!view.isStill(epoch, nextSlot)) {
            return false;
        }
        if (last == 0) {
            DamagedRecord damage = follower.damage();
            lookAgain(damage == null ? "its record is not there" : damage.toString());
            return false;
        }
        attempts = 0;
        copiedUpTo = Math.min(last, upTo);
        entrySlot = batch.firstSlot();
        entryOffset = 0;
        return true;
    }

    /** False when it cannot be said whether the slot took effect. */
    private boolean passNext(Handler handler) {
        boolean isCommand = batch.kind() == Batch.COMMANDS && seek() && entry.kind() == COMMAND;
        boolean isToPass = isCommand && view.tookEffect(nextSlot);
        if (!view.isStill(epoch, nextSlot)) {
            copiedUpTo = 0;
            return false;
        }
        long slot = nextSlot++;
        if (isToPass) {
            int command = entryOffset + Batch.ENTRY_PREFIX_BYTES + HEADER_BYTES;
            handler.onCommand(
                    slot,
                    entry.session(),
                    entry.sequence(),
                    batch.timestamp(),
                    copy,
                    command,
                    batch.entryLength(entryOffset) - HEADER_BYTES);
        }
        return true;
    }

    /** Goes to the entry of the next slot; false when it has no header. */
    private boolean seek() {
        while (entrySlot < nextSlot) {
            entryOffset += Batch.ENTRY_PREFIX_BYTES + batch.entryLength(entryOffset);
            entrySlot++;
        }
        if (batch.entryLength(entryOffset) < HEADER_BYTES) {
            return false;
        }
        entry.wrap(
                copy,
                entryOffset + Batch.ENTRY_PREFIX_BYTES,
                HEADER_BYTES,
                EntryHeaderDecoder.SCHEMA_VERSION);
        return true;
    }

    private void forget() {
        if (follower != null && nextSlot - droppedBelow >= DROP_SLOTS) {
            droppedBelow = nextSlot;
            follower.dropBelow(nextSlot);
        }
    }

    /** The cluster whose log it is; 0 until its node has applied anything. */
    public long clusterId() {
        return view.clusterId();
    }

    /** The slot to go on from: everything below it was heard or is no command that took effect. */
    public long nextSlot() {
        return nextSlot;
    }

    /** The first slot that is to be had. */
    public long firstKept() {
        return view.keptFrom();
    }

    /** How far the node has applied the log. */
    public long applied() {
        return view.applied();
    }

    /**
     * When the node last said that it is there, in milliseconds since 1970: every 100 ms as long as
     * it runs.
     */
    public long aliveMs() {
        return view.aliveMs();
    }

    /** Gives the mappings back. */
    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            closeFollower();
            view.close();
        }
    }
}
