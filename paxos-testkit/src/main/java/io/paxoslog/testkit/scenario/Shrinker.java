package io.paxoslog.testkit.scenario;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Cuts a scenario that violates an oracle down to the lines it needs for that: leaves out ever
 * smaller parts for as long as the same oracle is violated (delta debugging; Zeller and
 * Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 2002), then says what
 * is left more simply. Not thread-safe.
 */
public final class Shrinker {
    private static final Pattern NUMBERS = Pattern.compile("[0-9]+");
    private static final Pattern ENTRY = Pattern.compile("0x[0-9a-f]*");
    private static final int WORDS_OF_A_MESSAGE = 4;

    private final String violation;
    private List<String> lines;

    private Shrinker(List<String> lines, String violation) {
        this.lines = lines;
        this.violation = violation;
    }

    /** What a scenario violates, or an empty text. */
    public static String violationIn(List<String> lines) {
        Failure failure = play(lines);
        return failure == null ? "" : failure.what;
    }

    /**
     * The shortest scenario found that violates what the given one does.
     *
     * @return commands only; empty when the given scenario violates nothing
     */
    public static List<String> shrink(List<String> lines) {
        Failure failure = play(lines);
        if (failure == null) {
            return List.of();
        }
        Shrinker shrinker = new Shrinker(lines.subList(0, failure.line + 1), kindOf(failure.what));
        shrinker.leaveOut();
        shrinker.keepIfItFails(withClocksFromZero(shrinker.lines));
        shrinker.simplify();
        shrinker.leaveOut();
        return List.copyOf(shrinker.lines);
    }

    private record Failure(String what, int line) {}

    private static Failure play(List<String> lines) {
        Stage stage = new Stage();
        for (int i = 0; i < lines.size(); i++) {
            try {
                stage.perform(lines.get(i));
                stage.takeConsequences();
            } catch (RuntimeException | AssertionError failure) {
                return new Failure(failure.toString(), i);
            }
        }
        return null;
    }

    /** The same oracle may speak of another slot or node. */
    private static String kindOf(String what) {
        return NUMBERS.matcher(what).replaceAll("N");
    }

    private void leaveOut() {
        int before;
        do {
            before = lines.size();
            for (int part = lines.size() / 2; part >= 1; part /= 2) {
                leaveOutParts(part);
            }
        } while (lines.size() < before);
    }

    /** From the end, because what comes late most often does not matter to what comes before. */
    private void leaveOutParts(int part) {
        for (int end = lines.size() - 1; end > 1; end -= part) {
            int from = Math.max(1, end - part);
            List<String> fewer = new ArrayList<>(lines.subList(0, from));
            fewer.addAll(lines.subList(Math.min(end, lines.size()), lines.size()));
            keepIfItFails(fewer);
            end = Math.min(end, lines.size());
        }
    }

    /** Each node's clock starts at 0, and everything it shows later by as much earlier. */
    private static List<String> withClocksFromZero(List<String> lines) {
        Map<String, Long> starts = new HashMap<>();
        List<String> rebased = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.split(" ");
            if (words[0].equals("start")) {
                long at = Long.parseLong(words[2].substring("at=".length()));
                words[2] = "at=" + (at - starts.computeIfAbsent(words[1], node -> at));
            } else if (words[0].equals("clock")) {
                long at = Long.parseLong(words[2]);
                words[2] = Long.toString(at - starts.getOrDefault(words[1], 0L));
            }
            rebased.add(String.join(" ", words));
        }
        return rebased;
    }

    private void simplify() {
        for (int i = 1; i < lines.size(); i++) {
            for (String simpler : simplerThan(lines.get(i))) {
                List<String> changed = new ArrayList<>(lines);
                changed.set(i, simpler);
                if (keepIfItFails(changed)) {
                    break;
                }
            }
        }
    }

    private static List<String> simplerThan(String line) {
        List<String> words = List.of(line.split(" "));
        if (words.get(0).equals("hear") && words.size() > WORDS_OF_A_MESSAGE) {
            return List.of(String.join(" ", words.subList(0, WORDS_OF_A_MESSAGE)));
        }
        if (words.get(0).equals("start")) {
            return List.of(
                    String.join(" ", words.subList(0, 3)) + " seed=1 cluster=1 " + words.get(5));
        }
        if (words.get(0).equals("propose") && line.contains(" 0x")) {
            String named = ENTRY.matcher(line).replaceAll("pear");
            String alone = ENTRY.matcher(line).replaceFirst("pear");
            return List.of(
                    words.get(0) + " " + words.get(1) + " pear",
                    named,
                    ENTRY.matcher(alone).replaceAll("").strip());
        }
        return List.of();
    }

    private boolean keepIfItFails(List<String> candidate) {
        Failure failure = play(candidate);
        boolean isSame = failure != null && kindOf(failure.what).equals(violation);
        if (isSame) {
            lines = candidate.subList(0, failure.line + 1);
        }
        return isSame;
    }
}
