package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every setting is read, limited, and refused with a line that says what would be right. */
class NodeConfigTest {
    private static NodeConfig.Builder bound(String bind) {
        return NodeConfig.builder()
                .set(Settings.ID, 1)
                .set(Settings.MEMBERS, "1=outside:9000")
                .set(Settings.DIR, "d")
                .set(Settings.BIND, bind);
    }

    @Test
    void listensAtItsAddressUnlessItIsBoundElsewhere() {
        assertThat(bound("").build().listens()).hasToString("1=outside:9000");
        assertThat(bound("10.0.0.7").build().listens()).hasToString("1=10.0.0.7:9000");
        assertThat(bound("[::1]").build().listens()).hasToString("1=[::1]:9000");
        assertThat(bound("10.0.0.7:9100").build().listens()).hasToString("1=10.0.0.7:9100");
        assertThat(bound("[::1]:9100").build().listens()).hasToString("1=[::1]:9100");
        assertThat(bound("10.0.0.7:9100").build().self()).hasToString("1=outside:9000");
        for (String wrong : new String[] {"a b", ":9", "h:0", "h:65535", "::1"}) {
            assertThatThrownBy(bound(wrong)::build)
                    .as(wrong)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("bind: ");
        }
    }

    @Test
    void aVoterIsMissedForLongBeforeItIsReplaced() {
        NodeConfig.Builder builder = bound("").set(Settings.REPLACE_AFTER_MS, 1_499);
        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("replace-after-ms: 1499 is less than ten times")
                .hasMessageContaining("at least 1500");
        builder.set(Settings.REPLACE_AFTER_MS, 1_500).build();
        builder.set(Settings.REPLACE_AFTER_MS, 0).build();
    }

    @Test
    void aLeaseIsNoLongerThanOthersWaitForALeader() {
        NodeConfig.Builder builder = bound("");
        for (int wrong : new int[] {1, 99, 151}) {
            assertThatThrownBy(() -> builder.set(Settings.LEASE_MS, wrong).build())
                    .as("" + wrong)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith(
                            "lease-ms: %d is not from two heartbeats to election-timeout-ms; 0 for"
                                    + " none, or 100 to 150",
                            wrong);
        }
        builder.set(Settings.LEASE_MS, 150).build();
        builder.set(Settings.LEASE_MS, 100).build();
        builder.lease(Duration.ZERO).build();
    }

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
    void whatWasGivenIsShownInOneLineWhateverItHolds() {
        assertThatThrownBy(
                        () ->
                                three().environment(Map.of("PAXOSLOG_CLIENTS", "a\n\u2028b\u0006"))
                                        .build())
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("clients: \"a\\u000a\\u2028b\\u0006\" is not");
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
                "durability|fast|one of sync, async, page-cache (set by the program)",
                "durability|page_cach|one of sync, async, page-cache",
                "app|kv|app: kv is in module paxos-kv, which is not on the class path",
                "app|etcd|one of log, sequencer",
                "heartbeat-ms|51|at most 50",
                "election-timeout-ms|9|from 10",
                "accept-quorum|4|more than the 3 members",
                "prepare-quorum|1|must be more than the 3 members",
                "batch-bytes|131072|too small for command-bytes, which is 131072; at least 131136",
                "open-bytes|65536|too small for batch-bytes, which is 262144; at least 262144",
                "reads|0|from 1 to 16777216",
                "read-bytes|65536|too small for command-bytes, which is 131072; at least 131084",
                "mtu-bytes|8193|multiple of 32",
                "mtu-bytes|512|from 1024",
                "term-bytes|4000000|power of two",
                "term-bytes|1048576|too small for batch-bytes, which is 262144; at least 4194304",
                "segment-bytes|1048576|too small for batch-bytes, which is 262144; at least"
                        + " 2101248",
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
                .hasMessage(
                        file
                                + " line 1: there is no setting \"heartbeat\"; did you mean"
                                + " heartbeat-ms?");
        assertThatThrownBy(() -> three().file(directory.resolve("absent")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("absent");
    }

    @Test
    void aRefusalSaysOnWhichLineOfWhichFileTheValueStands() throws IOException {
        Path file = directory.resolve("node.properties");
        Files.writeString(
                file, "# times\n\nclients = \\\n  5\nheartbeat-ms: 70\n\n!x=1\nmtu-bytes 7\n");
        assertThatThrownBy(() -> three().file(file).build())
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith(
                        "(heartbeat-ms from " + file + " line 5, election-timeout-ms by default)");
        assertThatThrownBy(() -> three().file(file).set(Settings.HEARTBEAT_MS, 7).build())
                .hasMessageStartingWith("mtu-bytes: 7 ")
                .hasMessageEndingWith("(from " + file + " line 8)");
        assertThatThrownBy(() -> three().environment(Map.of("PAXOSLOG_CLIENTS", "many")).build())
                .hasMessageEndingWith("(from PAXOSLOG_CLIENTS)");
        assertThatThrownBy(() -> three().flag(Settings.CLIENTS, "0").build())
                .hasMessageEndingWith("(from --clients)");
    }

    @Test
    void aKeyThatStandsTwiceInAFileIsRefusedWithBothLines() throws IOException {
        Path file = directory.resolve("node.properties");
        Files.writeString(file, "clients=5\nheartbeat-ms=10\n\n  clients : 5\n");
        assertThatThrownBy(() -> three().file(file))
                .isInstanceOf(ConfigException.class)
                .hasMessage(file + ": clients stands there twice, on lines 1 and 4; leave one");
    }

    @Test
    void aFileThatIsNoTextIsRefused() throws IOException {
        Path file = directory.resolve("node.properties");
        Files.write(file, new byte[] {'d', 'i', 'r', '=', (byte) 0xE4, '\n'});
        assertThatThrownBy(() -> three().file(file)).hasMessage(file + ": is not UTF-8 text");
        Files.writeString(file, "clients=5\ndir=\\u12\n");
        assertThatThrownBy(() -> three().file(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(file + " line 2: ");
    }

    @Test
    void aVariableThatIsNoSettingIsRefusedWithTheOneThatWasMeant() {
        assertThatThrownBy(() -> three().environment(Map.of("PAXOSLOG_ELECTON_TIMEOUT_MS", "200")))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("did you mean PAXOSLOG_ELECTION_TIMEOUT_MS?");
        assertThatThrownBy(() -> three().environment(Map.of("PAXOSLOG_COLOUR", "red")))
                .hasMessageContaining("there are PAXOSLOG_ID, PAXOSLOG_MEMBERS");
        assertThat(three().environment(Map.of("PAXOS", "1", "PATH", "x")).build()).isNotNull();
    }

    @Test
    void aValueThatLostBytesOnTheWayIsRefused() {
        assertThatThrownBy(() -> three().set(Settings.DIR, "donn\uFFFDes").build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("try LC_ALL=C.UTF-8");
    }

    @Test
    void sizesThatHangOnALimitRiseWithIt() {
        NodeConfig config = three().commandBytes(1 << 20).build();
        assertThat(config.get(Settings.BATCH_BYTES)).isEqualTo((1 << 20) + 64);
        assertThat(config.get(Settings.TERM_BYTES)).isEqualTo(16 << 20);
        assertThat(config.get(Settings.OPEN_BYTES)).isEqualTo(16 << 20);
        assertThat(config.get(Settings.SEGMENT_BYTES)).isEqualTo(64 << 20);
        NodeConfig batches = three().batchBytes(4 << 20).build();
        assertThat(batches.get(Settings.TERM_BYTES)).isEqualTo(64 << 20);
        assertThat(three().commandBytes(10).build().get(Settings.BATCH_BYTES)).isEqualTo(256 << 10);
    }

    @Test
    void everyLimitMayBeRaisedToItsEndAlone() {
        for (int command = 1; command <= 1 << 20; command = command * 2 + 1) {
            assertThat(three().commandBytes(command).build().get(Settings.COMMAND_BYTES))
                    .isEqualTo(command);
        }
        for (int batch = 256 << 10; batch <= 4 << 20; batch += 100_000) {
            assertThat(three().batchBytes(batch).build().get(Settings.BATCH_BYTES))
                    .isEqualTo(batch);
        }
        assertThat(three().openBytes(256 << 20).build()).isNotNull();
    }

    @Test
    void aSizeThatIsSaidIsNeverChangedForAnother() {
        assertThatThrownBy(() -> three().commandBytes(1 << 20).batchBytes(1 << 20).build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("at least 1048640, or leave it out");
        assertThatThrownBy(
                        () ->
                                three().commandBytes(1 << 20)
                                        .set(Settings.TERM_BYTES, 8 << 20)
                                        .build())
                .hasMessageContaining("at least 16777216, or leave it out")
                .hasMessageEndingWith(
                        "(term-bytes set by the program, batch-bytes as command-bytes needs it)");
    }

    @Test
    void aCommandWhoseEchoWouldBeTooLargeAReplyIsRefused() {
        NodeConfig.Builder echo = three().set(Settings.APP, App.SEQUENCER);
        assertThat(echo.commandBytes(163_824).build()).isNotNull();
        assertThatThrownBy(() -> echo.commandBytes(163_825).build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("more than app sequencer can echo; at most 163824");
    }

    @Test
    void aProgramSaysSettingsInTypesOfTheirOwn() {
        NodeConfig config =
                NodeConfig.builder()
                        .id(2)
                        .members(new Member(1, "a", 100), new Member(2, "a", 200))
                        .dir(directory)
                        .durability(Durability.ASYNC)
                        .electionTimeout(Duration.ofSeconds(1))
                        .heartbeat(Duration.ofMillis(100))
                        .syncInterval(Duration.ofMillis(5))
                        .priority(10)
                        .handOver(Duration.ofSeconds(2))
                        .quorums(2, 2)
                        .openSlots(100)
                        .openBytes(1 << 20)
                        .batchBytes(1 << 19)
                        .clients(9)
                        .threads(Threads.TWO)
                        .idle(Idle.YIELD)
                        .build();
        assertThat(config.members())
                .containsExactly(new Member(1, "a", 100), new Member(2, "a", 200));
        assertThat(config.get(Settings.DIR)).isEqualTo(directory);
        assertThat(config.get(Settings.DURABILITY)).isEqualTo(Durability.ASYNC);
        assertThat(config.get(Settings.ELECTION_TIMEOUT_MS)).isEqualTo(1000);
        assertThat(config.get(Settings.HEARTBEAT_MS)).isEqualTo(100);
        assertThat(config.get(Settings.SYNC_INTERVAL_MS)).isEqualTo(5);
        assertThat(config.get(Settings.PRIORITY)).isEqualTo(10);
        assertThat(config.get(Settings.HAND_OVER_MS)).isEqualTo(2000);
        assertThat(config.get(Settings.OPEN_SLOTS)).isEqualTo(100);
        assertThat(config.get(Settings.OPEN_BYTES)).isEqualTo(1 << 20);
        assertThat(config.get(Settings.BATCH_BYTES)).isEqualTo(1 << 19);
        assertThat(config.get(Settings.CLIENTS)).isEqualTo(9);
        assertThat(config.get(Settings.THREADS)).isEqualTo(Threads.TWO);
        assertThat(config.get(Settings.IDLE)).isEqualTo(Idle.YIELD);
        assertThat(three().members("1=b:1,2=b:3").build().self().host()).isEqualTo("b");
    }

    @Test
    void whatAProgramSaysWrongIsNamed() {
        assertThatThrownBy(() -> three().electionTimeout(Duration.ofNanos(1_500_000)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("election-timeout-ms: PT0.0015S is no whole number of milliseconds");
        assertThatThrownBy(
                        () -> three().electionTimeout(Duration.ofSeconds(Long.MAX_VALUE)).build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is not a whole number from 10 to 60000");
        assertThatThrownBy(() -> three().electionTimeout(Duration.ofMillis(-200)).build())
                .hasMessageContaining("\"-200\" is not a whole number");
        assertThatThrownBy(() -> three().heartbeat(null))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("heartbeat-ms: is null; give a whole number from 1");
        assertThatThrownBy(() -> three().dir(null))
                .hasMessageStartingWith("dir: is null; give a path");
    }

    private NodeConfig.Builder three() {
        return NodeConfig.builder()
                .set(Settings.ID, 2)
                .set(Settings.MEMBERS, THREE)
                .set(Settings.DIR, directory);
    }
}
