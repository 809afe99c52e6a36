package io.paxoslog.cli;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.server.ConfigException;
import io.paxoslog.server.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where a command that speaks to a cluster finds it. */
final class MembersOption {
    /** Also read by nodes, which is why ids in front of the addresses are allowed here. */
    static final String VARIABLE = "PAXOSLOG_MEMBERS";

    private static final String ADVERTISED_PORT = "--advertised-port";
    private static final String BIND = "--bind-answers";
    private static final String FLAG = "--members";
    private static final int MOST_PORT = 65_535;
    private static final String ID_IN_FRONT = "^\\d{1,5}=";

    @Option(
            names = FLAG,
            paramLabel = "HOST:PORT,...",
            description = {
                "nodes of the cluster, some or all of them, each as its own --members names it;"
                        + " 1=HOST:PORT is understood too",
                "(default: the environment variable " + VARIABLE + ")"
            })
    private String members;

    @Option(
            names = ADVERTISED_PORT,
            paramLabel = "PORT",
            description = {
                "in a container, or behind a translation of addresses: the UDP port at which nodes"
                        + " answer, at the address that they see; it must be led through to here"
            })
    private Integer advertisedPort;

    @Option(
            names = BIND,
            paramLabel = "HOST:PORT",
            description = {
                "where to listen for answers (default: any port, or that of "
                        + ADVERTISED_PORT
                        + ")"
            })
    private String bind;

    /** The addresses, each {@code HOST:PORT}; a wrong one is refused with where it came from. */
    List<String> addresses(Map<String, String> environment) {
        requireKnownVariables(environment);
        listen();
        String text = members == null ? environment.get(VARIABLE) : members;
        if (text == null || text.isBlank()) {
            throw CommandFailure.wrongUse(
                    "which cluster? Give --members HOST:PORT,HOST:PORT,... or set " + VARIABLE);
        }
        List<String> addresses =
                Arrays.stream(text.split(",", -1))
                        .map(one -> one.strip().replaceFirst(ID_IN_FRONT, ""))
                        .distinct()
                        .toList();
        try {
            return ClientConfig.of(addresses).members();
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUse(
                    e.getMessage() + " (from " + (members == null ? VARIABLE : FLAG) + ")");
        }
    }

    /** By properties: commands have clients of many kinds, and all begin with what these say. */
    private void listen() {
        if (advertisedPort != null) {
            if (advertisedPort < 1 || advertisedPort > MOST_PORT) {
                throw CommandFailure.wrongUse(
                        ADVERTISED_PORT + ": 1 to " + MOST_PORT + ", not " + advertisedPort);
            }
            System.setProperty(ClientConfig.ADVERTISED_PORT_PROPERTY, "" + advertisedPort);
        }
        if (bind != null) {
            System.setProperty(ClientConfig.BIND_PROPERTY, bind);
        }
    }

    private static void requireKnownVariables(Map<String, String> environment) {
        try {
            Settings.requireKnownVariables(environment);
        } catch (ConfigException e) {
            throw CommandFailure.wrongUse(e.getMessage());
        }
    }
}
