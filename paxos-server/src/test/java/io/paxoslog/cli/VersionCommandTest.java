package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.server.NodeConfig;
import io.paxoslog.server.PaxosLog;
import io.paxoslog.server.PaxosNode;
import io.paxoslog.server.Settings;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An operator looks at versions and raises them, on real nodes. */
@Timeout(180)
class VersionCommandTest {
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir Path directory;

    private final List<Integer> ports = FreePorts.find(2);
    private final List<PaxosNode> nodes = new ArrayList<>();

    /** Knows versions up to one. */
    private record Machine(int newestVersion) implements StateMachine {
        @Override
        public void apply(Entry entry, Reply reply) {
            reply.resize(Integer.BYTES).putInt(0, entry.version());
        }
    }

    private String address(int id) {
        return "127.0.0.1:" + ports.get(id - 1);
    }

    private void launch(int id, int newestVersion) {
        NodeConfig config =
                NodeConfig.builder()
                        .set(Settings.ID, id)
                        .set(Settings.MEMBERS, "1=" + address(1) + ",2=" + address(2))
                        .set(Settings.DIR, directory.resolve("node-" + id))
                        .build();
        nodes.add(PaxosLog.launch(config, new Machine(newestVersion)));
    }

    @AfterEach
    void stop() {
        nodes.forEach(PaxosNode::close);
        nodes.clear();
    }

    private void awaitApplied(long slot) {
        long deadline = System.nanoTime() + DEADLINE_NS;
        while (!nodes.stream().allMatch(n -> n.appliedIndex() >= slot && n.leader() != 0)) {
            assertThat(System.nanoTime()).as("applied in time").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** A leader of a moment ago may not have heard of all members what they know. */
    private Cli setOnceItIsTold() {
        long deadline = System.nanoTime() + DEADLINE_NS;
        Cli set = version("set", "--app", "2");
        while (set.exitCode() != 0 && System.nanoTime() < deadline) {
            set = version("set", "--app", "2");
        }
        return set;
    }

    private Cli version(String... arguments) {
        List<String> all = new ArrayList<>(List.of("version"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--members", address(1), "--timeout", "60"));
        return Cli.run(all.toArray(String[]::new));
    }

    @Test
    void showsWhatIsKnownAndRaisesItOnceAllKnowIt() {
        launch(1, 1);
        launch(2, 1);
        awaitApplied(1);
        Cli before = version("set", "--system", "3");
        assertThat(before.exitCode()).as(before.err()).isZero();
        assertThat(before.out())
                .startsWith(
                        "before already: system version 3, application version 1, agreed from slot"
                                + " 2 on, by the entry at slot 1");

        Cli refused = version("set", "--app", "2");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains(
                        "not all members know system version 3, application version 2: node 1"
                                + " knows system version 3, application version 1, node 2 knows"
                                + " system version 3, application version 1");
        assertThat(version("set", "--system", "1").err()).contains("never taken back");

        stop();
        launch(1, 2);
        launch(2, 2);
        awaitApplied(1);
        Cli shown = version();
        assertThat(shown.out())
                .contains("system version 3, application version 1, agreed from slot 2 on")
                .contains("1 to 3   1 to 2")
                .contains("all nodes know more: system version 3, application version 2");

        Cli set = setOnceItIsTold();
        assertThat(set.exitCode()).as(set.err()).isZero();
        assertThat(set.out())
                .contains("there is no way back")
                .contains("system version 3, application version 2, agreed from slot ");
        assertThat(version("--json").out())
                .contains("\"agreed\":{\"system\":3,\"application\":2,\"entry\":")
                .contains("\"newestApplication\":2");
        assertThat(version("set", "--app", "2", "--json").out()).contains("\"wasAgreed\":true");

        stop();
        assertThatThrownBy(() -> launch(1, 1))
                .hasMessageContaining("the cluster agreed on application version 2 at slot ");
    }

    @Test
    void refusesWhatIsNoVersion() {
        assertThat(version("set").exitCode()).isEqualTo(2);
        assertThat(version("set").err()).contains("give --system N, --app N, or both");
        assertThat(version("set", "--app", "0").err())
                .contains("--app: a version from 1 to 268435456, not 0");
    }
}
