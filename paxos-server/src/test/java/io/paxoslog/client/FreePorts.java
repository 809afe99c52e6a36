package io.paxoslog.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;

/** Ports of this machine that nobody uses. */
public final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;

    /**
     * The pair given last. A property of the process, not a static field: tests that run beside one
     * another in class loaders of their own must not be given the same ports.
     */
    private static final String LAST_GIVEN = "paxoslog.test.port";

    private FreePorts() {}

    /** The first of two neighbours; nobody else in this process is given them. */
    public static int two() {
        for (int tried = FIRST; tried < LAST; tried += 2) {
            int port = next();
            if (isFree(port) && isFree(port + 1)) {
                return port;
            }
        }
        throw new IllegalStateException("no free ports");
    }

    private static int next() {
        Object next =
                System.getProperties()
                        .compute(
                                LAST_GIVEN,
                                (name, last) ->
                                        last == null ? ofThisProcess() : after((String) last));
        return Integer.parseInt((String) next);
    }

    private static String ofThisProcess() {
        long pairs = (LAST - FIRST) / 2;
        return String.valueOf(FIRST + 2 * (ProcessHandle.current().pid() * 25 % pairs));
    }

    private static String after(String last) {
        int port = Integer.parseInt(last) + 2;
        return String.valueOf(port < LAST ? port : FIRST);
    }

    private static boolean isFree(int port) {
        try (DatagramSocket socket = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort() == port;
        } catch (IOException e) {
            if (e instanceof java.net.BindException) {
                return false;
            }
            throw new UncheckedIOException(e);
        }
    }
}
