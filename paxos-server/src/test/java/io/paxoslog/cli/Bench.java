package io.paxoslog.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code paxos bench --json} said, run in this process. */
record Bench(String json) {
    private static final int WARM_UP_SECONDS = 3;

    /**
     * Loads a cluster with one client.
     *
     * @param rate commands a second, or 0 for as many as there can be
     */
    static Bench run(String members, int seconds, int rate) {
        Cli bench =
                Cli.run(
                        "bench",
                        "--members",
                        members,
                        "--seconds",
                        Integer.toString(seconds),
                        "--warmup",
                        Integer.toString(WARM_UP_SECONDS),
                        "--rate",
                        Integer.toString(rate),
                        "--json");
        if (bench.exitCode() != 0) {
            System.out.println("bench: exit code " + bench.exitCode() + " " + bench.err());
        }
        return new Bench(bench.out());
    }

    /** The number under a key; NaN when there is none. */
    double value(String key) {
        Matcher found = Pattern.compile("\"" + key + "\": ?([0-9.eE+-]+)").matcher(json);
        return found.find() ? Double.parseDouble(found.group(1)) : Double.NaN;
    }
}
