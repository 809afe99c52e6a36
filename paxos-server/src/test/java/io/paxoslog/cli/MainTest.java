package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpShowsUsageAndExitCodes() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("Usage: paxos", "2   wrong use");
    }

    @Test
    void versionNamesTheProduct() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("PaxosLog ");
    }

    @Test
    void wrongOptionIsOneLineAndExitCodeTwo() {
        assertThat(run("--colour")).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly("paxos: Unknown option: '--colour' Try: paxos --help");
    }

    @Test
    void missingCommandIsWrongUse() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
    }

    private int run(String... args) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(args);
    }
}
