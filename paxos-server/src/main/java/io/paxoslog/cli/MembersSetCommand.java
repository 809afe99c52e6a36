package io.paxoslog.cli;

import io.paxoslog.core.Change;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes these the members, all of them. */
@Command(
        name = "set",
        header = "Makes these the members, all of them.",
        description = {
            "Any set, by one change: others, more, fewer, or the same at other addresses."
        },
        footer = {
            "",
            "Example:",
            "  ./paxos members set 1=127.0.0.1:9010,4=127.0.0.1:9040,5=127.0.0.1:9050 --members 127.0.0.1:9010"
        })
final class MembersSetCommand extends ChangeCommand {
    @Parameters(paramLabel = "ID=HOST:PORT,...", description = "all members")
    private String all;

    MembersSetCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void requireSound() {
        for (String one : all.split(",", -1)) {
            NewMember.of(one.strip());
        }
    }

    @Override
    List<Change.Member> wanted(MembersRead now) {
        List<Change.Member> wanted = new ArrayList<>();
        for (String one : all.split(",", -1)) {
            wanted.add(identified(now, NewMember.of(one.strip())));
        }
        return wanted;
    }
}
