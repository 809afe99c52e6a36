package io.paxoslog.cli;

import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Adds a member. */
@Command(
        name = "add",
        header = "Adds a member.",
        description = {
            "The node must run, started with --join. It learns the log first; votes count it in once"
                    + " it has caught up."
        },
        footer = {
            "",
            "Example:",
            "  ./paxos members add 4=127.0.0.1:9040 --members 127.0.0.1:9010,127.0.0.1:9020"
        })
final class MembersAddCommand extends ChangeCommand {
    @Parameters(paramLabel = "ID=HOST:PORT", description = "the new member")
    private String added;

    MembersAddCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void requireSound() {
        NewMember.of(added);
    }

    @Override
    List<Change.Member> wanted(MembersRead now) {
        NewMember given = NewMember.of(added);
        List<Change.Member> wanted = new ArrayList<>(now.latest().members());
        wanted.removeIf(member -> MemberId.node(member.identity()) == given.node());
        wanted.add(identified(now, given));
        return wanted;
    }
}
