package io.paxoslog.testkit.scenario;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Role;
import io.paxoslog.log.JournalException;
import io.paxoslog.testkit.sim.BatchCopy;
import io.paxoslog.testkit.sim.Envelope;
import io.paxoslog.testkit.sim.JournalRecord;
import io.paxoslog.testkit.sim.Message;
import io.paxoslog.testkit.sim.NodeHost;
import io.paxoslog.testkit.sim.NodeService;
import io.paxoslog.testkit.sim.ReadKind;
import io.paxoslog.testkit.sim.SimulatedNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Writes down what follows from a command, short enough to be read; puts what is said into the
 * post.
 */
final class Story implements NodeHost {
    private final Post post;
    private final List<String> lines = new ArrayList<>();
    private final Set<String> hidden = new HashSet<>(Set.of("Heartbeat", "HeartbeatHeard"));
    private String lastFrom = "";
    private String lastText = "";
    private boolean isJournalShown;
    private boolean isQuiet;

    Story(Post post) {
        this.post = post;
    }

    /** From now on messages of this type are shown. */
    void show(String type) {
        hidden.remove(type);
    }

    /** While it is quiet no messages are told, only what they change. */
    void beQuiet(boolean quiet) {
        isQuiet = quiet;
    }

    void add(String line) {
        lines.add(line);
        lastText = "";
    }

    /** What was written down since the last time. */
    List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        lastText = "";
        return taken;
    }

    @Override
    public void done(SimulatedNode node, Supplier<String> command) {
        // The command is in the story already.
    }

    /**
     * In stories followers learn what is chosen from heartbeats and accepts, as their words say.
     */
    @Override
    public void left(SimulatedNode node, Envelope envelope) {
        if (envelope.message() instanceof Message.AllChosen) {
            return;
        }
        boolean isTaken = post.send(envelope);
        if (isQuiet || hidden.contains(envelope.message().name())) {
            return;
        }
        String text = envelope.message().text();
        String link = isTaken ? envelope.link() : envelope.link() + "(cut)";
        String from = Integer.toString(node.node());
        if (text.equals(lastText) && from.equals(lastFrom)) {
            int last = lines.size() - 1;
            String before = lines.get(last);
            int end = before.length() - text.length() - 1;
            lines.set(last, before.substring(0, end) + " " + link + " " + text);
            return;
        }
        lines.add(link + " " + text);
        lastFrom = from;
        lastText = text;
    }

    @Override
    public NodeService serviceOf(SimulatedNode node) {
        // Scenarios propose plain words, which no session answers.
        return NodeService.counting(node.firstAppliedAbove());
    }

    @Override
    public void proposed(SimulatedNode node, int entries) {
        // The command that made it do so stands at the margin.
    }

    @Override
    public void committed(SimulatedNode node, BatchCopy batch) {
        add(node.node() + " commits " + batch.text());
    }

    @Override
    public void read(SimulatedNode node, ReadKind kind, long index) {
        add(node.node() + " reads by " + kind + " at " + BatchCopy.slotText(index));
    }

    @Override
    public void written(SimulatedNode node, JournalRecord entry) {
        if (isJournalShown) {
            add(node.node() + " writes " + entry.text());
        }
    }

    /** From now on records are shown as they are written. */
    void showJournal() {
        isJournalShown = true;
    }

    @Override
    public void role(SimulatedNode node, Role role, long ballot, int leader, String why) {
        add(node.node() + " " + role + " b=" + ballotText(ballot) + ": " + why);
    }

    private static String ballotText(long ballot) {
        long left = Ballot.MAX_ROUND - Ballot.round(ballot);
        return left < 1000 ? "MAX-" + left + "." + Ballot.owner(ballot) : Ballot.text(ballot);
    }

    @Override
    public void diskFailed(SimulatedNode node, JournalException why) {
        add(node.node() + "'s disk fails" + (why == null ? "" : ": " + why.getMessage()));
    }

    @Override
    public void powerLost(SimulatedNode node) {
        add(node.node() + " is down: power was lost");
    }

    @Override
    public void mustStop(SimulatedNode node, String why) {
        add(node.node() + " stops: " + why);
    }

    @Override
    public void removed(SimulatedNode node, String why) {
        add(node.node() + " is removed: " + why);
    }

    @Override
    public void warning(SimulatedNode node, String what) {
        add(node.node() + " warns: " + what);
    }
}
