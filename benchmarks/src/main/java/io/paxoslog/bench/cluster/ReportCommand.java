package io.paxoslog.bench.cluster;

import io.paxoslog.bench.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a report of what runs have noted. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Writes tables with medians and ratios, and plots, from the notes of runs.")
final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "what compare run has written")
    private List<Path> files;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "compare-report",
            description = "where the report is written (default ${DEFAULT-VALUE})")
    private Path out;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            int notes = Report.write(files, out);
            spec.commandLine().getOut().printf("%d runs: %s%n", notes, out.resolve(Report.PAGE));
            return 0;
        } catch (IllegalArgumentException e) {
            throw CompareException.wrongUse(e.getMessage());
        } catch (IOException e) {
            throw CompareException.wrongUse("cannot be read or written: " + e.getMessage());
        }
    }
}
