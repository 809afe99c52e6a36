package io.paxoslog.cli;

import io.paxoslog.core.Change;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Says where a member is found from now on. */
@Command(
        name = "address",
        header = "Says where a member is found from now on.",
        description = {
            "Stop the node, start it at its new address, and give this command: the others look for"
                    + " it there. Only one member at a time need be away."
        },
        footer = {
            "",
            "Example:",
            "  ./paxos members address 2=10.0.0.7:9020 --members 127.0.0.1:9010"
        })
final class MembersAddressCommand extends ChangeCommand {
    @Parameters(paramLabel = "ID=HOST:PORT", description = "the member, and its new address")
    private String moved;

    MembersAddressCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void requireSound() {
        NewMember.of(moved);
    }

    @Override
    List<Change.Member> wanted(MembersRead now) {
        NewMember given = NewMember.of(moved);
        now.required(given.node());
        return now.with(identified(now, given));
    }
}
