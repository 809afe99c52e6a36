package io.paxoslog.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Names the commands about members. */
@Command(
        name = "members",
        mixinStandardHelpOptions = true,
        usageHelpWidth = 100,
        header = "Shows who the members are, changes it, or has another of them lead.",
        description = {
            "The members are part of the log: an entry, made by the leader and in force from a slot"
                    + " on. Nothing is proposed before quorums of the members to come are there and"
                    + " caught up."
        },
        footer = {
            "",
            "Examples:",
            "  ./paxos members list --members 127.0.0.1:9010",
            "  ./paxos members add 4=127.0.0.1:9040 --members 127.0.0.1:9010",
            "  ./paxos members replace 2 5=127.0.0.1:9050 --members 127.0.0.1:9010",
            "  ./paxos members transfer 3 --members 127.0.0.1:9010"
        })
final class MembersCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
