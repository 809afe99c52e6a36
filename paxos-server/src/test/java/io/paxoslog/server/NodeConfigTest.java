package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every setting is read, limited, and refused with a line that says what would be right. */
class NodeConfigTest {
    private static final String THREE = "1=a:100,2=a:200,3=a:300";

    @TempDir Path directory;

    @Test
    void defaultsAreTakenWhereNothingIsSaid() {
        NodeConfig config = three().build();
        assertThat(config.get(Settings.DURABILITY)).isEqualTo(Durability.SYNC);
        assertThat(config.get(Settings.ELECTION_TIMEOUT_MS)).isEqualTo(150);
        assertThat(config.get(Settings.HEARTBEAT_MS)).isEqualTo(50);
        assertThat(config.get(Settings.THREADS)).isEqualTo(Threads.ONE);
        assertThat(config.prepareQuorum()).isEqualTo(2);
        assertThat(config.acceptQuorum()).isEqualTo(2);
        assertThat(config.self()).isEqualTo(new Member(2, "a", 200));
        assertThat(config.self().clientAddress()).isEqualTo("a:201");
    }

    @Test
    void everyDefaultReadsAndEverySettingIsDescribed() {
        for (Setting<?> setting : Settings.ALL) {
            if (!setting.isRequired()) {
                assertThat(setting.read(setting.defaultText())).isNotNull();
            }
            assertThat(setting.description()).isNotBlank();
            assertThat(setting.limits()).isNotBlank();
        }
        assertThat(Settings.ALL).doesNotHaveDuplicates();
    }

    @Test
    void aFlagBeatsTheEnvironmentWhichBeatsTheFile() throws IOException {
        Path file = directory.resolve("node.properties");
        Files.writeString(file, "mtu-bytes=1408\nheartbeat-ms=10\nclients=5\n");
        NodeConfig config =
                three().file(file)
                        .environment(
                                Map.of("PAXOSLOG_MTU_BYTES", "2048", "PAXOSLOG_HEARTBEAT_MS", "11"))
                        .set(Settings.MTU_BYTES, 4096)
                        .build();
        assertThat(config.get(Settings.MTU_BYTES)).isEqualTo(4096);
        assertThat(config.get(Settings.HEARTBEAT_MS)).isEqualTo(11);
        assertThat(config.get(Settings.CLIENTS)).isEqualTo(5);
    }

    @Test
    void membersComeInTheOrderOfTheirIds() {
        NodeConfig config = three().set(Settings.MEMBERS, "3=c:1, 1=[::1]:1 ,2=b-1.x:9").build();
        assertThat(config.members())
                .isEqualTo(
                        List.of(
                                new Member(1, "[::1]", 1),
                                new Member(2, "b-1.x", 9),
                                new Member(3, "c", 1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id|0|from 1 to 65535",
                "id|two|from 1 to 65535",
                "id|4|not among the members",
                "members|1=a:100,2=a:200,2=a:300|all different",
                "members|1=a:100,2=a|1=HOST:PORT",
                "members|1=a:100,2=a:200,|1=HOST:PORT",
                "members|1=a:100,2=a:65535|1=HOST:PORT",
                "members|1=a:100,2=a:0|1=HOST:PORT",
                "members|1=a:100,2=A:101|overlap",
                "durability|fast|one of sync, async, page-cache",
                "durability|page-cache|not in this version",
                "app|kv|one of log, sequencer",
                "heartbeat-ms|51|at most 50",
                "election-timeout-ms|9|from 10",
                "accept-quorum|4|more than the 3 members",
                "prepare-quorum|1|must be more than the 3 members",
                "command-bytes|262144|room for a command",
                "open-bytes|65536|less than batch-bytes",
                "mtu-bytes|8193|multiple of 32",
                "mtu-bytes|512|from 1024",
                "term-bytes|4000000|power of two",
                "term-bytes|1048576|too small for batch-bytes",
                "segment-bytes|1048576|too small for batch-bytes",
                "threads|3|one of one, two, four",
                "idle-park-us|-1|from 1"
            })
    void aWrongValueIsNamedWithWhatWouldBeRight(String name, String value, String right) {
        Setting<?> setting = Settings.named(name).orElseThrow();
        assertThatThrownBy(() -> three().set(setting, value).build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(right)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void aQuorumOfOneIsRefusedWhereOnePowerCutWouldLoseCommands() {
        NodeConfig.Builder one =
                three().set(Settings.ACCEPT_QUORUM, 1).set(Settings.PREPARE_QUORUM, 3);
        assertThat(one.build().acceptQuorum()).isEqualTo(1);
        assertThatThrownBy(() -> one.set(Settings.DURABILITY, "async").build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("accept-quorum: 1 is refused");
        NodeConfig alone =
                three().set(Settings.ID, 1)
                        .set(Settings.MEMBERS, "1=a:100")
                        .set(Settings.DURABILITY, "async")
                        .build();
        assertThat(alone.acceptQuorum()).isEqualTo(1);
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> NodeConfig.builder().build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("id: is missing");
    }

    @Test
    void aFileThatNamesNoSettingIsRefused() throws IOException {
        Path file = directory.resolve("node.properties");
        Files.writeString(file, "heartbeat=10\n");
        assertThatThrownBy(() -> three().file(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no setting \"heartbeat\"");
        assertThatThrownBy(() -> three().file(directory.resolve("absent")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("absent");
    }

    private NodeConfig.Builder three() {
        return NodeConfig.builder()
                .set(Settings.ID, 2)
                .set(Settings.MEMBERS, THREE)
                .set(Settings.DIR, directory);
    }
}
