package io.paxoslog.transport;

import io.paxoslog.core.PeerMessages;

/**
 * Which bytes of a part of a snapshot one message carries: a chunk goes whole or not at all, a
 * manifest in pieces, of which the one behind the last is empty.
 *
 * @param offset where they begin in the part
 * @param length how many
 */
public record SnapshotPiece(int offset, int length) {
    /**
     * What answers a request for a part.
     *
     * @param chunk the number that was asked for, see {@link PeerMessages#fetchSnapshot}
     * @param partBytes bytes of the chunk, or of the whole manifest
     * @param maxBytes most that one message takes
     */
    public static SnapshotPiece of(int chunk, int partBytes, int maxBytes) {
        if (chunk >= 0) {
            // A chunk that no message takes is as good as none: another node may do better.
            return new SnapshotPiece(0, partBytes > maxBytes ? 0 : partBytes);
        }
        long begin = ((long) PeerMessages.MANIFEST - chunk) * maxBytes;
        int offset = (int) Math.min(partBytes, begin);
        return new SnapshotPiece(offset, Math.min(partBytes - offset, maxBytes));
    }
}
