package io.paxoslog.gateway;

/**
 * Where a client says it listens. Only numbers are taken, so that nobody can make the replica
 * thread look up a name or open any other kind of channel.
 */
final class ResponseEndpoint {
    private static final int MAX_PORT = 65_535;
    private static final int LONGEST = 64;

    private ResponseEndpoint() {}

    static boolean isValid(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        return colon > 0
                && endpoint.length() <= LONGEST
                && isPort(endpoint, colon + 1)
                && (isIpv4(endpoint, colon) || isIpv6(endpoint, colon));
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
