package io.paxoslog.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps what is said, and what the journal is asked to say, as lines {@code listener: message};
 * everyone is {@code all}.
 */
final class RecordingPeers implements Peers, StoredValues {
    private final List<String> said = new ArrayList<>();
    private final Consumer<String> deeds;

    /**
     * @param deeds told each line, so that it can be put in order with what is written
     */
    RecordingPeers(Consumer<String> deeds) {
        this.deeds = deeds;
    }

    private void say(String line) {
        said.add(line);
        deeds.accept(line);
    }

    @Override
    public PeerMessages to(int node) {
        return new LetterWriter((text, content) -> say(node + ": " + text));
    }

    @Override
    public PeerMessages toAll() {
        return new LetterWriter((text, content) -> say("all: " + text));
    }

    @Override
    public void sendChosen(int toNode, long firstSlot, long lastSlot) {
        say(toNode + ": stored Chosen " + firstSlot + ".." + lastSlot);
    }

    @Override
    public void sendPromised(
            int toNode, long ballot, long acceptedBallot, long firstSlot, long lastSlot) {
        say(
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
