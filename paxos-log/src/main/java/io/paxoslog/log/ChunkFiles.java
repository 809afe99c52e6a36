package io.paxoslog.log;

import io.paxoslog.codecs.JournalFormat;
import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import io.paxoslog.codecs.journal.MessageHeaderEncoder;
import io.paxoslog.codecs.journal.SnapshotEffectsDecoder;
import io.paxoslog.codecs.journal.SnapshotEffectsEncoder;
import java.io.IOException;
import java.nio.file.Path;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The files of one snapshot: its manifest, its chunks, and what the node keeps for itself. */
final class ChunkFiles {
    /** Unless told otherwise a snapshot leaves so much room: the journal cannot do without. */
    static final long LEFT_FREE_BYTES = 128L << 20;

    private static final int DIGITS = 8;
    private static final String MANIFEST = "manifest";
    private static final String EFFECTS = "effects";

    /** Reads "PxEf" in a dump of the file. */
    private static final int EFFECTS_MAGIC = 0x66457850;

    private static final SealedBytes EFFECTS_SEAL =
            new SealedBytes(
                    EFFECTS_MAGIC,
                    SnapshotEffectsDecoder.TEMPLATE_ID,
                    SnapshotEffectsEncoder.magicEncodingOffset(),
                    SnapshotEffectsEncoder.checksumEncodingOffset());

    private final Disk disk;
    private final Path directory;
    private final long leftFreeBytes;

    ChunkFiles(Disk disk, Path directory, long leftFreeBytes) {
        this.disk = disk;
        this.directory = directory;
        this.leftFreeBytes = leftFreeBytes;
    }

    private Path chunk(int index) {
        String digits = Integer.toString(index);
        return directory.resolve("0".repeat(DIGITS - digits.length()) + digits + ".chunk");
    }

    /** Throws {@link IOException} when so many bytes would leave too little for the journal. */
    void requireSpace(long bytes) throws IOException {
        long free = disk.usableBytes(directory);
        if (free - leftFreeBytes < bytes) {
            throw new IOException(
                    "a snapshot in "
                            + directory
                            + " needs "
                            + bytes
                            + " bytes more and "
                            + leftFreeBytes
                            + " that stay free for the journal, but only "
                            + free
                            + " are free: make room on the disk");
        }
    }

    /** Writes a chunk and forces it. */
    void writeChunk(int index, byte[] bytes) throws IOException {
        requireSpace(bytes.length);
        disk.write(chunk(index), bytes);
    }

    boolean hasChunk(int index) {
        return disk.exists(chunk(index));
    }

    /** A chunk as it was written. */
    byte[] readChunk(SnapshotManifest manifest, int index) throws IOException {
        Path file = chunk(index);
        byte[] bytes = read(file);
        if (!manifest.isChunk(index, new UnsafeBuffer(bytes), 0, bytes.length)) {
            throw new DamagedSnapshotException(file, "its checksum is wrong");
        }
        return bytes;
    }

    private byte[] read(Path file) throws IOException {
        if (!disk.exists(file)) {
            throw new DamagedSnapshotException(file, "it is missing");
        }
        return disk.read(file);
    }

    void writeManifest(SnapshotManifest manifest) throws IOException {
        disk.write(directory.resolve(MANIFEST), manifest.encode());
    }

    /** The manifest, of this slot. */
    SnapshotManifest readManifest(long slot) throws IOException {
        Path file = directory.resolve(MANIFEST);
        byte[] bytes = read(file);
        try {
            SnapshotManifest manifest = SnapshotManifest.decode(bytes);
            if (manifest.slot() == slot) {
                return manifest;
            }
            throw new DamagedSnapshotException(file, "it is of slot " + manifest.slot());
        } catch (NewerFormatException e) {
            throw new JournalException(
                    JournalException.Kind.NEWER_FORMAT, file + ": " + e.getMessage(), e);
        } catch (DamagedSnapshotException e) {
            throw e;
        } catch (IOException e) {
            throw new DamagedSnapshotException(file, e.getMessage());
        }
    }

    /** Writes what the node keeps for itself beside a snapshot. */
    void writeEffects(long manifestId, byte[] effects) throws IOException {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        MessageHeaderEncoder schema = new MessageHeaderEncoder();
        SnapshotEffectsEncoder encoder =
                new SnapshotEffectsEncoder()
                        .wrapAndApplyHeader(buffer, 0, schema)
                        .manifest(manifestId)
                        .putEffects(effects, 0, effects.length);
        schema.version(JournalFormat.LOWEST);
        byte[] bytes = new byte[encoder.limit()];
        buffer.getBytes(0, bytes);
        disk.write(directory.resolve(EFFECTS), EFFECTS_SEAL.seal(bytes));
    }

    /** Null when there are none, or they cannot be read: then they are not known. */
    byte[] readEffects(long manifestId) {
        try {
            byte[] bytes = disk.read(directory.resolve(EFFECTS));
            MessageHeaderDecoder schema = EFFECTS_SEAL.open(bytes);
            SnapshotEffectsDecoder decoder =
                    new SnapshotEffectsDecoder()
                            .wrap(
                                    new UnsafeBuffer(bytes),
                                    MessageHeaderDecoder.ENCODED_LENGTH,
                                    schema.blockLength(),
                                    schema.version());
            if (decoder.manifest() != manifestId) {
                return null;
            }
            byte[] effects = new byte[decoder.effectsLength()];
            decoder.getEffects(effects, 0, effects.length);
            return effects;
        } catch (IOException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    /** All that is in it has its name for good. */
    void forceNames() throws IOException {
        disk.forceNames(directory);
    }

    void delete() throws IOException {
        for (Path child : disk.list(directory)) {
            disk.delete(child);
        }
        disk.delete(directory);
    }
}
