package io.paxoslog.cli;

import io.paxoslog.core.Change;
import java.util.List;
import picocli.CommandLine.Command;

/** Changes how many members it takes. */
@Command(
        name = "quorums",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Changes how many members it takes.",
        description = {
            "Together they must be more than the members. What is not given is as before."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:in force, now or before",
            "1:refused or given up; the line says why",
            "2:wrong use",
            "3:no leader, or not in time: the same command may be given again"
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
