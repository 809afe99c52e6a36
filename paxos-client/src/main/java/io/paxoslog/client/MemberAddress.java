package io.paxoslog.client;

import io.paxoslog.codecs.ClientProtocol;

/** Rules of HOST:PORT. */
final class MemberAddress {
    private static final int MAX_PORT = 65_535 - ClientProtocol.INGRESS_PORT_OFFSET;

    private MemberAddress() {}

    /** Throws an {@link IllegalArgumentException} that says what is wrong with an address. */
    static void check(String address) {
        if (!isRight(address)) {
            throw new IllegalArgumentException(
                    "member '" + address + "': HOST:PORT is needed, PORT from 1 to " + MAX_PORT);
        }
    }

    /** Whether {@link #check} finds nothing. */
    static boolean isRight(String address) {
        return !host(address).isEmpty() && port(address) >= 1 && port(address) <= MAX_PORT;
    }

    /** Whether it is HOST:PORT of this machine: the host a number, the port from 0 on. */
    static boolean isPlace(String place) {
        String host = host(place);
        boolean isNumber = host.matches("[0-9.]+") || (host.startsWith("[") && host.endsWith("]"));
        return isNumber && port(place) >= 0 && port(place) <= MAX_PORT;
    }

    static String host(String address) {
        int colon = address.lastIndexOf(':');
        return colon < 0 ? "" : address.substring(0, colon);
    }

    /** The port, or -1. */
    static int port(String address) {
        try {
            return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Where the member listens for clients. */
    static String ingress(String address) {
        return host(address) + ":" + (port(address) + ClientProtocol.INGRESS_PORT_OFFSET);
    }
}
