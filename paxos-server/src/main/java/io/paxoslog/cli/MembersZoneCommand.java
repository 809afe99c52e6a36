package io.paxoslog.cli;

import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Membership;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Says where members stand. */
@Command(
        name = "zone",
        header = "Says where members stand.",
        description = {
            "Members of one zone may fall together: commands warn of two voters there where another"
                    + " zone has none, and a spare of a free zone comes first."
        },
        footer = {
            "",
            "Example:",
            "  ./paxos members zone 1=east,2=west,3=north --members 127.0.0.1:9010"
        })
final class MembersZoneCommand extends ChangeCommand {
    static final String LIMITS = "zone: '%s' must be at most 32 letters, digits, '-', '_' and '.'";

    @Parameters(
            paramLabel = "ID=ZONE,...",
            description = "members, and where each stands; nothing behind = for no zone")
    private String zones;

    MembersZoneCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void requireSound() {
        for (String one : zones.split(",", -1)) {
            int equals = one.indexOf('=');
            if (equals < 0) {
                throw CommandFailure.wrongUse("'" + one + "': give ID=ZONE");
            }
            NewMember.requireNode(one.substring(0, equals).strip());
            if (!Membership.isZone(one.substring(equals + 1).strip())) {
                throw CommandFailure.wrongUse(LIMITS.formatted(one.substring(equals + 1)));
            }
        }
    }

    @Override
    List<Change.Member> wanted(MembersRead now) {
        Map<Integer, Change.Member> wanted = new TreeMap<>();
        now.latest()
                .members()
                .forEach(member -> wanted.put(MemberId.node(member.identity()), member));
        for (String one : zones.split(",", -1)) {
            int equals = one.indexOf('=');
            int node = NewMember.nodeOf(one.substring(0, equals).strip());
            now.required(node);
            wanted.put(node, wanted.get(node).in(one.substring(equals + 1).strip()));
        }
        return List.copyOf(wanted.values());
    }
}
