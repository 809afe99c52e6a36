package io.paxoslog.core;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** Keeps what is asked of whoever moves snapshots, as lines. */
final class RecordingSnapshots implements Snapshots {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void wanted(int fromNode, long commitIndex) {
        lines.add("wanted from " + fromNode + " above " + commitIndex);
    }

    @Override
    public void send(int toNode, long slot, long manifest, int chunk) {
        lines.add("send to " + toNode + " slot=" + slot + " of " + manifest + " chunk=" + chunk);
    }

    @Override
    public void received(
            int fromNode,
            long slot,
            long manifest,
            int chunk,
            DirectBuffer buffer,
            int offset,
            int length) {
        lines.add(
                "received from "
                        + fromNode
                        + " slot="
                        + slot
                        + " of "
                        + manifest
                        + " chunk="
                        + chunk
                        + " "
                        + buffer.getStringWithoutLengthAscii(offset, length));
    }

    /** What was asked since the last look. */
    List<String> asked() {
        List<String> asked = List.copyOf(lines);
        lines.clear();
        return asked;
    }
}
