package io.paxoslog.core;

import java.util.function.Consumer;

/** A message on its way; whoever holds it may deliver it late, twice or never. */
record Letter(int from, int to, String text, Consumer<PeerMessages> content) {
    boolean is(String name) {
        return text.startsWith(name + " ");
    }

    @Override
    public String toString() {
        return from + "->" + to + " " + text;
    }
}
