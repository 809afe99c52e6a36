package io.paxoslog.log;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a snapshot is: its head, and checksums of its chunks and of all of them together. Equal ids
 * say equal bytes, chunk for chunk. Immutable, but for {@link #isChunk}, which is for one thread.
 */
public final class SnapshotManifest {
    private final SnapshotHead head;
    private final int chunkBytes;
    private final long totalBytes;
    private final int[] checksums;
    private final byte[] digest;
    private final byte[] encoded;
    private final long id;

    SnapshotManifest(
            SnapshotHead head,
            int chunkBytes,
            long totalBytes,
            int[] checksums,
            byte[] digest,
            byte[] encoded) {
        this.head = head;
        this.chunkBytes = chunkBytes;
        this.totalBytes = totalBytes;
        this.checksums = checksums;
        this.digest = digest;
        this.encoded = encoded;
        this.id = new UnsafeBuffer(Sha256.newDigest().digest(encoded)).getLong(0);
    }

    /**
     * Reads what {@link #encode} wrote, here or at another node.
     *
     * @throws IOException saying what is wrong: damaged, no manifest, or of a newer version
     */
    public static SnapshotManifest decode(byte[] bytes) throws IOException {
        return ManifestCodec.decode(bytes);
    }

    /** The same chunks, as a cluster has them that is founded on this one's log. */
    SnapshotManifest withoutMemberships() {
        SnapshotHead bare =
                new SnapshotHead(
                        slot(), clusterId(), timeNs(), appliedHash(), new TreeMap<>(), decisions());
        return ManifestCodec.encode(bare, chunkBytes, totalBytes, checksums, digest);
    }

    /** The manifest as files and other nodes have it. */
    public byte[] encode() {
        return encoded.clone();
    }

    /** Everything up to and including this slot is applied in it. */
    public long slot() {
        return head.slot();
    }

    /** The cluster it is of. */
    public long clusterId() {
        return head.clusterId();
    }

    /** Agreed time at the slot, nanoseconds since 1970. */
    public long timeNs() {
        return head.timeNs();
    }

    /** Rolling hash of all that was applied. */
    public long appliedHash() {
        return head.appliedHash();
    }

    /** Slot of each membership entry up to the slot, to the encoded membership. */
    public SortedMap<Long, byte[]> memberships() {
        return head.memberships();
    }

    /** Slot of each decision in force at the slot, to the encoded decision. */
    public SortedMap<Long, byte[]> decisions() {
        return head.decisions();
    }

    /** Bytes of each chunk but the last one, which holds the rest. */
    public int chunkBytes() {
        return chunkBytes;
    }

    /** How many chunks there are; none of an empty snapshot. */
    public int chunkCount() {
        return checksums.length;
    }

    /** Bytes of all chunks together. */
    public long totalBytes() {
        return totalBytes;
    }

    /** Bytes of one chunk, counted from 0. */
    public int chunkLength(int index) {
        return (int) Math.min(chunkBytes, totalBytes - (long) index * chunkBytes);
    }

    /** First 8 bytes of the SHA-256 of the encoded manifest. */
    public long id() {
        return id;
    }

    /** Whether these bytes are that chunk. */
    boolean isChunk(int index, DirectBuffer buffer, int offset, int length) {
        return index >= 0
                && index < checksums.length
                && length == chunkLength(index)
                && new Checksum().of(buffer, offset, length) == checksums[index];
    }

    /** Whether this is the SHA-256 of all chunks, one behind the other. */
    boolean isWhole(byte[] sha256) {
        return MessageDigest.isEqual(digest, sha256);
    }

    @Override
    public String toString() {
        return "snapshot of slot " + slot() + " (" + Long.toHexString(id) + ")";
    }
}
