package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a directory says of the leases that were ever granted from it. */
class LeaseNoteTest {
    @TempDir private Path directory;

    private int noted() {
        return LeaseNote.read(directory).longestMs();
    }

    @Test
    void nothingWasGrantedFromANewDirectory() {
        assertThat(noted()).isZero();
        LeaseNote.read(directory).raise(0);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void rememberedIsTheLongestWhateverTheSettingIsNow() {
        LeaseNote.read(directory).raise(150);
        LeaseNote.read(directory).raise(100);
        LeaseNote.read(directory).raise(0);
        assertThat(noted()).isEqualTo(150);

        LeaseNote.read(directory).raise(200);
        assertThat(noted()).isEqualTo(200);
    }

    @Test
    void whatNobodyCanReadMayHaveBeenAnyLength() throws IOException {
        for (String text : new String[] {"", "soon", "-1", "99999999999", "70000"}) {
            Files.writeString(directory.resolve("lease-ms"), text);
            assertThat(noted()).as(text).isEqualTo(Settings.LONGEST_LEASE_MS);
        }
    }

    @Test
    void whatCannotBeWrittenRefusesTheStart() throws IOException {
        Files.createDirectory(directory.resolve("lease-ms.new"));
        LeaseNote note = LeaseNote.read(directory);

        assertThatThrownBy(() -> note.raise(150))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("lease-ms cannot be written");
    }
}
