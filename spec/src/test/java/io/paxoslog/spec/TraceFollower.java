package io.paxoslog.spec;

import io.paxoslog.spec.Model.Expected;
import io.paxoslog.spec.Tlc.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lets TLC follow a trace through the specification. */
final class TraceFollower {
    private static final Pattern CONSTANT = Pattern.compile("CONSTANT (\\w+) (.*)");
    private static final String NODE_OF_MODELS = "n\\d";

    private final Path specification;
    private final Path work;
    private final Tlc tlc;

    /**
     * A follower.
     *
     * @param specification directory of the modules and the catalogue of models
     * @param work directory to which everything is written
     */
    TraceFollower(Path specification, Path work) {
        this.specification = specification;
        this.work = work;
        this.tlc = new Tlc(specification, work);
    }

    /**
     * Follows a trace that {@link TraceRecorder} wrote.
     *
     * @return empty when TLC reached its end, else the first line it could not follow
     * @throws AssertionError when TLC failed otherwise
     */
    String firstDivergence(String name, List<String> trace)
            throws IOException, InterruptedException {
        List<String> steps = trace.subList(1, trace.size());
        Files.createDirectories(work.resolve(name));
        Files.write(work.resolve(name).resolve("Run.tla"), module(trace.get(0).split(" "), steps));
        Outcome outcome = tlc.run(model(name, trace.get(0).split(" ")));
        if (!outcome.isComplete()) {
            throw new AssertionError(name + ": " + outcome.output());
        }
        int followed = outcome.depth() - 1;
        return followed == steps.size()
                ? ""
                : "line " + (followed + 1) + " of " + steps.size() + ": " + steps.get(followed);
    }

    private static List<String> module(String[] settings, List<String> steps) {
        List<String> lines = new ArrayList<>();
        lines.add("---- MODULE Run ----");
        lines.add("EXTENDS Traces");
        lines.add(
                "RunMemberships == <<[members |-> 1..%s, prepare |-> %s, accept |-> %s, limit |-> %s]>>"
                        .formatted((Object[]) settings));
        lines.add("RunTrace == <<");
        lines.add(String.join(",\n", steps));
        lines.add(">>");
        lines.add("====");
        return lines;
    }

    private Model model(String name, String[] settings) {
        int ballots = Integer.parseInt(settings[4]);
        Map<String, String> constants = constantsOfFirstModel();
        constants.put("Trace", "<- RunTrace");
        constants.put("Memberships", "<- RunMemberships");
        constants.put("Nodes", "= " + numbersUpTo(Integer.parseInt(settings[0])));
        constants.put("NumBallots", "= " + ballots);
        constants.put("NumSlots", "= " + settings[5]);
        constants.put("Changes", "= {}");
        constants.put("CanChange", "= " + numbersUpTo(ballots));
        constants.put("MaxCrashes", "= 1000000");
        constants.put("Reduced", "= FALSE");
        List<String> lines = new ArrayList<>();
        lines.add("INIT TraceInit");
        lines.add("NEXT TraceNext");
        lines.add("INVARIANT OneValue");
        lines.add("CHECK_DEADLOCK FALSE");
        constants.forEach((key, value) -> lines.add("CONSTANT " + key + " " + value));
        return new Model(name, "Run", Expected.HOLDS, null, 1, 0, false, lines);
    }

    /** The catalogue begins with a model that has everything on. */
    private Map<String, String> constantsOfFirstModel() {
        Model first = Catalogue.read(specification.resolve("models.txt")).get(0);
        Map<String, String> constants = new TreeMap<>();
        for (String line : first.configuration()) {
            Matcher constant = CONSTANT.matcher(line);
            if (constant.matches() && !constant.group(1).matches(NODE_OF_MODELS)) {
                constants.put(constant.group(1), constant.group(2));
            }
        }
        return constants;
    }

    private static String numbersUpTo(int last) {
        List<String> numbers = new ArrayList<>();
        for (int i = 1; i <= last; i++) {
            numbers.add(Integer.toString(i));
        }
        return "{" + String.join(", ", numbers) + "}";
    }
}
