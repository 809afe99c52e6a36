package io.paxoslog.testkit.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * What happened, as a hash over everything and, on demand, as text in the language of the
 * scenarios. Text is only made when a failed seed is played again.
 */
public final class Trace {
    private static final int KEPT_LINES = 150;

    private final Deque<String> lines = new ArrayDeque<>();
    private final List<String> script = new ArrayList<>();
    private final boolean keepsText;
    private long hash;

    public Trace(boolean keepsText) {
        this.keepsText = keepsText;
    }

    /** Something happened. Numbers go into the hash; the text is made only when it is kept. */
    void event(long what, long who, long where, long number, Supplier<String> text) {
        hash = SimRandom.mix(hash * 31 + what);
        hash = SimRandom.mix(hash ^ (who << 32) ^ where);
        hash = SimRandom.mix(hash + number);
        if (keepsText) {
            keep(text.get());
        }
    }

    private void keep(String line) {
        lines.add(line);
        if (lines.size() > KEPT_LINES) {
            lines.remove();
        }
    }

    /** Something was done to a node: the next line of a scenario that tells all of this again. */
    void done(Supplier<String> command) {
        if (keepsText) {
            script.add(command.get());
        }
    }

    /** Everything that was done to the nodes, as a scenario. */
    List<String> script() {
        return script;
    }

    /** Fingerprint of everything that happened so far. */
    public long hash() {
        return hash;
    }

    /** The last lines. */
    public String text() {
        return String.join("\n", lines);
    }
}
