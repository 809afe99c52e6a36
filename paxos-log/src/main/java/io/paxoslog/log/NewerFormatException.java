package io.paxoslog.log;

import java.io.IOException;

/** Bytes that only a newer version of this program can read. */
final class NewerFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    NewerFormatException(int version, int known) {
        super(
                "it is of format version "
                        + version
                        + ", this program knows versions up to "
                        + known
                        + ": start a newer program");
    }
}
