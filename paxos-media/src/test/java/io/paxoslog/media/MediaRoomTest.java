package io.paxoslog.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What buffers need is there before a driver begins, or it does not begin. */
class MediaRoomTest {
    private static final int TERM = 1 << 20;
    private static final int TOO_MANY = Integer.MAX_VALUE;

    @TempDir private Path memory;
    @TempDir private Path temporary;
    private final List<String> warnings = new ArrayList<>();

    @Test
    void aDriverTakesWhatIsForeseen() throws IOException {
        MediaRoom room = MediaRoom.of(10, 0, TERM);
        try (MediaDirectory directory = room.take(memory, "test")) {
            MediaDriver.Context context =
                    new MediaDriver.Context()
                            .aeronDirectoryName(directory.driver().toString())
                            .threadingMode(ThreadingMode.INVOKER)
                            .dirDeleteOnShutdown(true);
            try (MediaDriver driver = MediaDriver.launch(room.setUp(context));
                    Stream<Path> files = Files.walk(directory.driver())) {
                long taken =
                        files.filter(Files::isRegularFile).mapToLong(MediaRoomTest::size).sum();
                assertThat(driver.aeronDirectoryName()).isNotEmpty();
                assertThat(taken).isBetween(room.bytes() - (1 << 16), room.bytes());
            }
        }
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    @Test
    void streamsTakeThreeTermsEach() {
        long none = MediaRoom.of(10, 0, TERM).bytes();
        assertThat(MediaRoom.of(10, 4, TERM).bytes() - none).isBetween(12L << 20, 13L << 20);
        assertThat(MediaRoom.of(10, 0, TERM).plus(4, TERM).bytes())
                .isEqualTo(MediaRoom.of(10, 4, TERM).bytes());
    }

    @Test
    void aPlaceThatIsTooSmallIsRefusedWithNumbersAndNothingIsLeftThere() {
        assertThatThrownBy(() -> MediaRoom.of(10, TOO_MANY, TERM).take(memory, "test"))
                .isInstanceOf(MediaRoom.NoRoomException.class)
                .hasMessageContaining(memory.toString())
                .hasMessageMatching(".* has room for \\d+ MB, .* take \\d+ MB");
        assertThat(memory).isEmptyDirectory();
    }

    @Test
    void memoryComesFirstAndNothingIsSaidOfIt() throws IOException {
        MediaPlaces places = new MediaPlaces(memory, temporary);
        try (MediaDirectory taken = places.take(MediaRoom.of(10, 0, TERM), "test", warnings::add)) {
            assertThat(taken.driver()).startsWithRaw(memory.toRealPath());
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void temporaryFilesServeWhereThereIsNoMemoryToShare() throws IOException {
        MediaPlaces places = new MediaPlaces(memory.resolve("none"), temporary);
        try (MediaDirectory taken = places.take(MediaRoom.of(10, 0, TERM), "test", warnings::add)) {
            assertThat(taken.driver()).startsWithRaw(temporary.toRealPath());
        }
    }

    @Test
    void bothPlacesAreNamedWhenNeitherHasRoom() {
        MediaPlaces places = new MediaPlaces(memory, temporary);
        assertThatThrownBy(
                        () -> places.take(MediaRoom.of(10, TOO_MANY, TERM), "test", warnings::add))
                .hasMessageContaining(memory.toString())
                .hasMessageContaining(temporary.toString());
        assertThat(memory).isEmptyDirectory();
        assertThat(temporary).isEmptyDirectory();
    }
}
