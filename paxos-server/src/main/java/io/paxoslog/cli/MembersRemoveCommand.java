package io.paxoslog.cli;

import io.paxoslog.core.Change;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes a member. */
@Command(
        name = "remove",
        header = "Removes a member.",
        description = {
            "The node ends once the others hold everything; its id is never used again."
        },
        footer = {
            "",
            "Example:",
            "  ./paxos members remove 2 --members 127.0.0.1:9010,127.0.0.1:9030"
        })
final class MembersRemoveCommand extends ChangeCommand {
    @Parameters(paramLabel = "ID", description = "node id of the member")
    private String removed;

    MembersRemoveCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void requireSound() {
        NewMember.requireNode(removed);
    }

    @Override
    List<Change.Member> wanted(MembersRead now) {
        int node = NewMember.nodeOf(removed);
        if (node > now.latest().highestNode()) {
            throw CommandFailure.failed("there has never been a node " + node);
        }
        return now.but(node);
    }
}
