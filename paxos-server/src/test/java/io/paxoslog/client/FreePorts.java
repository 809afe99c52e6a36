package io.paxoslog.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;

/** Ports of this machine that nobody uses. */
public final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;
    private static int next = FIRST + (int) (ProcessHandle.current().pid() * 50 % (LAST - FIRST));

    private FreePorts() {}

    /** The first of two neighbours; no port is given twice. */
    public static synchronized int two() {
        for (int tried = FIRST; tried < LAST; tried += 2) {
            int port = next;
            next = next + 2 < LAST ? next + 2 : FIRST;
            if (isFree(port) && isFree(port + 1)) {
                return port;
            }
        }
        throw new IllegalStateException("no free ports");
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
