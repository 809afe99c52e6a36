package io.paxoslog.testkit.sim;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Role;
import io.paxoslog.log.JournalException;

/** Tells the {@link Trace} what happens in a world: as numbers, and as lines for people. */
final class Narrator {
    private final Trace trace;
    private final Timeline timeline;

    Narrator(Trace trace, Timeline timeline) {
        this.trace = trace;
        this.timeline = timeline;
    }

    void arrived(Envelope envelope) {
        trace.event(
                1,
                envelope.fromNode(),
                envelope.toNode(),
                timeline.nowMs(),
                () -> stamp() + envelope.link() + " " + envelope.message().text());
    }

    void left(Envelope envelope) {
        trace.event(
                2,
                envelope.fromNode(),
                envelope.toNode(),
                envelope.clusterId(),
                () -> "  " + envelope.link() + " " + envelope.message().text());
    }

    void committed(int node, BatchCopy batch) {
        trace.event(
                3,
                node,
                batch.lastSlot(),
                batch.value(batch.firstSlot()),
                () -> "  " + node + " commits " + batch.text());
    }

    void written(int node, JournalRecord entry) {
        trace.event(4, node, entry.lengthBytes(), 0, () -> "  " + node + " writes " + entry.text());
    }

    void role(int node, Role role, long ballot, int leader, String why) {
        trace.event(
                5,
                node,
                leader,
                ballot + role.name().hashCode(),
                () -> "  " + roleText(node, role, ballot, leader) + ": " + why);
    }

    private static String roleText(int node, Role role, long ballot, int leader) {
        return node + " " + role + " b=" + Ballot.text(ballot) + " leader=" + leader;
    }

    void mustStop(int node, String why) {
        trace.event(6, node, 0, 0, () -> "  " + node + " must stop: " + why);
    }

    void removed(int node, String why) {
        trace.event(6, node, 1, 0, () -> "  " + node + " is removed: " + why);
    }

    void warning(int node, String what) {
        trace.event(10, node, 0, 0, () -> "  " + node + " warns: " + what);
    }

    void proposed(int node, int entries) {
        trace.event(
                7,
                node,
                entries,
                timeline.nowMs(),
                () -> "# " + node + " proposes " + entries + " entries");
    }

    void snapshot(int node, String what, long slot) {
        trace.event(
                12,
                node,
                slot,
                what.hashCode(),
                () -> stamp() + node + " " + what + " " + BatchCopy.slotText(slot));
    }

    void read(int node, ReadKind kind, long index) {
        trace.event(
                13,
                node,
                index,
                kind.name().hashCode(),
                () -> stamp() + node + " reads by " + kind + " at " + BatchCopy.slotText(index));
    }

    void restarted(int node) {
        trace.event(8, node, 0, timeline.nowMs(), () -> stamp() + node + " starts");
    }

    /**
     * @param why null when a force failed
     */
    void diskFailed(int node, JournalException why) {
        String text = why == null ? "a force failed" : why.getMessage();
        trace.event(
                10,
                node,
                why == null ? 0 : why.kind().name().hashCode(),
                timeline.nowMs(),
                () -> stamp() + node + "'s disk: " + text);
    }

    void clientSaid(int client, int node, byte[] message) {
        trace.event(
                10,
                client,
                node,
                message.length,
                () -> clientText("client " + client + " -> node " + node, message));
    }

    void clientTold(int node, int client, byte[] message) {
        trace.event(
                11,
                client,
                node,
                message.length,
                () -> clientText("node " + node + " -> client " + client, message));
    }

    private String clientText(String link, byte[] message) {
        return stamp() + link + " " + ClientMessageText.of(message);
    }

    private String stamp() {
        return "# " + timeline.nowMs() + " ms: ";
    }
}
