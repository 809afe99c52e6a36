package io.paxoslog.bench.cluster;

import io.paxoslog.bench.report.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** Plays a matrix, contenders in turn, and notes each run. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header =
                "Plays cells, each in processes of its own, and appends a line of JSON for each run.",
        customSynopsis = "compare run [--matrix NAME] [--repeat N] [--out FILE] [SETTING]...",
        description = {
            "",
            "Each setting takes a value or several, as in --window 1,256: then every combination is"
                    + " played. Contenders take turns: A B A B. A setting given here overrules"
                    + " that of the matrix.",
            "",
            "Matrices: quick, target, windows, rates, payloads, nodes, threads, gap; or a file."
        },
        footer = {
            "",
            "Examples:",
            "  benchmarks/compare run --matrix target --repeat 5 --out target.jsonl",
            "  benchmarks/compare run --contender paxoslog,aeron-cluster --window 1,4096"
        })
final class RunCommand implements Callable<Integer> {
    private static final String MATRICES = "/matrices/";

    @Option(
            names = "--matrix",
            paramLabel = "NAME",
            description = "a matrix that comes with this, or a file")
    private String matrix;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "1",
            description = "how often each cell is played (default ${DEFAULT-VALUE})")
    private int repeat;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "compare.jsonl",
            description = "where notes are appended (default ${DEFAULT-VALUE})")
    private Path out;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "where the files of runs are made and removed (default: the directory for"
                            + " temporary files)")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(
            names = "--allow-tmpfs",
            description =
                    "accept a directory that lies in memory; such numbers say nothing about"
                            + " durability")
    private boolean isTmpfsAllowed;

    private CommandSpec spec;

    static CommandLine commandLine() {
        RunCommand command = new RunCommand();
        command.spec = CommandSpec.forAnnotatedObject(command);
        for (Key key : Key.values()) {
            command.spec.addOption(
                    OptionSpec.builder("--" + key.text())
                            .type(String.class)
                            .paramLabel("VALUE")
                            .description(key.help())
                            .build());
        }
        return new CommandLine(command.spec);
    }

    @Override
    public Integer call() {
        List<List<Cell>> groups = Matrix.read(lines(), overruling());
        if (repeat < 1) {
            throw CompareException.wrongUse(
                    "--repeat: " + repeat + " is not right; give 1 or more");
        }
        if (!isTmpfsAllowed) {
            Workspace.requireDisk(directory);
        }
        groups.forEach(
                group -> group.forEach(cell -> JavaHomes.find(cell.java(), System.getenv())));
        PrintWriter terminal = spec.commandLine().getOut();
        int failures = 0;
        for (List<Cell> group : groups) {
            for (int round = 1; round <= repeat; round++) {
                for (Cell cell : group) {
                    failures += play(cell, round, terminal) ? 0 : 1;
                }
            }
        }
        return failures == 0 ? 0 : 1;
    }

    private boolean play(Cell cell, int round, PrintWriter terminal) {
        try {
            Map<String, Object> note = Run.play(cell, directory, round);
            append(note);
            terminal.println(line(cell, note));
            ((List<?>) note.get("samples")).forEach(sample -> terminal.println("  " + sample));
            return true;
        } catch (CompareException e) {
            terminal.println(cell.title() + ": FAILED: " + e.getMessage());
            return false;
        } finally {
            terminal.flush();
        }
    }

    private static String line(Cell cell, Map<String, Object> note) {
        String line =
                String.format(
                        Locale.ROOT,
                        "%s: %,.0f/s, %s",
                        cell.title(),
                        ResultFields.number(note.get("throughput")),
                        ResultFields.text((Map<?, ?>) note.get("latency_us")));
        return cell.hasKill()
                ? line
                        + String.format(
                                Locale.ROOT,
                                ", gap %.0f ms, campaign after %s ms, leader after %s ms",
                                ResultFields.number(note.get("longest_gap_ms")),
                                whole(note.get("campaigns_after_ms")),
                                whole(note.get("leads_after_ms")))
                : line;
    }

    private static String whole(Object ms) {
        return ms == null ? "?" : Long.toString(Math.round(ResultFields.number(ms)));
    }

    private void append(Map<String, Object> note) {
        try {
            Files.writeString(
                    out,
                    Json.write(note) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw CompareException.failed(out + " cannot be written: " + e.getMessage());
        }
    }

    private Map<Key, String> overruling() {
        Map<Key, String> overruling = new EnumMap<>(Key.class);
        for (Key key : Key.values()) {
            String value = spec.findOption("--" + key.text()).getValue();
            if (value != null) {
                overruling.put(key, value);
            }
        }
        return overruling;
    }

    private List<String> lines() {
        if (matrix == null) {
            return List.of();
        }
        try (InputStream known = RunCommand.class.getResourceAsStream(MATRICES + matrix + ".txt")) {
            return known == null
                    ? Files.readAllLines(Path.of(matrix))
                    : new String(known.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw CompareException.wrongUse(
                    "--matrix: there is neither a matrix nor a readable file " + matrix);
        }
    }
}
