package io.paxoslog.cli;

import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Seat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What may be said against a change of members that the rules allow. */
final class ChangeWarnings {
    private final List<Change.Member> before;
    private final Change change;
    private final List<String> lines = new ArrayList<>();

    private ChangeWarnings(List<Change.Member> before, Change change) {
        this.before = before;
        this.change = change;
    }

    /** One line each; none when nothing is to be said. */
    static List<String> of(List<Change.Member> before, Change change) {
        ChangeWarnings warnings = new ChangeWarnings(before, change);
        warnings.lookAtNumbers();
        warnings.lookAtZones();
        warnings.lookAtSpares();
        return warnings.lines;
    }

    private static List<Change.Member> voters(List<Change.Member> members) {
        return members.stream().filter(member -> member.seat().votes()).toList();
    }

    private void lookAtNumbers() {
        int size = voters(change.members()).size();
        int largest = Math.max(change.prepareQuorum(), change.acceptQuorum());
        boolean isAsBefore = voters(before).size() == size;
        if (size == largest) {
            lines.add(
                    size == 1
                            ? "one voter: when it is gone, so is the cluster"
                            : "every one of %d voters is needed then".formatted(size));
        } else if (size % 2 == 0 && largest == size / 2 + 1 && !isAsBefore) {
            lines.add(
                    "%d voters go on without %d, as %d do"
                            .formatted(size, size - largest, size - 1));
        }
    }

    /** Two voters of a zone fall together, where another zone has none. */
    private void lookAtZones() {
        Set<String> free = new HashSet<>();
        change.members().forEach(member -> free.add(member.zone()));
        voters(change.members()).forEach(member -> free.remove(member.zone()));
        free.remove("");
        if (free.isEmpty()) {
            return;
        }
        for (String zone : zones()) {
            List<Change.Member> there =
                    voters(change.members()).stream()
                            .filter(member -> member.zone().equals(zone))
                            .toList();
            if (there.size() > 1) {
                lines.add(
                        "voters %s are in zone %s, and no voter is in %s"
                                .formatted(nodes(there), zone, String.join(", ", free)));
            }
        }
    }

    private List<String> zones() {
        return change.members().stream()
                .map(Change.Member::zone)
                .filter(zone -> !zone.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }

    private static String nodes(List<Change.Member> members) {
        return members.stream()
                .map(member -> Integer.toString(MemberId.node(member.identity())))
                .collect(Collectors.joining(" and "));
    }

    private void lookAtSpares() {
        if (hasSpare(before) && !hasSpare(change.members())) {
            lines.add("no spare is left then: nobody takes the place of a voter by itself");
        }
    }

    private static boolean hasSpare(List<Change.Member> members) {
        return members.stream().anyMatch(member -> member.seat() == Seat.SPARE);
    }
}
