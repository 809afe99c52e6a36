package io.paxoslog.cli;

import io.paxoslog.core.Change;
import java.util.List;
import picocli.CommandLine.Command;

/** Changes how many members it takes. */
@Command(
        name = "quorums",
        header = "Changes how many members it takes.",
        description = {
            "Together they must be more than the members. What is not given is as before."
        },
        footer = {
            "",
            "Example:",
            "  ./paxos members quorums --prepare 4 --accept 2 --members 127.0.0.1:9010,127.0.0.1:9020"
        })
final class MembersQuorumsCommand extends ChangeCommand {

    MembersQuorumsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    List<Change.Member> wanted(MembersRead now) {
        return now.latest().members();
    }
}
