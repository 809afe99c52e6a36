package io.paxoslog.service;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** What a snapshot consists of, copied in small pieces. */
final class SnapshotBytes {
    private static final int PIECE_BYTES = 64;

    private SnapshotBytes() {}

    /** Up to where the application's bytes begin. */
    static byte[] of(SnapshotCopy copy) {
        return of(copy, PIECE_BYTES, () -> {});
    }

    /** The same, while something is done behind each piece. */
    private static byte[] of(SnapshotCopy copy, int pieceBytes, Runnable meanwhile) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] piece = copy.some(pieceBytes); piece != null; piece = copy.some(pieceBytes)) {
            out.writeBytes(piece);
            meanwhile.run();
        }
        return out.toByteArray();
    }

    /** All of it. */
    static byte[] of(SnapshotCopy copy, StateView view) throws IOException {
        return of(copy, view, PIECE_BYTES, () -> {});
    }

    static byte[] of(SnapshotCopy copy, StateView view, int pieceBytes, Runnable meanwhile)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(of(copy, pieceBytes, meanwhile));
        view.writeTo(out);
        return out.toByteArray();
    }
}
