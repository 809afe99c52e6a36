package io.paxoslog.log;

import io.paxoslog.log.JournalException.Kind;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/** An {@link AppliedFile} as other processes read it. */
final class AppliedView implements AutoCloseable {
    private final UnsafeBuffer bytes;

    private AppliedView(UnsafeBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * Maps the file of a node.
     *
     * @throws JournalException when there is none, or it is of another version
     */
    static AppliedView open(Path directory, long incarnation) throws IOException {
        Path file = AppliedFile.in(directory);
        if (!Files.exists(file) || Files.size(file) != AppliedFile.BYTES) {
            throw new JournalException(
                    Kind.ABSENT,
                    "%s is not there: no node of this version has run on the directory"
                            .formatted(file));
        }
        AppliedView view = new AppliedView(FileDisk.REAL.map(file));
        boolean isKnown =
                view.intAt(AppliedFile.MAGIC_OFFSET) == AppliedFile.MAGIC
                        && view.intAt(AppliedFile.VERSION_OFFSET) == AppliedFile.VERSION
                        && view.longAt(AppliedFile.INCARNATION_OFFSET) == incarnation;
        if (!isKnown) {
            view.close();
            throw new JournalException(
                    Kind.NEWER_FORMAT,
                    "%s was not written by a node of this version: read the log through a"
                                    .formatted(file)
                            + " subscription");
        }
        return view;
    }

    private int intAt(int offset) {
        return bytes.getInt(offset, ByteOrder.LITTLE_ENDIAN);
    }

    private long longAt(int offset) {
        return bytes.getLong(offset, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Another number than before: what was read of the journal may not hold; 0: it is not known.
     */
    long epoch() {
        long epoch = longAt(AppliedFile.EPOCH_OFFSET);
        VarHandle.acquireFence();
        return epoch;
    }

    /** Every slot up to this one is applied; read before {@link #position}. */
    long applied() {
        long applied = longAt(AppliedFile.APPLIED_OFFSET);
        VarHandle.acquireFence();
        return applied;
    }

    /** Up to here the journal shows all slots that are applied. */
    long position() {
        return longAt(AppliedFile.POSITION_OFFSET);
    }

    long clusterId() {
        return longAt(AppliedFile.CLUSTER_OFFSET);
    }

    /** Slots below are not to be had. */
    long keptFrom() {
        return longAt(AppliedFile.KEPT_FROM_OFFSET);
    }

    long aliveMs() {
        return longAt(AppliedFile.ALIVE_OFFSET);
    }

    /** Whether an applied slot took effect; to be believed if {@link #isStill} says so after. */
    boolean tookEffect(long slot) {
        return (longAt(AppliedFile.wordOf(slot)) & AppliedFile.bitOf(slot)) == 0;
    }

    /** Whether what was read before this was of a slot that is kept, and of an epoch. */
    boolean isStill(long someEpoch, long slot) {
        VarHandle.acquireFence();
        return keptFrom() <= slot && epoch() == someEpoch;
    }

    @Override
    public void close() {
        FileDisk.REAL.unmap(bytes);
    }
}
