package io.paxoslog.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where a command that speaks to a cluster finds it. */
final class MembersOption {
    /** Also read by nodes, which is why ids in front of the addresses are allowed here. */
    static final String VARIABLE = "PAXOSLOG_MEMBERS";

    private static final String ID_IN_FRONT = "^\\d{1,5}=";

    @Option(
            names = "--members",
            paramLabel = "HOST:PORT,...",
            description = {
                "nodes of the cluster, some or all of them, each as its own --members names it;"
                        + " 1=HOST:PORT is understood too",
                "(default: the environment variable " + VARIABLE + ")"
            })
    private String members;

    /** The addresses, each {@code HOST:PORT}; whoever connects checks them. */
    List<String> addresses(Map<String, String> environment) {
        String text = members == null ? environment.get(VARIABLE) : members;
        if (text == null || text.isBlank()) {
            throw CommandFailure.wrongUse(
                    "which cluster? Give --members HOST:PORT,HOST:PORT,... or set " + VARIABLE);
        }
        return Arrays.stream(text.split(",", -1))
                .map(one -> one.strip().replaceFirst(ID_IN_FRONT, ""))
                .distinct()
                .toList();
    }
}
