package io.paxoslog.testkit.scenario;

import io.paxoslog.testkit.sim.Envelope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Messages on their way, in the order in which they were sent, and the links that carry nothing.
 */
final class Post {
    private final List<Envelope> inFlight = new ArrayList<>();
    private final List<Envelope> parked = new ArrayList<>();
    private final List<Envelope> said = new ArrayList<>();
    private final Set<String> cutLinks = new HashSet<>();

    /** Takes a message; false when its link is cut. */
    boolean send(Envelope envelope) {
        if (cutLinks.contains(envelope.link())) {
            return false;
        }
        inFlight.add(envelope);
        said.add(envelope);
        return true;
    }

    /**
     * Messages that a command names: by type, or {@code all}, and by links; no links mean all of
     * them.
     */
    static Predicate<Envelope> named(List<String> words) {
        String type = words.get(0);
        Set<String> links = Set.copyOf(words.subList(1, words.size()));
        return envelope ->
                (type.equals("all") || envelope.message().name().equals(type))
                        && (links.isEmpty() || links.contains(envelope.link()));
    }

    /** Takes what is named out of flight. Naming nothing is a mistake in the story. */
    List<Envelope> take(List<String> words) {
        List<Envelope> taken = inFlight.stream().filter(named(words)).toList();
        if (taken.isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing in flight is " + String.join(" ", words) + "; there is " + text());
        }
        inFlight.removeAll(taken);
        return taken;
    }

    /** Takes the oldest message out of flight; null when there is none. */
    Envelope takeFirst() {
        return inFlight.isEmpty() ? null : inFlight.remove(0);
    }

    void duplicate(List<String> words) {
        inFlight.addAll(inFlight.stream().filter(named(words)).toList());
    }

    /** Keeps messages back, for as long as the story wants. */
    void park(List<String> words) {
        parked.addAll(take(words));
    }

    /** Puts kept messages back into flight, even if their links were cut meanwhile. */
    void unpark(List<String> words) {
        List<Envelope> back = parked.stream().filter(named(words)).toList();
        if (back.isEmpty()) {
            throw new IllegalArgumentException("nothing parked is " + String.join(" ", words));
        }
        parked.removeAll(back);
        inFlight.addAll(back);
    }

    /**
     * The newest message that was ever said on a link with these words, or at least with the first
     * two of them; null when there is none.
     */
    Envelope lastSaid(List<String> words) {
        String link = words.get(0);
        String text = String.join(" ", words.subList(1, words.size()));
        String start = String.join(" ", words.subList(1, Math.min(words.size(), 3)));
        Envelope alike = null;
        for (int i = said.size() - 1; i >= 0; i--) {
            Envelope envelope = said.get(i);
            if (!envelope.link().equals(link)) {
                continue;
            }
            String other = envelope.message().text();
            if (other.equals(text)) {
                return envelope;
            }
            if (alike == null && (other + " ").startsWith(start + " ")) {
                alike = envelope;
            }
        }
        return alike;
    }

    /** What a dead process said to itself is gone. */
    void forgetSelfMessages(int node) {
        inFlight.removeIf(envelope -> envelope.isToSelf() && envelope.toNode() == node);
        said.removeIf(envelope -> envelope.isToSelf() && envelope.toNode() == node);
    }

    void forget(Predicate<Envelope> what) {
        inFlight.removeIf(what);
    }

    boolean isQuiet() {
        return inFlight.isEmpty();
    }

    List<Envelope> inFlight() {
        return List.copyOf(inFlight);
    }

    /** Cuts {@code 1->2} or, both ways, {@code 1-2}. */
    void cut(String link) {
        if (link.contains("->")) {
            cutLinks.add(link);
            return;
        }
        String[] ends = link.split("-", 2);
        cutLinks.add(ends[0] + "->" + ends[1]);
        cutLinks.add(ends[1] + "->" + ends[0]);
    }

    void heal() {
        cutLinks.clear();
    }

    private String text() {
        return inFlight.stream().map(e -> e.message().name() + " " + e.link()).toList().toString();
    }
}
