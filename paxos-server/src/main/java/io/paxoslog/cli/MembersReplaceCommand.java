package io.paxoslog.cli;

import io.paxoslog.core.Change;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Puts a new member in the place of another one. */
@Command(
        name = "replace",
        header = "Puts a new member in the place of another one.",
        description = {
            "By one change, so that no quorum is smaller meanwhile; the old member may be dead. The"
                    + " new one takes its seat, and may have been an observer."
        },
        footer = {
            "",
            "Example:",
            "  ./paxos members replace 2 5=127.0.0.1:9050 --members 127.0.0.1:9010,127.0.0.1:9030"
        })
final class MembersReplaceCommand extends ChangeCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "node id of the old member")
    private String removed;

    @Parameters(index = "1", paramLabel = "ID=HOST:PORT", description = "the new member")
    private String added;

    MembersReplaceCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void requireSound() {
        NewMember.of(added);
        NewMember.requireNode(removed);
    }

    @Override
    List<Change.Member> wanted(MembersRead now) {
        NewMember given = NewMember.of(added);
        int node = NewMember.nodeOf(removed);
        Change.Member old = now.member(node);
        if (old == null && now.member(given.node()) == null) {
            throw CommandFailure.failed("node " + node + " is no member");
        }
        Change.Member identified = identified(now, given);
        List<Change.Member> wanted = now.but(node, given.node());
        // The same command given again finds the old one gone.
        wanted.add(old == null ? identified : identified.as(old.seat()));
        return wanted;
    }
}
