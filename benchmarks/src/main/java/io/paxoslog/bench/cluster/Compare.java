package io.paxoslog.bench.cluster;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program behind {@code benchmarks/compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        usageHelpWidth = 100,
        header =
                "Measures PaxosLog beside Aeron Cluster and beside what the transport itself costs.",
        synopsisSubcommandLabel = "COMMAND")
public final class Compare implements Runnable {
    @Spec private CommandSpec spec;

    private Compare() {}

    /**
     * Runs a command; 0 when all went well, 1 when something failed, 2 when it was asked wrongly.
     */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = new CommandLine(new Compare());
        line.addSubcommand("run", RunCommand.commandLine());
        line.addSubcommand("report", new ReportCommand());
        line.addSubcommand("stalls", new StallsCommand());
        line.addSubcommand("restart", new RestartCommand());
        line.addSubcommand("restart-node", new RestartNodeCommand());
        line.addSubcommand("node", new NodeCommand());
        line.addSubcommand("client", new ClientCommand());
        return line.setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((failure, rest) -> reportWrongUse(failure))
                .setExecutionExceptionHandler(
                        (failure, command, parsed) -> reportFailure(failure, command))
                .execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    private static int reportWrongUse(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + failure.getMessage() + " Try: " + name + " --help");
        return CommandLine.ExitCode.USAGE;
    }

    private static int reportFailure(Exception failure, CommandLine command) {
        String reason = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + reason);
        return failure instanceof CompareException known && known.isWrongUse()
                ? CommandLine.ExitCode.USAGE
                : CommandLine.ExitCode.SOFTWARE;
    }
}
