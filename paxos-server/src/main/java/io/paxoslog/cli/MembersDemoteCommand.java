package io.paxoslog.cli;

import io.paxoslog.core.Change;
import io.paxoslog.core.Seat;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has a voter only observe. */
@Command(
        name = "demote",
        header = "Has a voter only observe.",
        description = {
            "It learns and applies everything from then on, and counts in no quorum. A leader makes"
                    + " way. With --spare, an observer or a voter becomes a spare."
        },
        footer = {"", "Example:", "  ./paxos members demote 3 --members 127.0.0.1:9010"})
final class MembersDemoteCommand extends ChangeCommand {
    @Parameters(paramLabel = "ID", description = "node id of the member")
    private String demoted;

    @Option(names = "--spare", description = "it may take the place of a voter that is not heard")
    private boolean isSpare;

    MembersDemoteCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void requireSound() {
        NewMember.requireNode(demoted);
    }

    @Override
    List<Change.Member> wanted(MembersRead now) {
        Change.Member member = now.required(NewMember.nodeOf(demoted));
        return now.with(member.as(isSpare ? Seat.SPARE : Seat.OBSERVER));
    }
}
