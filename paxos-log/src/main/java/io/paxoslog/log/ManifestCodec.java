package io.paxoslog.log;

import io.paxoslog.codecs.JournalFormat;
import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import io.paxoslog.codecs.journal.MessageHeaderEncoder;
import io.paxoslog.codecs.journal.SnapshotManifestDecoder;
import io.paxoslog.codecs.journal.SnapshotManifestEncoder;
import io.paxoslog.core.Needs;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The bytes of a manifest. They come from files and from other nodes, so none is trusted. */
final class ManifestCodec {
    static final int MAX_CHUNK_BYTES = 16 << 20;

    /** Reads "PxSn" in a dump of the file. */
    private static final int MAGIC = 0x6E537850;

    private static final SealedBytes SEAL =
            new SealedBytes(
                    MAGIC,
                    SnapshotManifestDecoder.TEMPLATE_ID,
                    SnapshotManifestEncoder.magicEncodingOffset(),
                    SnapshotManifestEncoder.checksumEncodingOffset());

    private ManifestCodec() {}

    static SnapshotManifest encode(
            SnapshotHead head, int chunkBytes, long totalBytes, int[] checksums, byte[] digest) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        MessageHeaderEncoder schema = new MessageHeaderEncoder();
        SnapshotManifestEncoder encoder =
                new SnapshotManifestEncoder()
                        .wrapAndApplyHeader(buffer, 0, schema)
                        .slot(head.slot())
                        .clusterId(head.clusterId())
                        .timeNs(head.timeNs())
                        .appliedHash(head.appliedHash())
                        .totalBytes(totalBytes)
                        .chunkBytes(chunkBytes)
                        .putDigest(digest, 0, digest.length);
        schema.version(
                JournalFormat.of(Needs.of(head.memberships().values(), head.decisions().values())));
        SnapshotManifestEncoder.MembershipsEncoder memberships =
                encoder.membershipsCount(head.memberships().size());
        head.memberships()
                .forEach(
                        (slot, entry) ->
                                memberships.next().slot(slot).putEntry(entry, 0, entry.length));
        SnapshotManifestEncoder.DecisionsEncoder decisions =
                encoder.decisionsCount(head.decisions().size());
        head.decisions()
                .forEach(
                        (slot, entry) ->
                                decisions.next().slot(slot).putEntry(entry, 0, entry.length));
        UnsafeBuffer chunks = new UnsafeBuffer(new byte[checksums.length * Integer.BYTES]);
        for (int i = 0; i < checksums.length; i++) {
            chunks.putInt(i * Integer.BYTES, checksums[i], ByteOrder.LITTLE_ENDIAN);
        }
        encoder.putChunks(chunks, 0, chunks.capacity());
        byte[] bytes = new byte[encoder.limit()];
        buffer.getBytes(0, bytes);
        return new SnapshotManifest(
                head, chunkBytes, totalBytes, checksums, digest, SEAL.seal(bytes));
    }

    static SnapshotManifest decode(byte[] bytes) throws IOException {
        MessageHeaderDecoder schema = SEAL.open(bytes);
        try {
            requireShape(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), schema);
            return decode(bytes, schema);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("it is damaged", e);
        }
    }

    /** Decoders do not check bounds where that is switched off for speed. */
    private static void requireShape(ByteBuffer bytes, MessageHeaderDecoder schema) {
        requireAtLeast(SnapshotManifestDecoder.BLOCK_LENGTH, schema.blockLength());
        bytes.position(MessageHeaderDecoder.ENCODED_LENGTH + schema.blockLength());
        skipEntries(bytes);
        skipEntries(bytes);
        skip(bytes, bytes.getInt());
    }

    private static void skipEntries(ByteBuffer bytes) {
        int block = Short.toUnsignedInt(bytes.getShort());
        int count = Short.toUnsignedInt(bytes.getShort());
        requireAtLeast(Long.BYTES, block);
        for (int i = 0; i < count; i++) {
            skip(bytes, block);
            skip(bytes, Short.toUnsignedInt(bytes.getShort()));
        }
    }

    private static void skip(ByteBuffer bytes, int length) {
        requireAtLeast(length, bytes.remaining());
        bytes.position(bytes.position() + length);
    }

    private static void requireAtLeast(int least, int length) {
        if (length < least) {
            throw new IllegalArgumentException(length + " bytes where " + least + " must be");
        }
    }

    private static SnapshotManifest decode(byte[] bytes, MessageHeaderDecoder schema)
            throws IOException {
        SnapshotManifestDecoder decoder =
                new SnapshotManifestDecoder()
                        .wrap(
                                new UnsafeBuffer(bytes),
                                MessageHeaderDecoder.ENCODED_LENGTH,
                                schema.blockLength(),
                                schema.version());
        byte[] digest = new byte[Sha256.BYTES];
        decoder.getDigest(digest, 0, digest.length);
        SnapshotHead head =
                new SnapshotHead(
                        decoder.slot(),
                        decoder.clusterId(),
                        decoder.timeNs(),
                        decoder.appliedHash(),
                        memberships(decoder),
                        decisions(decoder));
        int[] checksums = checksums(decoder);
        int chunkBytes = decoder.chunkBytes();
        requireSizes(chunkBytes, decoder.totalBytes(), checksums.length);
        return new SnapshotManifest(
                head, chunkBytes, decoder.totalBytes(), checksums, digest, bytes.clone());
    }

    private static SortedMap<Long, byte[]> memberships(SnapshotManifestDecoder decoder) {
        SortedMap<Long, byte[]> memberships = new TreeMap<>();
        for (SnapshotManifestDecoder.MembershipsDecoder entry : decoder.memberships()) {
            long at = entry.slot();
            byte[] encoded = new byte[entry.entryLength()];
            entry.getEntry(encoded, 0, encoded.length);
            memberships.put(at, encoded);
        }
        return memberships;
    }

    private static SortedMap<Long, byte[]> decisions(SnapshotManifestDecoder decoder) {
        SortedMap<Long, byte[]> decisions = new TreeMap<>();
        for (SnapshotManifestDecoder.DecisionsDecoder entry : decoder.decisions()) {
            long at = entry.slot();
            byte[] encoded = new byte[entry.entryLength()];
            entry.getEntry(encoded, 0, encoded.length);
            decisions.put(at, encoded);
        }
        return decisions;
    }

    private static int[] checksums(SnapshotManifestDecoder decoder) {
        int length = decoder.chunksLength();
        // The bytes are all here, so a length that is wrong asks for no memory.
        UnsafeBuffer chunks = new UnsafeBuffer(0, 0);
        decoder.wrapChunks(chunks);
        int[] checksums = new int[length / Integer.BYTES];
        for (int i = 0; i < checksums.length; i++) {
            checksums[i] = chunks.getInt(i * Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
        }
        return checksums;
    }

    private static void requireSizes(int chunkBytes, long totalBytes, int chunks)
            throws IOException {
        boolean areRight =
                chunkBytes > 0
                        && chunkBytes <= MAX_CHUNK_BYTES
                        && totalBytes >= 0
                        && chunks == (totalBytes + chunkBytes - 1) / chunkBytes;
        if (!areRight) {
            throw new IOException(
                    "it says "
                            + totalBytes
                            + " bytes in "
                            + chunks
                            + " chunks of "
                            + chunkBytes
                            + " bytes");
        }
    }
}
