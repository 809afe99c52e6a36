package io.paxoslog.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry of the command line: names the commands and turns every failure into one line. */
@Command(
        name = "paxos",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "A replicated log: several nodes agree on one order of commands.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong use",
            "3:no leader, or not in time; the outcome may be unknown"
        },
        footer = {"", "Examples:", "  ./paxos demo", "  ./paxos node --help"})
public final class Main implements Runnable {

    @Spec private CommandSpec spec;

    private Main() {}

    /** Runs one command and exits the JVM with its exit code. */
    public static void main(String[] args) {
        StopSignal stop = new StopSignal();
        stop.install();
        stop.exit(commandLine(Terminal.ofProcess(stop)).execute(args));
    }

    static CommandLine commandLine(Terminal terminal) {
        CommandLine log =
                new CommandLine(new LogCommand()).addSubcommand(new LogInspectCommand(terminal));
        return new CommandLine(new Main())
                .addSubcommand(new DemoCommand(terminal))
                .addSubcommand(NodeCommand.commandLine(terminal))
                .addSubcommand(new AppendCommand(terminal))
                .addSubcommand(new TailCommand(terminal))
                .addSubcommand(new BenchCommand(terminal))
                .addSubcommand(new StatusCommand(terminal))
                .addSubcommand(log)
                .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(terminal.err())
                .setParameterExceptionHandler(Main::reportWrongUse)
                .setExecutionExceptionHandler(
                        (failure, command, parsed) -> reportFailure(failure, command));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    private static int reportWrongUse(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + failure.getMessage() + " Try: " + name + " --help");
        return CommandLine.ExitCode.USAGE;
    }

    private static int reportFailure(Exception failure, CommandLine command) {
        String reason = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + reason);
        return failure instanceof CommandFailure known
                ? known.exitCode()
                : CommandLine.ExitCode.SOFTWARE;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"PaxosLog " + (version == null ? "(not packaged)" : version)};
        }
    }
}
