package io.paxoslog.core;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A message on its way; whoever holds it may deliver it late, twice or never. */
record Letter(int from, int to, String text, Consumer<PeerMessages> content) {
    boolean is(String name) {
        return text.startsWith(name + " ");
    }

    /** Those with one of these names. */
    static Predicate<Letter> any(String... names) {
        return letter -> List.of(names).stream().anyMatch(letter::is);
    }

    /** Those with a name to a node. */
    static Predicate<Letter> to(int id, String name) {
        return letter -> letter.is(name) && letter.to == id;
    }

    /** Those with a name from a node. */
    static Predicate<Letter> from(int id, String name) {
        return letter -> letter.is(name) && letter.from == id;
    }

    @Override
    public String toString() {
        return from + "->" + to + " " + text;
    }
}
