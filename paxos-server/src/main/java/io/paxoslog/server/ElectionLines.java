package io.paxoslog.server;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Role;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.NanoClock;

/**
 * Tells an operator what a node does about leadership. A node that finds no leader tries again
 * several times a second, for as long as it takes: what it has said already it says again only at
 * growing intervals, with how often it was so. Once a leader has stayed for a while, everything is
 * news again. Used by one thread.
 */
final class ElectionLines {
    private static final long FIRST_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long CALM_NS = TimeUnit.SECONDS.toNanos(5);
    private static final int NOBODY = 0;

    private final Consumer<String> log;
    private final NanoClock clock;
    private final Set<String> said = new HashSet<>();
    private int leader = NOBODY;
    private int leaderSaid = NOBODY;
    private long leaderSinceNs;
    private long toldNs;
    private long nextNs;
    private long pauseNs = FIRST_PAUSE_NS;
    private int unsaid;

    /**
     * @param log writes one line
     * @param clock monotonic
     */
    ElectionLines(Consumer<String> log, NanoClock clock) {
        this.log = log;
        this.clock = clock;
        toldNs = clock.nanoTime();
    }

    /**
     * The role, ballot or leader changed, as {@link io.paxoslog.core.ReplicaEvents#role} has it.
     */
    void role(Role role, long ballot, int newLeader, String why) {
        long now = clock.nanoTime();
        if (leader != NOBODY && now - leaderSinceNs >= CALM_NS) {
            beginAnew(now);
        }
        if (newLeader != leader) {
            leader = newLeader;
            leaderSinceNs = now;
        }
        String line =
                "%s ballot %s leader %s: %s"
                        .formatted(
                                role.name().toLowerCase(Locale.ROOT),
                                Ballot.text(ballot),
                                newLeader == NOBODY ? "none" : newLeader,
                                why);
        boolean isNews = said.add(role + why + newLeader);
        if (newLeader == NOBODY) {
            withoutLeader(line, isNews, now);
        } else if (isNews || newLeader != leaderSaid) {
            say(line, newLeader);
        }
    }

    private void beginAnew(long now) {
        said.clear();
        toldNs = now;
        pauseNs = FIRST_PAUSE_NS;
        nextNs = now + pauseNs;
        unsaid = 0;
    }

    private void withoutLeader(String line, boolean isNews, long now) {
        if (isNews) {
            if (said.size() == 1) {
                toldNs = now;
                nextNs = now + pauseNs;
            }
            say(line, NOBODY);
            return;
        }
        unsaid++;
        if (now - nextNs < 0) {
            return;
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(now - toldNs);
        String leftOut = " (%d lines like it left out in %d s)".formatted(unsaid - 1, seconds);
        say(unsaid == 1 ? line : line + leftOut, NOBODY);
        toldNs = now;
        unsaid = 0;
        pauseNs = Math.min(2 * pauseNs, LONGEST_PAUSE_NS);
        nextNs = now + pauseNs;
    }

    private void say(String line, int newLeader) {
        leaderSaid = newLeader;
        log.accept(line);
    }
}
