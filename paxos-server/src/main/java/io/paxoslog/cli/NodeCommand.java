package io.paxoslog.cli;

import io.paxoslog.server.ConfigException;
import io.paxoslog.server.Member;
import io.paxoslog.server.NodeConfig;
import io.paxoslog.server.PaxosLog;
import io.paxoslog.server.PaxosNode;
import io.paxoslog.server.Setting;
import io.paxoslog.server.Settings;
import io.paxoslog.server.StartException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** Runs one node until it is told to stop. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Runs one node.",
        customSynopsis = {
            "paxos node --id N --members 1=HOST:PORT,2=HOST:PORT,3=HOST:PORT --dir DIR [SETTING]...",
            "paxos node --id N --address HOST:PORT --join HOST:PORT,HOST:PORT --dir DIR [SETTING]..."
        },
        description = {
            "Prints one line when the node takes part, and stops cleanly on SIGTERM or Ctrl-C.",
            "",
            "Each setting is a flag, a variable of the environment (--election-timeout-ms is"
                    + " PAXOSLOG_ELECTION_TIMEOUT_MS) or a line of a properties file"
                    + " (election-timeout-ms=150); the first of these that names it holds. What is"
                    + " refused names where it came from.",
            "",
            "A size that follows another is as large as that one needs it, unless it is given."
        },
        footer = {
            "",
            "Examples:",
            "  Three nodes on one machine, each in a terminal of its own:",
            "    M=1=127.0.0.1:9010,2=127.0.0.1:9020,3=127.0.0.1:9030",
            "    ./paxos node --id 1 --members $M --dir data/1",
            "    ./paxos node --id 2 --members $M --dir data/2",
            "    ./paxos node --id 3 --members $M --dir data/3",
            "",
            "  A new cluster takes commands once every member has been up; after that a majority"
                    + " is enough.",
            "",
            "  A fourth one, that waits until it is added to them (paxos members add):",
            "    ./paxos node --id 4 --address 127.0.0.1:9040 --join 127.0.0.1:9010 --dir data/4",
            "",
            "  Settings from a file, one of them overruled:",
            "    ./paxos node --config node1.properties --durability async"
        })
final class NodeCommand implements Callable<Integer> {
    /** Begins the line that says that the node takes part. */
    static final String READY = "ready: node ";

    /** Stops the node when its standard input ends, so that it does not outlive its parent. */
    static final String STOP_AT_END_OF_INPUT = "--stop-at-end-of-input";

    private static final Map<Setting<?>, String> LABELS =
            Map.of(
                    Settings.ID,
                    "N",
                    Settings.MEMBERS,
                    "N=HOST:PORT,...",
                    Settings.ADDRESS,
                    "HOST:PORT",
                    Settings.BIND,
                    "HOST[:PORT]",
                    Settings.JOIN,
                    "HOST:PORT,...",
                    Settings.DIR,
                    "DIR",
                    Settings.AERON_PARENT,
                    "DIR");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "properties file with settings, one name=value a line")
    private Path configFile;

    @Option(names = STOP_AT_END_OF_INPUT, hidden = true)
    private boolean isStoppedAtEndOfInput;

    private final Terminal terminal;
    private CommandSpec spec;

    private NodeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    static CommandLine commandLine(Terminal terminal) {
        NodeCommand command = new NodeCommand(terminal);
        command.spec = CommandSpec.forAnnotatedObject(command);
        Settings.ALL.forEach(setting -> command.spec.addOption(optionOf(setting)));
        return new CommandLine(command.spec);
    }

    private static OptionSpec optionOf(Setting<?> setting) {
        return OptionSpec.builder("--" + setting.name())
                .type(String.class)
                .paramLabel(labelOf(setting))
                .description(describe(setting))
                .build();
    }

    private static String labelOf(Setting<?> setting) {
        if (!setting.unit().isEmpty()) {
            return setting.unit().toUpperCase(Locale.ROOT);
        }
        return LABELS.getOrDefault(setting, "CHOICE");
    }

    private static String describe(Setting<?> setting) {
        String standard = setting.defaultText();
        String suffix = standard == null || standard.isEmpty() ? "" : "; default " + standard;
        if (setting.follows() != null) {
            suffix += ", and follows " + setting.follows();
        }
        return (setting.description() + " (" + setting.limits() + suffix + ")").replace("%", "%%");
    }

    @Override
    public Integer call() throws InterruptedException {
        NodeConfig config = readConfig();
        StopSignal stop = terminal.stop();
        if (isStoppedAtEndOfInput) {
            startThread("end-of-input", () -> awaitEndOfInput(stop));
        }
        PaxosNode node = stop.isRaised() ? null : launch(config, stop);
        if (node == null) {
            return 0;
        }
        startThread("end-of-node", () -> awaitEndOf(node, stop));
        terminal.println(readyLine(config));
        terminal.flush();
        if (!terminal.isOutLost()) {
            stop.await();
        }
        node.close();
        // The node itself has said why it stopped, if nobody asked it to.
        if (node.awaitStop().isEmpty()) {
            return 0;
        }
        if (node.isRemoved()) {
            return CommandFailure.REMOVED;
        }
        return node.needsOperator() ? CommandFailure.NEEDS_OPERATOR : CommandFailure.FAILED;
    }

    /** Null when the process was told to stop meanwhile. */
    private static PaxosNode launch(NodeConfig config, StopSignal stop) {
        try {
            return PaxosLog.launch(config, config.get(Settings.APP)::create);
        } catch (StartException e) {
            if (stop.isRaised() && !e.needsOperator()) {
                // A JVM that stops refuses what libraries do when they are first used.
                return null;
            }
            throw e.needsOperator()
                    ? CommandFailure.needsOperator(e.getMessage())
                    : CommandFailure.failed(e.getMessage());
        }
    }

    private static void startThread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void awaitEndOfInput(StopSignal stop) {
        try {
            terminal.in().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            terminal.err().println("standard input cannot be read: " + e.getMessage());
        }
        stop.raise();
    }

    private static void awaitEndOf(PaxosNode node, StopSignal stop) {
        try {
            node.awaitStop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stop.raise();
    }

    private static String readyLine(NodeConfig config) {
        Member self = config.self();
        return READY
                + "%d %s, peers at %s, clients at %s%s, data in %s, durability %s"
                        .formatted(
                                self.id(),
                                config.isJoining() ? "joins" : "of " + config.members().size(),
                                self.peerAddress(),
                                self.clientAddress(),
                                config.get(Settings.BIND).isEmpty()
                                        ? ""
                                        : ", listens at " + config.get(Settings.BIND),
                                config.get(Settings.DIR),
                                Setting.nameOf(config.get(Settings.DURABILITY)));
    }

    private NodeConfig readConfig() {
        NodeConfig.Builder builder = NodeConfig.builder();
        try {
            builder.environment(terminal.environment());
            if (configFile != null) {
                builder.file(configFile);
            }
            for (Setting<?> setting : Settings.ALL) {
                String value = spec.findOption("--" + setting.name()).getValue();
                if (value != null) {
                    builder.flag(setting, value);
                }
            }
            return builder.build();
        } catch (ConfigException e) {
            throw CommandFailure.wrongUse(e.getMessage());
        }
    }
}
