package io.paxoslog.cli;

import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Puts a new member in the place of another one. */
@Command(
        name = "replace",
        header = "Puts a new member in the place of another one.",
        description = {
            "By one change, so that no quorum is smaller meanwhile; the old member may be dead."
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
        if (now.member(node) == null && now.member(given.node()) == null) {
            throw CommandFailure.failed("node " + node + " is no member");
        }
        List<Change.Member> wanted = new ArrayList<>(now.latest().members());
        wanted.removeIf(
                member ->
                        MemberId.node(member.identity()) == node
                                || MemberId.node(member.identity()) == given.node());
        wanted.add(identified(now, given));
        return wanted;
    }
}
