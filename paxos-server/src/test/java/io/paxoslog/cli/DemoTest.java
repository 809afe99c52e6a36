package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as people run it, only shorter. */
@Tag("process")
class DemoTest {

    @Test
    void survivesItsLeaderAndLeavesNothingRunning(@TempDir Path directory) {
        String kept = directory.resolve("demo").toString();
        Cli demo = Cli.run("demo", "--seconds", "3", "--durability", "async", "--keep", kept);
        assertThat(demo.err()).isEmpty();
        assertThat(demo.exitCode()).isZero();
        assertThat(demo.out())
                .contains("kill -9 of node", "starts again", "gap at the failover")
                .contains("and every acknowledged command once")
                .doesNotContain("\r");
        assertThat(ProcessHandle.current().children()).isEmpty();
        assertThat(Cli.run("log", "inspect", kept + "/node-2").exitCode()).isZero();
        assertThat(Cli.run("demo", "--keep", kept).errLines())
                .containsExactly("paxos demo: --keep: " + kept + " is not empty");
    }
}
