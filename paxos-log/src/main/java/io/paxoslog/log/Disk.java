package io.paxoslog.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The two calls that put bytes and names onto stable storage; apart, so that tests can make them
 * fail.
 */
interface Disk {
    /** The real one. */
    Disk REAL = FileChannel::force;

    /** Returns once all that was written to the file is on stable storage. */
    void force(FileChannel file, boolean metadata) throws IOException;

    /** Returns once the names of the files in a directory are on stable storage. */
    default void forceNames(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            force(channel, true);
        }
    }
}
