package io.paxoslog.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Buffers of the living stay, whoever cannot see who they are; those of the dead go. */
@Timeout(60)
class MediaDirectoryTest {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    @TempDir private Path parent;

    @Test
    void eachHasItsOwn() throws IOException {
        try (MediaDirectory one = MediaDirectory.take(parent, "test");
                MediaDirectory other = MediaDirectory.take(parent, "test")) {
            assertThat(one.driver()).isNotEqualTo(other.driver());
            assertThat(one.driver().getParent()).isDirectory();
        }
    }

    @Test
    void nothingIsLeftOfOneThatIsClosed() throws IOException {
        MediaDirectory directory = MediaDirectory.take(parent, "test");
        Files.createDirectories(directory.driver().resolve("images"));
        Files.writeString(directory.driver().resolve("images").resolve("1"), "x");
        directory.close();
        assertThat(parent).isEmptyDirectory();
        directory.close();
    }

    @Test
    void removesWhatTheDeadLeft() throws IOException {
        Path left = left("paxoslog-media-test-1", Files.readString(BOOT_ID).strip());
        MediaDirectory.take(parent, "test").close();
        assertThat(left).doesNotExist();
    }

    @Test
    void leavesAloneWhatIsNoneOfOurs() throws IOException {
        Path outside = Files.writeString(parent.resolve("outside"), "x");
        Path ofAnotherMachine = left("paxoslog-media-test-1", "another boot id");
        Path foreign = left("aeron-somebody", Files.readString(BOOT_ID).strip());
        Path earlierBuild = Files.createDirectory(parent.resolve("paxoslog-client-1-1"));
        Path ownerless = Files.createDirectory(parent.resolve("paxoslog-media-test-2"));
        Path left = left("paxoslog-media-test-3", Files.readString(BOOT_ID).strip());
        Files.createSymbolicLink(left.resolve("driver").resolve("link"), outside);
        MediaDirectory.take(parent, "test").close();
        assertThat(List.of(ofAnotherMachine, foreign, earlierBuild, ownerless))
                .allSatisfy(path -> assertThat(path).exists());
        assertThat(left).doesNotExist();
        assertThat(outside).hasContent("x");
    }

    private Path left(String name, String bootId) throws IOException {
        Path path = Files.createDirectory(parent.resolve(name));
        Files.writeString(path.resolve("owner"), bootId);
        Files.createDirectory(path.resolve("driver"));
        Files.writeString(path.resolve("driver").resolve("cnc.dat"), "x");
        return path;
    }

    /** Looking alone must not lose a lock of this process, whichever of its loaders holds it. */
    @Test
    void theLivingKeepTheirsWhoeverLooks() throws Exception {
        Path ofAnotherLoader = left("paxoslog-media-test-1", Files.readString(BOOT_ID).strip());
        try (FileChannel held =
                        FileChannel.open(
                                ofAnotherLoader.resolve("owner"), StandardOpenOption.WRITE);
                FileLock lock = held.lock();
                MediaDirectory own = MediaDirectory.take(parent, "test")) {
            assertThat(lock.isValid()).isTrue();
            MediaDirectory.take(parent, "test").close();
            MediaDirectory.take(parent, "test").close();
            Path ofAnother;
            Process another = takeInAnotherProcess();
            try {
                ofAnother = Path.of(firstLine(another));
                MediaDirectory.take(parent, "test").close();
                assertThat(List.of(ofAnotherLoader, own.driver().getParent(), ofAnother))
                        .allSatisfy(path -> assertThat(path).exists());
            } finally {
                another.destroyForcibly().waitFor();
            }
            assertThat(ofAnother).exists();
            MediaDirectory.take(parent, "test").close();
            assertThat(ofAnother).doesNotExist();
        }
    }

    @Test
    void saysWhereThereIsNoPlace() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "x");
        assertThatThrownBy(() -> MediaDirectory.take(file, "test"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }

    private Process takeInAnotherProcess() throws IOException {
        String classes =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classes,
                        Taking.class.getName(),
                        parent.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String firstLine(Process process) throws IOException {
        return new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                .readLine();
    }

    /** Takes a directory in a process of its own, and keeps it until it is killed. */
    static final class Taking {
        private Taking() {}

        public static void main(String[] arguments) throws IOException {
            MediaDirectory taken = MediaDirectory.take(Path.of(arguments[0]), "test");
            try (Stream<Path> all = Files.list(taken.driver().getParent())) {
                if (all.count() != 1) {
                    throw new IllegalStateException("more than an owner");
                }
            }
            System.out.println(taken.driver().getParent());
            while (System.in.read() >= 0) {
                // Lives until killed.
            }
        }
    }
}
