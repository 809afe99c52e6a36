package io.paxoslog.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Where buffers are kept when nobody says where: in memory where the system has such a place with
 * room enough, else in the directory for temporary files. Containers have 64 MB of memory to share
 * unless they ask for more.
 */
public final class MediaPlaces {
    private final Path memory;
    private final Path temporary;

    /** Those of this machine. */
    public MediaPlaces() {
        this(Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir")));
    }

    MediaPlaces(Path memory, Path temporary) {
        this.memory = memory;
        this.temporary = temporary;
    }

    /**
     * Takes a directory in the best place that has room.
     *
     * @param use what it is for, as part of its name
     * @param warning told when it is not the usual one
     * @throws IOException when no place has room, saying how much is needed and how much there is
     */
    public MediaDirectory take(MediaRoom room, String use, Consumer<String> warning)
            throws IOException {
        if (!Files.isWritable(memory)) {
            return room.take(temporary, use);
        }
        try {
            return room.take(memory, use);
        } catch (MediaRoom.NoRoomException e) {
            MediaDirectory taken = takeTemporary(room, use, e);
            warning.accept(
                    "%s: they are kept in %s, which may be slower; give more memory to share (a container: --shm-size)"
                            .formatted(e.getMessage(), temporary));
            return taken;
        }
    }

    private MediaDirectory takeTemporary(MediaRoom room, String use, IOException before)
            throws IOException {
        try {
            return room.take(temporary, use);
        } catch (MediaRoom.NoRoomException e) {
            throw new MediaRoom.NoRoomException(
                    "%s; %s".formatted(before.getMessage(), e.getMessage()));
        }
    }
}
