package io.paxoslog.core;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps what is said, and what the journal is asked to say, as lines {@code listener: message};
 * everyone is {@code all}.
 */
final class RecordingPeers implements Peers, StoredValues {
    private final List<String> said = new ArrayList<>();

    @Override
    public PeerMessages to(int node) {
        return new LetterWriter((text, content) -> said.add(node + ": " + text));
    }

    @Override
    public PeerMessages toAll() {
        return new LetterWriter((text, content) -> said.add("all: " + text));
    }

    @Override
    public void sendChosen(int toNode, long firstSlot, long lastSlot) {
        said.add(toNode + ": stored Chosen " + firstSlot + ".." + lastSlot);
    }

    @Override
    public void sendPromised(
            int toNode, long ballot, long acceptedBallot, long firstSlot, long lastSlot) {
        said.add(
                toNode
                        + ": stored PromisedSlots b="
                        + Ballot.text(ballot)
                        + " held b="
                        + Ballot.text(acceptedBallot)
                        + " "
                        + firstSlot
                        + ".."
                        + lastSlot);
    }

    /** What was said since the last look. */
    List<String> said() {
        List<String> lines = List.copyOf(said);
        said.clear();
        return lines;
    }
}
