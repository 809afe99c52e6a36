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
    Disk REAL =
            new Disk() {
                @Override
                public void force(FileChannel channel, Path file) throws IOException {
                    channel.force(false);
                }

                @Override
                public void forceNames(Path directory) throws IOException {
                    try (FileChannel channel =
                            FileChannel.open(directory, StandardOpenOption.READ)) {
                        channel.force(true);
                    }
                }
            };

    /** Returns once all that was written to the file before is on stable storage. */
    void force(FileChannel channel, Path file) throws IOException;

    /** Returns once the names in a directory are on stable storage. */
    void forceNames(Path directory) throws IOException;
}
