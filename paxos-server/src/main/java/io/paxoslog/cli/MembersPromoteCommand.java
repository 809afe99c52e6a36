package io.paxoslog.cli;

import io.paxoslog.core.Change;
import io.paxoslog.core.Seat;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Has an observer vote. */
@Command(
        name = "promote",
        header = "Has an observer vote.",
        description = {
            "It keeps its place and its zone; nothing is proposed before it has caught up, if it is"
                    + " needed."
        },
        footer = {"", "Example:", "  ./paxos members promote 4 --members 127.0.0.1:9010"})
final class MembersPromoteCommand extends ChangeCommand {
    @Parameters(paramLabel = "ID", description = "node id of the observer")
    private String promoted;

    MembersPromoteCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void requireSound() {
        NewMember.requireNode(promoted);
    }

    @Override
    List<Change.Member> wanted(MembersRead now) {
        return now.with(now.required(NewMember.nodeOf(promoted)).as(Seat.VOTER));
    }
}
