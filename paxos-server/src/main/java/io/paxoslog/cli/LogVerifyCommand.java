package io.paxoslog.cli;

import io.paxoslog.log.JournalException;
import io.paxoslog.log.JournalVerifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds out whether the files of a node are whole. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Finds out whether the files of a node are whole.",
        description = {
            "Reads every record and every snapshot of a node, running or not: checksums, that each"
                    + " record follows the one before, that promises, own ballots and commit"
                    + " indexes never fall, that no slot up to the commit index is missing, and"
                    + " that a snapshot holds what the journal holds no more. Takes no lock and"
                    + " changes nothing.",
            "",
            "Prints one line for each thing that is wrong: file, byte, slots, what to do. A tail"
                    + " that is torn above all that was forced, as a kill or a loss of power leaves"
                    + " it, is no damage. Nor is a damaged place whose slots stand in a later record"
                    + " or a snapshot: such places are named, too."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all well",
            "1:damaged, or not to be read",
            "2:wrong use, or no directory of a node"
        },
        footer = {
            "",
            "Examples:",
            "  ./paxos log verify data/1",
            "  ./paxos log verify data/1 --json | jq .findings"
        })
final class LogVerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "directory of the node, as its --dir says")
    private Path directory;

    @Option(names = "--json", description = "print one JSON object")
    private boolean isJson;

    private final Terminal terminal;

    LogVerifyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        JournalVerifier.Report report = verify();
        if (isJson) {
            terminal.println(json(report).toString());
        } else {
            print(report);
        }
        terminal.flush();
        if (report.isWell()) {
            return 0;
        }
        throw CommandFailure.failed(
                directory + " is damaged: " + counted(report.count(), "finding"));
    }

    private JournalVerifier.Report verify() {
        try {
            return JournalVerifier.verify(directory);
        } catch (JournalException e) {
            throw CommandFailure.of(e);
        }
    }

    private void print(JournalVerifier.Report report) {
        report.findings().forEach(finding -> terminal.println(line(finding)));
        long leftOut = report.count() - report.findings().size();
        if (leftOut > 0) {
            terminal.println("and " + counted(leftOut, "finding") + " more");
        }
        report.repaired().forEach(damage -> terminal.println(line(damage)));
        if (report.torn() != null) {
            terminal.println(
                    "%s at byte %d: the tail is torn above all that was forced; the next start"
                                    .formatted(report.torn().file(), report.torn().offset())
                            + " leaves it out, which is no damage");
        }
        terminal.println(
                "node %d: %s, %s, slots %,d to %,d chosen, %s%s"
                        .formatted(
                                report.node(),
                                counted(report.segments(), "file"),
                                counted(report.records(), "record"),
                                report.firstKept(),
                                report.commitIndex(),
                                snapshots(report.snapshots()),
                                report.isWell() ? ": all well" : ""));
    }

    private static String snapshots(List<Long> slots) {
        return slots.isEmpty()
                ? "no snapshot"
                : counted(slots.size(), "snapshot")
                        + String.format(Locale.ROOT, ", the newest of slot %,d", slots.get(0));
    }

    private static String line(JournalVerifier.Finding finding) {
        String place = finding.file().toString();
        if (finding.offset() >= 0) {
            place += " at byte " + finding.offset();
        }
        if (finding.lastSlot() > 0) {
            place +=
                    finding.firstSlot() == finding.lastSlot()
                            ? ", slot " + finding.firstSlot()
                            : ", slots " + finding.firstSlot() + " to " + finding.lastSlot();
        }
        return place + ": " + finding.what() + "; " + finding.todo();
    }

    private static String counted(long count, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
    }

    private Json json(JournalVerifier.Report report) {
        Json json =
                new Json()
                        .put("directory", directory.toString())
                        .put("well", report.isWell())
                        .put("node", report.node())
                        .put("segments", report.segments())
                        .put("records", report.records())
                        .put("first", report.firstKept())
                        .put("commit", report.commitIndex())
                        .putNumbers("snapshots", report.snapshots());
        if (report.torn() == null) {
            json.putNull("torn");
        } else {
            json.put(
                    "torn",
                    new Json()
                            .put("file", report.torn().file().toString())
                            .put("byte", report.torn().offset()));
        }
        return json.put("repaired", report.repaired().stream().map(LogVerifyCommand::json).toList())
                .put("count", report.count())
                .put("findings", report.findings().stream().map(LogVerifyCommand::json).toList());
    }

    private static Json json(JournalVerifier.Finding finding) {
        Json json = new Json().put("file", finding.file().toString());
        putOrNull(json, "byte", finding.offset(), finding.offset() >= 0);
        putOrNull(json, "first", finding.firstSlot(), finding.lastSlot() > 0);
        putOrNull(json, "last", finding.lastSlot(), finding.lastSlot() > 0);
        return json.put("what", finding.what()).put("do", finding.todo());
    }

    private static void putOrNull(Json json, String name, long value, boolean isKnown) {
        if (isKnown) {
            json.put(name, value);
        } else {
            json.putNull(name);
        }
    }
}
