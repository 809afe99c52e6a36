package io.paxoslog.gateway;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where a client says it listens. Only numbers are taken, so that nobody can make the replica
 * thread look up a name or open any other kind of channel.
 */
final class ResponseEndpoint {
    private static final int MAX_PORT = 65_535;
    private static final int LONGEST = 64;
    private static final String ANY_IPV4 = "0.0.0.0";
    private static final String ANY_IPV6 = "[::]";

    private ResponseEndpoint() {}

    static boolean isValid(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        return colon > 0
                && endpoint.length() <= LONGEST
                && isPort(endpoint, colon + 1)
                && (isIpv4(endpoint, colon) || isIpv6(endpoint, colon));
    }

    /**
     * Whether a client answers where it speaks from, so that nobody can have a node send to others.
     *
     * @param endpoint a valid one
     * @param source address and port that its words come from
     */
    static boolean isAt(String endpoint, String source) {
        String host = host(endpoint);
        String from = host(source);
        return host.equals(from) || isSameIpv6(host, from);
    }

    /**
     * Where a client is answered that names only its port: something on the way gives it an address
     * that it does not know.
     *
     * @param endpoint a valid one
     * @param source address and port that its words come from
     */
    static String seen(String endpoint, String source) {
        String host = host(endpoint);
        boolean isAny = host.equals(ANY_IPV4) || host.equals(ANY_IPV6);
        return isAny ? host(source) + endpoint.substring(endpoint.lastIndexOf(':')) : endpoint;
    }

    private static String host(String endpoint) {
        String host = endpoint.substring(0, Math.max(0, endpoint.lastIndexOf(':')));
        int scope = host.indexOf('%');
        return scope < 0 ? host : host.substring(0, scope) + ']';
    }

    /** One address of IPv6 is written in many ways. */
    private static boolean isSameIpv6(String one, String other) {
        if (!one.startsWith("[") || !other.startsWith("[")) {
            return false;
        }
        try {
            // Of an address in brackets no name is looked up.
            return InetAddress.getByName(one).equals(InetAddress.getByName(other));
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean isPort(String endpoint, int from) {
        int port = 0;
        for (int i = from; i < endpoint.length(); i++) {
            if (!isDigit(endpoint.charAt(i)) || port > MAX_PORT) {
                return false;
            }
            port = port * 10 + endpoint.charAt(i) - '0';
        }
        return port >= 1 && port <= MAX_PORT;
    }

    private static boolean isIpv4(String endpoint, int end) {
        int dots = 0;
        int part = -1;
        for (int i = 0; i < end; i++) {
            char c = endpoint.charAt(i);
            if (c == '.' && part >= 0) {
                dots++;
                part = -1;
            } else if (isDigit(c) && part <= 25) {
                part = Math.max(part, 0) * 10 + c - '0';
            } else {
                return false;
            }
            if (part > 255) {
                return false;
            }
        }
        return dots == 3 && part >= 0;
    }

    private static boolean isIpv6(String endpoint, int end) {
        if (endpoint.charAt(0) != '[' || endpoint.charAt(end - 1) != ']') {
            return false;
        }
        int colons = 0;
        for (int i = 1; i < end - 1; i++) {
            char c = endpoint.charAt(i);
            boolean isHex = Character.digit(c, 16) >= 0 && c <= 'f';
            if (!isHex && c != ':') {
                return false;
            }
            colons += c == ':' ? 1 : 0;
        }
        return colons >= 2 && colons <= 7;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
