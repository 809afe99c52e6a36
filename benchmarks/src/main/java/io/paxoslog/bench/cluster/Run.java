package io.paxoslog.bench.cluster;

import io.paxoslog.bench.contender.Contender;
import io.paxoslog.bench.report.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Plays one cell once: nodes, client, kill, counters; and gives a note of it. */
final class Run {
    private static final long START_MS = TimeUnit.SECONDS.toMillis(120);
    private static final long MARGIN_MS = TimeUnit.SECONDS.toMillis(120);
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_S = 1e9;

    private final Cell cell;
    private final Workspace workspace;
    private final Path javaHome;
    private final List<Integer> ports;
    private final List<ChildProcess> processes = new ArrayList<>();
    private final List<Counters> beginning = new ArrayList<>();
    private final List<Counters> end = new ArrayList<>();
    private final List<Object> samples = new ArrayList<>();
    private SystemCalls systemCalls;
    private int leader = -1;
    private int killed = -1;
    private int away = -1;
    private long begunNs;
    private ChildProcess back;
    private long backNs;
    private long killedNs;

    private Run(Cell cell, Workspace workspace, Path javaHome) {
        this.cell = cell;
        this.workspace = workspace;
        this.javaHome = javaHome;
        ports = FreePorts.find(cell.nodes());
        systemCalls = SystemCalls.none();
    }

    /**
     * Returns the note.
     *
     * @param parent directory on a disk, in which the files of the run are made and removed
     * @throws CompareException when the run came to nothing
     */
    static Map<String, Object> play(Cell cell, Path parent, int round) {
        Path javaHome = JavaHomes.find(cell.java(), System.getenv());
        Map<String, Object> note = new LinkedHashMap<>();
        note.put("cell", cell.texts());
        note.put("round", round);
        note.put("time", Instant.now().toString());
        note.put("machine", Machine.fields());
        note.put("versions", Machine.versions(javaHome));
        note.put("flags", String.join(" ", JvmCommand.flags(javaHome, cell.number(Key.HEAP))));
        try (Workspace workspace = Workspace.create(parent)) {
            note.putAll(new Run(cell, workspace, javaHome).measure());
        }
        return note;
    }

    private Map<String, Object> measure() {
        for (int node = 0; node < cell.nodes(); node++) {
            processes.add(startNode(node));
        }
        processes.forEach(process -> process.await(Words.READY, START_MS));
        ChildProcess client = start("client", "client", List.of());
        processes.add(client);
        String result = follow(client);
        @SuppressWarnings("unchecked") // The client writes an object.
        Map<String, Object> fields = (Map<String, Object>) Json.read(result);
        fields.put("processes", costs(fields));
        fields.put("samples", samples);
        if (away >= 0) {
            fields.put("back", back == null ? "it was not time" : back());
        }
        if (killed >= 0) {
            Contender contender = cell.contender().contender();
            fields.put("campaigns_after_ms", msUntil(contender.campaignWords()));
            fields.put("leads_after_ms", msUntil(contender.leadWords()));
        }
        return fields;
    }

    private ChildProcess startNode(int node) {
        return start("node " + node, "node", List.of("--node=" + node));
    }

    private ChildProcess start(String name, String command, List<String> more) {
        List<String> arguments = new ArrayList<>(ChildOptions.of(cell, ports, workspace));
        arguments.addAll(more);
        List<String> words =
                JvmCommand.of(
                        javaHome, cell.number(Key.HEAP), workspace.disk(), command, arguments);
        return workspace.start(name, words);
    }

    /** Does what the client's words ask for until it has a result. */
    private String follow(ChildProcess client) {
        long patienceMs =
                TimeUnit.SECONDS.toMillis(cell.number(Key.WARMUP) + cell.number(Key.SECONDS))
                        + MARGIN_MS;
        while (true) {
            String line = client.nextLine(patienceMs);
            ChildProcess.after(Words.BEGIN, line).ifPresent(this::onBegin);
            ChildProcess.after(Words.SAMPLE, line).ifPresent(this::onSample);
            ChildProcess.after(Words.KILL, line).ifPresent(this::onKill);
            if (line.equals(Words.END)) {
                systemCalls.stop();
                read(end);
            }
            Optional<String> result = ChildProcess.after(Words.RESULT, line);
            if (result.isPresent()) {
                return result.get();
            }
        }
    }

    private void onBegin(String place) {
        leader = Integer.parseInt(place);
        begunNs = System.nanoTime();
        read(beginning);
        if (cell.hasAway()) {
            away = (leader + 1) % cell.nodes();
            processes.get(away).kill();
        }
        systemCalls = SystemCalls.start(cell.get(Key.SYSCALLS), workspace, processes);
    }

    private void onSample(String latencies) {
        Map<String, Object> sample = new LinkedHashMap<>();
        sample.put("latency_us", Json.read(latencies));
        for (ChildProcess process : processes) {
            sample.put(process.name(), Resources.fields(process.pid()));
        }
        sample.put("disk_mib", Resources.diskMib(workspace.disk()));
        samples.add(sample);
        long awayNs = TimeUnit.SECONDS.toNanos(cell.number(Key.AWAY));
        if (away >= 0 && back == null && System.nanoTime() - begunNs >= awayNs) {
            backNs = System.nanoTime();
            back = startNode(away);
        }
    }

    /** When the one that was away had its snapshot, and how large it was. */
    private Map<String, Object> back() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("after_s", (backNs - begunNs) / NS_PER_S);
        List<String> told = List.of("receiving the", "is here, whole", "following");
        for (String words : told) {
            back.firstSaid(words)
                    .ifPresent(
                            line ->
                                    fields.put(
                                            "%.2f s".formatted((line.atNs() - backNs) / NS_PER_S),
                                            line.line()));
        }
        return fields;
    }

    private void onKill(String place) {
        killed = Integer.parseInt(place);
        killedNs = System.nanoTime();
        processes.get(killed).kill();
    }

    /** From the kill to the first time that another node said so; null when none did. */
    private Double msUntil(String words) {
        OptionalLong saidNs =
                processes.stream()
                        .filter(process -> process != processes.get(killed))
                        .flatMapToLong(process -> process.said(words, killedNs).stream())
                        .min();
        return saidNs.isPresent() ? (saidNs.getAsLong() - killedNs) / NS_PER_MS : null;
    }

    private void read(List<Counters> into) {
        processes.forEach(process -> into.add(Counters.of(process.pid())));
    }

    private List<Object> costs(Map<String, Object> fields) {
        long measuredNs =
                (long)
                        (((Number) fields.get("measured_s")).doubleValue()
                                * TimeUnit.SECONDS.toNanos(1));
        long replies = ((Number) fields.get("replies")).longValue();
        List<Object> costs = new ArrayList<>();
        for (int i = 0; i < processes.size(); i++) {
            Map<String, Object> cost = new LinkedHashMap<>();
            cost.put("name", processes.get(i).name());
            cost.put("leads", i == leader);
            cost.put(
                    "per_command",
                    ProcessCost.fields(
                            beginning.get(i),
                            end.get(i),
                            systemCalls.of(processes.get(i).pid()),
                            measuredNs,
                            replies));
            costs.add(cost);
        }
        return costs;
    }
}
