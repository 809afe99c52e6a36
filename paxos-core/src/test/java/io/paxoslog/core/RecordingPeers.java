package io.paxoslog.core;

import java.util.ArrayList;
import java.util.List;

/** Keeps what is said, as lines {@code listener: message}; everyone is {@code all}. */
final class RecordingPeers implements Peers {
    private final List<String> said = new ArrayList<>();

    @Override
    public PeerMessages to(int node) {
        return new LetterWriter((text, content) -> said.add(node + ": " + text));
    }

    @Override
    public PeerMessages toAll() {
        return new LetterWriter((text, content) -> said.add("all: " + text));
    }

    /** What was said since the last look. */
    List<String> said() {
        List<String> lines = List.copyOf(said);
        said.clear();
        return lines;
    }
}
