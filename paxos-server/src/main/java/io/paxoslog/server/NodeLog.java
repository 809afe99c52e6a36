package io.paxoslog.server;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;

/**
 * Tells an operator what happens to a node, a line an event. Nothing is written in steady state.
 */
final class NodeLog {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(5);

    private final PrintStream out;
    private final int node;
    private long nextRareLineNs = System.nanoTime();

    NodeLog(PrintStream out, int node) {
        this.out = out;
        this.node = node;
    }

    /** Writes one line. */
    void line(String event) {
        out.println(TIME.format(Instant.now()) + " node " + node + " " + event);
    }

    /** Writes the stack of what user code threw; whatever that does when it is asked for it. */
    void stack(Throwable thrown) {
        try {
            StringWriter text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            out.print(text);
        } catch (Throwable again) {
            line("its stack cannot be shown: " + again.getClass().getName());
        }
    }

    /**
     * Writes one line unless one was written this way a moment ago: for what may come in floods.
     */
    synchronized void rarely(String event) {
        long now = System.nanoTime();
        if (now - nextRareLineNs >= 0) {
            nextRareLineNs = now + QUIET_NS;
            line(event);
        }
    }
}
