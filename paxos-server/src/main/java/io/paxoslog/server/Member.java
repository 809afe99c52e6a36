package io.paxoslog.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One node as configured.
 *
 * @param id node id
 * @param host name or address; an IPv6 address in brackets
 * @param port first of the ports the node uses: this one for its peers, the next for its clients
 */
public record Member(int id, String host, int port) {
    /** Ports that a node uses, from {@link #port()} on. */
    static final int PORTS = 2;

    static final String LIMITS =
            "a list like 1=HOST:PORT,2=HOST:PORT,3=HOST:PORT with ids from 1 to 65535, all"
                    + " different";

    private static final int HIGHEST_PORT = 65535 - PORTS + 1;
    private static final Pattern ONE =
            Pattern.compile("(\\d{1,5})=([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):(\\d{1,5})");

    /** Where peers reach it. */
    public String peerAddress() {
        return host + ":" + port;
    }

    /** Where clients reach it. */
    public String clientAddress() {
        return host + ":" + (port + 1);
    }

    /** Reads a list of members and puts it in the order of ids. */
    static List<Member> list(String text) {
        List<Member> members = new ArrayList<>();
        for (String one : text.split(",", -1)) {
            members.add(one(one.strip()));
        }
        members.sort(Comparator.comparingInt(Member::id));
        for (int i = 1; i < members.size(); i++) {
            require(members.get(i).id != members.get(i - 1).id);
        }
        return List.copyOf(members);
    }

    private static Member one(String text) {
        Matcher matcher = ONE.matcher(text);
        require(matcher.matches());
        int id = Integer.parseInt(matcher.group(1));
        int port = Integer.parseInt(matcher.group(3));
        require(id >= 1 && id <= 65535 && port >= 1 && port <= HIGHEST_PORT);
        return new Member(id, matcher.group(2), port);
    }

    private static void require(boolean isRight) {
        if (!isRight) {
            throw new IllegalArgumentException();
        }
    }

    /** Whether some port would have to serve both. */
    boolean overlaps(Member other) {
        return host.equalsIgnoreCase(other.host) && isPortNear(other);
    }

    /** Whether some port would have to serve both if their hosts are one. */
    boolean isPortNear(Member other) {
        return Math.abs(port - other.port) < PORTS;
    }

    /** As it is configured: {@code ID=HOST:PORT}. */
    @Override
    public String toString() {
        return id + "=" + peerAddress();
    }
}
