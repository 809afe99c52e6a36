package io.paxoslog.cli;

import io.paxoslog.client.MembersReport;
import io.paxoslog.client.PaxosMembers;
import io.paxoslog.client.PaxosVersions;
import io.paxoslog.client.VersionReport;
import io.paxoslog.core.Change;
import io.paxoslog.core.Version;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is agreed and known, as nodes say it.
 *
 * @param nodes where to ask from now on
 * @param reports one a node
 * @param latest the report of the node that knows most of what is agreed
 */
record VersionsRead(List<String> nodes, List<VersionReport> reports, VersionReport latest) {
    /** Asks the nodes that are named, and with them all members. */
    static VersionsRead ask(List<String> named, int timeoutMs) {
        List<String> nodes = members(named, timeoutMs);
        List<VersionReport> reports = PaxosVersions.ask(nodes, timeoutMs);
        VersionReport latest =
                reports.stream()
                        .filter(VersionReport::isReachable)
                        .max(Comparator.comparingLong(VersionReport::agreedAt))
                        .orElseThrow(() -> CommandFailure.notInTime("no node answers"));
        return new VersionsRead(nodes, reports, latest);
    }

    /** As the log has them; those named where no node that answers knows any. */
    private static List<String> members(List<String> named, int timeoutMs) {
        return PaxosMembers.ask(named, timeoutMs).stream()
                .filter(report -> report.clusterId() != 0)
                .max(Comparator.comparingLong(MembersReport::slot))
                .map(report -> report.members().stream().map(Change.Member::address).toList())
                .orElse(named);
    }

    Version agreed() {
        return latest.agreed();
    }

    /** The newest that all nodes know; what does not answer knows the first one alone. */
    Version knownToAll() {
        int system =
                reports.stream()
                        .mapToInt(it -> it.knows() == null ? 1 : it.knows().newestSystem())
                        .min()
                        .orElse(1);
        int application =
                reports.stream()
                        .mapToInt(it -> it.knows() == null ? 1 : it.knows().newestApplication())
                        .min()
                        .orElse(1);
        return new Version(system, application);
    }

    /**
     * Which of the nodes that answer do not know a version; of the others the leader is asked.
     *
     * @return for people: each with what it knows; empty when all do
     */
    String whoLacks(Version wanted) {
        return reports.stream()
                .filter(VersionReport::isReachable)
                .filter(report -> !newest(report).covers(wanted))
                .map(report -> "node " + report.node() + " knows " + newest(report))
                .collect(Collectors.joining(", "));
    }

    private static Version newest(VersionReport report) {
        return report.knows() == null ? Version.FIRST : report.knows().newest();
    }

    /** What is agreed, for people. */
    static String text(Version agreed, long at) {
        return agreed
                + (at == 0
                        ? ", as in every cluster whose log says nothing else"
                        : ", agreed from slot " + (at + 1) + " on, by the entry at slot " + at);
    }

    static Json json(Version agreed, long at) {
        return new Json()
                .put("system", agreed.system())
                .put("application", agreed.application())
                .put("entry", at);
    }
}
