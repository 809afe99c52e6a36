package io.paxoslog.cli;

import io.paxoslog.server.PaxosLog;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

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
            "3:no leader, or not in time; the outcome may be unknown",
            "4:status: the cluster serves, but a member is missing or behind",
            "5:node: another start would end the same way; see the line, and docs/operations.md",
            "6:node: it is no member any more; the cluster goes on without it",
            "141:nobody reads the output any more"
        },
        footer = {"", "Examples:", "  ./paxos demo", "  ./paxos help node"})
public final class Main implements Runnable {

    @Spec private CommandSpec spec;

    private Main() {}

    /** Runs one command and exits the JVM with its exit code. */
    public static void main(String[] args) {
        StopSignal stop = new StopSignal();
        // First of all: what was not given must not be taken for what is opened from here on.
        Terminal terminal = Terminal.ofProcess(stop);
        stop.install();
        stop.exit(run(terminal, args));
    }

    private static int run(Terminal terminal, String[] args) {
        try {
            return commandLine(terminal).execute(Arguments.ofProcess(args));
        } catch (CommandFailure e) {
            terminal.err().println("paxos: " + e.getMessage());
            return e.exitCode();
        }
    }

    static CommandLine commandLine(Terminal terminal) {
        CommandLine log =
                new CommandLine(new LogCommand())
                        .addSubcommand(new LogInspectCommand(terminal))
                        .addSubcommand(new LogVerifyCommand(terminal))
                        .addSubcommand(new LogDiffCommand(terminal));
        CommandLine limits =
                new CommandLine(new LimitsCommand(terminal))
                        .addSubcommand(new LimitsSetCommand(terminal));
        CommandLine version =
                new CommandLine(new VersionCommand(terminal))
                        .addSubcommand(new VersionSetCommand(terminal));
        CommandLine members =
                new CommandLine(new MembersCommand())
                        .addSubcommand(new MembersListCommand(terminal))
                        .addSubcommand(new MembersAddCommand(terminal))
                        .addSubcommand(new MembersRemoveCommand(terminal))
                        .addSubcommand(new MembersReplaceCommand(terminal))
                        .addSubcommand(new MembersSetCommand(terminal))
                        .addSubcommand(new MembersPromoteCommand(terminal))
                        .addSubcommand(new MembersDemoteCommand(terminal))
                        .addSubcommand(new MembersAddressCommand(terminal))
                        .addSubcommand(new MembersZoneCommand(terminal))
                        .addSubcommand(new MembersQuorumsCommand(terminal))
                        .addSubcommand(new MembersGiveUpCommand(terminal))
                        .addSubcommand(new MembersTransferCommand(terminal));
        CommandLine main =
                new CommandLine(new Main())
                        .addSubcommand(new DemoCommand(terminal))
                        .addSubcommand(NodeCommand.commandLine(terminal))
                        .addSubcommand(new AppendCommand(terminal))
                        .addSubcommand(new TailCommand(terminal))
                        .addSubcommand(ShellCommand.commandLine(terminal, new MapLanguage()))
                        .addSubcommand(new BenchCommand(terminal))
                        .addSubcommand(new StatusCommand(terminal))
                        .addSubcommand(new SnapshotCommand(terminal))
                        .addSubcommand(new BackupCommand(terminal))
                        .addSubcommand(new RestoreCommand(terminal))
                        .addSubcommand(new RecoverCommand(terminal))
                        .addSubcommand(new SkipCommand(terminal))
                        .addSubcommand(new RetryCommand(terminal))
                        .addSubcommand(limits)
                        .addSubcommand(version)
                        .addSubcommand(members)
                        .addSubcommand(log)
                        .addSubcommand(new HelpCommand());
        ServiceLoader.load(ShellLanguage.class)
                .forEach(
                        language ->
                                main.addSubcommand(ShellCommand.commandLine(terminal, language)));
        return main.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(terminal.err())
                // A command to append may begin with @.
                .setExpandAtFiles(false)
                .registerConverter(Path.class, Main::readPath)
                .setParameterExceptionHandler(Main::reportWrongUse)
                .setExecutionExceptionHandler(
                        (failure, command, parsed) -> reportFailure(failure, command))
                .setExecutionStrategy(parsed -> execute(terminal, parsed));
    }

    private static Path readPath(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException(
                    "'"
                            + text
                            + "' is not a path in this locale, whose encoding is "
                            + System.getProperty("sun.jnu.encoding")
                            + "; try LC_ALL=C.UTF-8");
        }
    }

    /** Every command prints, and none is done as long as what it printed got nowhere. */
    private static int execute(Terminal terminal, ParseResult parsed) {
        int exitCode = terminal.isOutLost() ? 0 : new RunLast().execute(parsed);
        terminal.flush();
        if (!terminal.isOutLost()) {
            return exitCode;
        }
        int lost = reportFailure(CommandFailure.outputLost(terminal.out()), last(parsed));
        return exitCode == 0 ? lost : exitCode;
    }

    private static CommandLine last(ParseResult parsed) {
        return parsed.hasSubcommand()
                ? last(parsed.subcommand())
                : parsed.commandSpec().commandLine();
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
        if (!reason.isEmpty()) {
            command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + reason);
        }
        return failure instanceof CommandFailure known
                ? known.exitCode()
                : CommandLine.ExitCode.SOFTWARE;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"PaxosLog " + PaxosLog.build()};
        }
    }
}
