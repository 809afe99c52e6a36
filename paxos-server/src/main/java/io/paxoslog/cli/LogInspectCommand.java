package io.paxoslog.cli;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.log.JournalException;
import io.paxoslog.log.JournalInspector;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what the journal of a node holds. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Shows what the journal of a node holds.",
        description = {
            "Reads the journal of a node, running or not, checks every record, and shows what it"
                    + " holds. Changes nothing. The end of a running node's journal may show as"
                    + " not valid, as a record may be half written at that moment."
        },
        footer = {
            "",
            "Examples:",
            "  ./paxos log inspect data/1",
            "  ./paxos log inspect data/1 --records --from 1000",
            "  ./paxos log inspect data/1 --records --json | jq 'select(.valid == false)'"
        })
final class LogInspectCommand implements Callable<Integer> {
    private static final String ROW = "%7s %10s  %-11s %14s %14s  %-12s %9s  %s";

    @Parameters(paramLabel = "DIR", description = "directory of the node, as its --dir says")
    private Path directory;

    @Option(
            names = "--from",
            paramLabel = "N",
            defaultValue = "0",
            description = "with --records: leave out records of slots below this one")
    private long fromSlot;

    @Option(names = "--records", description = "show each record, then the summary")
    private boolean isShowingRecords;

    @Option(names = "--json", description = "print one JSON object a line")
    private boolean isJson;

    private final Terminal terminal;

    LogInspectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try {
            if (isShowingRecords && !isJson) {
                printHead();
            }
            JournalInspector.Totals totals = JournalInspector.inspect(directory, this::show);
            print(totals);
        } catch (JournalException e) {
            throw CommandFailure.failed(e.getMessage());
        } finally {
            terminal.flush();
        }
        return 0;
    }

    private void printHead() {
        terminal.println(
                ROW.formatted(
                        "segment", "byte", "type", "first", "last", "ballot", "bytes", "checksum"));
    }

    private void show(JournalInspector.Entry entry, Batch batch) {
        if (!isShowingRecords || entry.lastSlot() < fromSlot) {
            return;
        }
        terminal.println(isJson ? json(entry).toString() : row(entry));
        terminal.requireOut();
    }

    private static String row(JournalInspector.Entry entry) {
        boolean hasSlots = entry.firstSlot() > 0;
        String row =
                ROW.formatted(
                        entry.segment(),
                        entry.offset(),
                        entry.type(),
                        hasSlots ? entry.firstSlot() : "",
                        hasSlots ? entry.lastSlot() : "",
                        entry.ballot() == Ballot.NONE ? "" : Ballot.text(entry.ballot()),
                        entry.bytes(),
                        entry.valid() ? "ok" : "NOT VALID");
        return entry.decided().isEmpty() ? row : row + "  " + entry.decided();
    }

    private static Json json(JournalInspector.Entry entry) {
        return new Json()
                .put("segment", entry.segment())
                .put("byte", entry.offset())
                .put("type", entry.type())
                .put("position", entry.position())
                .put("forced", entry.forcedPosition())
                .put("first", entry.firstSlot())
                .put("last", entry.lastSlot())
                .put("ballot", entry.ballot())
                .put("origin", entry.originBallot())
                .put("timestamp_ns", entry.timestamp())
                .put("bytes", entry.bytes())
                .put("valid", entry.valid())
                .put("decided", entry.decided());
    }

    private void print(JournalInspector.Totals totals) {
        if (isJson) {
            terminal.println(json(totals).toString());
            return;
        }
        line("node", totals.node());
        line("incarnation", Long.toHexString(totals.incarnation()));
        line("segments", totals.segments());
        line("records", totals.records());
        line("not valid", totals.invalid());
        line("first slot kept", totals.firstKept());
        line("commit index", totals.commitIndex());
        line("promised", Ballot.text(totals.promised()));
        line("own ballot", Ballot.text(totals.campaigned()));
        line("bytes", totals.endPosition());
        line("proven forced", totals.forcedPosition());
        line("stopped cleanly", totals.stoppedCleanly() ? "yes" : "no, or still running");
        line("snapshots", snapshots(totals.snapshots()));
    }

    private static String snapshots(List<Long> slots) {
        return slots.isEmpty()
                ? "none"
                : slots.stream().map(slot -> "slot " + slot).collect(Collectors.joining(", "));
    }

    private void line(String name, Object value) {
        terminal.println("%-16s %s".formatted(name, value));
    }

    private static Json json(JournalInspector.Totals totals) {
        return new Json()
                .put("node", totals.node())
                .put("incarnation", Long.toHexString(totals.incarnation()))
                .put("segments", totals.segments())
                .put("records", totals.records())
                .put("invalid", totals.invalid())
                .put("first", totals.firstKept())
                .put("commit", totals.commitIndex())
                .put("promised", totals.promised())
                .put("campaigned", totals.campaigned())
                .put("end", totals.endPosition())
                .put("forced", totals.forcedPosition())
                .put("stopped_cleanly", totals.stoppedCleanly())
                .putNumbers("snapshots", totals.snapshots());
    }
}
