package io.paxoslog.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what {@code --help} shows, for those who ask for it by name. */
@Command(
        name = "help",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Shows how a command is used.",
        footer = {
            "",
            "Examples:",
            "  ./paxos help",
            "  ./paxos help append",
            "  ./paxos help log inspect"
        })
final class HelpCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description = "the command; none: which commands there are")
    private List<String> names = List.of();

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine shown = spec.commandLine().getParent();
        for (String name : names) {
            shown = within(shown, name);
        }
        shown.usage(spec.commandLine().getOut());
        return 0;
    }

    private CommandLine within(CommandLine parent, String name) {
        CommandLine found = parent.getSubcommands().get(name);
        if (found == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "there is no command '%s' in %s%s."
                            .formatted(
                                    name,
                                    parent.getCommandSpec().qualifiedName(),
                                    choices(parent)));
        }
        return found;
    }

    private static String choices(CommandLine parent) {
        return parent.getSubcommands().isEmpty()
                ? ""
                : parent.getSubcommands().keySet().stream()
                        .collect(Collectors.joining(", ", ", only ", ""));
    }
}
