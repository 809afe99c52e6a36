package io.paxoslog.cli;

import io.paxoslog.log.ChosenSlots;
import io.paxoslog.log.JournalException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares the chosen slots of two nodes. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Compares the chosen slots of two nodes.",
        description = {
            "Compares, slot by slot, what two nodes, running or not, hold in the slots that both"
                    + " know chosen: origin ballot, timestamp, kind and bytes. Takes no lock and"
                    + " changes nothing.",
            "",
            "Slots that one node has dropped behind a snapshot, or does not know chosen yet, are"
                    + " named and not compared."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:equal in every slot that both know",
            "1:some slot differs, or cannot be read",
            "2:wrong use, or no directory of a node"
        },
        footer = {
            "",
            "Examples:",
            "  ./paxos log diff data/1 data/2",
            "  ./paxos log diff data/1 data/2 --json"
        })
final class LogDiffCommand implements Callable<Integer> {
    /** Slots that only one of the nodes has. */
    private record OnlyIn(Path directory, long first, long last) {}

    @Parameters(index = "0", paramLabel = "A", description = "directory of one node")
    private Path leftDirectory;

    @Parameters(index = "1", paramLabel = "B", description = "directory of the other node")
    private Path rightDirectory;

    @Option(names = "--json", description = "print one JSON object")
    private boolean isJson;

    private final Terminal terminal;

    LogDiffCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (ChosenSlots left = ChosenSlots.open(leftDirectory);
                ChosenSlots right = ChosenSlots.open(rightDirectory)) {
            return report(LogComparison.of(left, right), onlyInOne(left, right));
        } catch (JournalException e) {
            throw CommandFailure.of(e);
        }
    }

    private List<OnlyIn> onlyInOne(ChosenSlots left, ChosenSlots right) {
        List<OnlyIn> ranges = new ArrayList<>();
        addOnlyIn(ranges, leftDirectory, left, right);
        addOnlyIn(ranges, rightDirectory, right, left);
        return ranges;
    }

    /** What is below all that the other has, and what is above it. */
    private static void addOnlyIn(
            List<OnlyIn> ranges, Path directory, ChosenSlots slots, ChosenSlots others) {
        long lastBelow = Math.min(slots.last(), others.first() - 1);
        if (slots.first() <= lastBelow) {
            ranges.add(new OnlyIn(directory, slots.first(), lastBelow));
        }
        long firstAbove = Math.max(Math.max(slots.first(), others.last() + 1), lastBelow + 1);
        if (firstAbove <= slots.last()) {
            ranges.add(new OnlyIn(directory, firstAbove, slots.last()));
        }
    }

    private int report(LogComparison comparison, List<OnlyIn> onlyInOne) {
        if (isJson) {
            terminal.println(json(comparison, onlyInOne).toString());
        } else {
            print(comparison, onlyInOne);
        }
        terminal.flush();
        if (comparison.differing() == 0) {
            return 0;
        }
        throw CommandFailure.failed(
                "%s and %s differ, first at slot %d"
                        .formatted(leftDirectory, rightDirectory, comparison.firstDiffering()));
    }

    private void print(LogComparison comparison, List<OnlyIn> onlyInOne) {
        if (comparison.compared() == 0) {
            terminal.println("no slot is known chosen in both");
        } else if (comparison.differing() == 0) {
            terminal.println(
                    "slots %,d to %,d are equal".formatted(comparison.first(), comparison.last()));
        } else {
            terminal.println(
                    "%,d of the slots %,d to %,d differ, the first is slot %d"
                            .formatted(
                                    comparison.differing(),
                                    comparison.first(),
                                    comparison.last(),
                                    comparison.firstDiffering()));
            terminal.println("  " + leftDirectory + ": " + comparison.leftValue());
            terminal.println("  " + rightDirectory + ": " + comparison.rightValue());
        }
        for (OnlyIn range : onlyInOne) {
            terminal.println(
                    "slots %,d to %,d are in %s only"
                            .formatted(range.first(), range.last(), range.directory()));
        }
    }

    private static Json json(LogComparison comparison, List<OnlyIn> onlyInOne) {
        Json json =
                new Json()
                        .put("equal", comparison.differing() == 0)
                        .put("compared", comparison.compared())
                        .put("first", comparison.first())
                        .put("last", comparison.last())
                        .put("differing", comparison.differing());
        if (comparison.differing() == 0) {
            json.putNull("firstDiffering");
        } else {
            json.put("firstDiffering", comparison.firstDiffering());
        }
        return json.put("onlyIn", onlyInOne.stream().map(LogDiffCommand::json).toList());
    }

    private static Json json(OnlyIn range) {
        return new Json()
                .put("directory", range.directory().toString())
                .put("first", range.first())
                .put("last", range.last());
    }
}
