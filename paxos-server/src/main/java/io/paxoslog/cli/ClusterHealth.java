package io.paxoslog.cli;

import io.paxoslog.client.NodeReport;
import io.paxoslog.client.PaxosStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Whether a cluster serves, and what its nodes lack, told from their own reports. */
final class ClusterHealth {
    private static final int SHORTEST_WAIT_MS = 300;

    private final List<NodeReport> reports;
    private final long goal;

    /**
     * @param reports the last of each node
     * @param goal the slot that every node is to have applied
     */
    ClusterHealth(List<NodeReport> reports, long goal) {
        this.reports = reports;
        this.goal = goal;
    }

    /** Asks the nodes, and those that are behind again, as a busy cluster is always moving. */
    static ClusterHealth ask(List<String> addresses, int timeoutMs) {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        List<NodeReport> first = PaxosStatus.ask(addresses, timeoutMs);
        ClusterHealth health =
                new ClusterHealth(
                        first, first.stream().mapToLong(NodeReport::commit).max().orElse(0));
        for (int round = 0; health.isAnyBehind(); round++) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
            if (round > 0 && leftMs <= 0) {
                break;
            }
            health = health.askAgain((int) Math.max(leftMs, SHORTEST_WAIT_MS));
        }
        return health;
    }

    private boolean isAnyBehind() {
        return reports.stream().anyMatch(this::isBehind);
    }

    private boolean isBehind(NodeReport report) {
        return report.isReachable()
                && report.haltedAt() == 0
                && !isShortOfRoom(report)
                && report.applied() < goal;
    }

    private ClusterHealth askAgain(int timeoutMs) {
        List<String> behind =
                reports.stream().filter(this::isBehind).map(NodeReport::address).toList();
        Map<String, NodeReport> again = new HashMap<>();
        for (NodeReport report : PaxosStatus.ask(behind, timeoutMs)) {
            again.put(report.address(), report);
        }
        return new ClusterHealth(
                reports.stream().map(old -> again.getOrDefault(old.address(), old)).toList(), goal);
    }

    List<NodeReport> reports() {
        return reports;
    }

    /** Whether some node that answers leads or knows who does. */
    boolean hasLeader() {
        return reports.stream().anyMatch(report -> report.isReachable() && report.leader() != 0);
    }

    /** What is not as it should be, in one line; empty when all is well. */
    String problems() {
        List<String> problems = new ArrayList<>();
        if (reports.stream().noneMatch(NodeReport::isReachable)) {
            return "no node answered: check addresses and nodes";
        }
        if (!hasLeader()) {
            problems.add("there is no leader: more than half of the nodes must be up");
        }
        for (NodeReport report : reports) {
            if (!report.isReachable()) {
                problems.add(report.address() + " does not answer");
            } else if (report.role().equals("returning")) {
                problems.add("node " + report.node() + " is returning and does not vote");
            } else if (report.haltedAt() != 0) {
                problems.add(halted(report));
            } else if (isShortOfRoom(report)) {
                problems.add(
                        "node %d is short of room and votes on no new commands: make room on its disk"
                                .formatted(report.node()));
            } else if (isBehind(report)) {
                problems.add(
                        "node %d is behind: applied %d of %d"
                                .formatted(report.node(), report.applied(), goal));
            }
        }
        addOldCopies(problems);
        addForeigners(problems);
        addPartedStates(problems);
        return String.join("; ", problems);
    }

    private static boolean isShortOfRoom(NodeReport report) {
        return report.storage() != null && !report.storage().votesOnCommands();
    }

    /** A state machine that waits for operators, and what they can do. */
    private static String halted(NodeReport report) {
        String where =
                "the state machine of node %d is halted at slot %d"
                        .formatted(report.node(), report.haltedAt());
        return report.needsRestart()
                ? where + ", about which the log has decided: restart the node"
                : where + ": its log says why; see paxos skip and paxos retry";
    }

    /** Who runs on an old copy of its directory is heard by nobody who remembers more of it. */
    private void addOldCopies(List<String> problems) {
        reports.stream()
                .filter(NodeReport::isReachable)
                .flatMap(report -> Stream.of(report.membership().behind().split(",")))
                .filter(node -> !node.isEmpty())
                .distinct()
                .sorted()
                .forEach(
                        node ->
                                problems.add(
                                        "node %s is not heard: it runs on an old copy of its directory"
                                                .formatted(node)));
    }

    private void addForeigners(List<String> problems) {
        List<Long> clusters =
                reports.stream()
                        .filter(report -> report.isReachable() && report.clusterId() != 0)
                        .map(NodeReport::clusterId)
                        .distinct()
                        .toList();
        if (clusters.size() > 1) {
            problems.add("the nodes are of " + clusters.size() + " clusters");
        }
    }

    private void addPartedStates(List<String> problems) {
        Map<Long, NodeReport> byApplied = new HashMap<>();
        for (NodeReport report : reports) {
            if (!report.isReachable()) {
                continue;
            }
            NodeReport other = byApplied.putIfAbsent(report.applied(), report);
            if (other != null && other.appliedHash() != report.appliedHash()) {
                problems.add(
                        "nodes %d and %d have applied %d slots alike and hold different states"
                                .formatted(other.node(), report.node(), report.applied()));
            }
        }
    }
}
