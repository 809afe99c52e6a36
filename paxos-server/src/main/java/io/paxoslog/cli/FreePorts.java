package io.paxoslog.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Finds ports on the loopback address for nodes of one machine. */
final class FreePorts {
    /** Ports one node may use, from its own on. */
    static final int PORTS_PER_NODE = 10;

    // Below what Linux gives to sockets that do not care, so that a free port stays free.
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 1_000;

    private FreePorts() {}

    /** Returns the first port of as many free blocks of ten UDP ports. */
    static List<Integer> find(int nodes) {
        List<DatagramSocket> held = new ArrayList<>();
        try {
            List<Integer> found = new ArrayList<>();
            while (found.size() < nodes) {
                found.add(holdBlock(held));
            }
            return found;
        } finally {
            held.forEach(DatagramSocket::close);
        }
    }

    private static int holdBlock(List<DatagramSocket> held) {
        int blocks = (HIGHEST - LOWEST) / PORTS_PER_NODE;
        for (int i = 0; i < ATTEMPTS; i++) {
            int first = LOWEST + PORTS_PER_NODE * ThreadLocalRandom.current().nextInt(blocks);
            if (isHeld(first, held)) {
                return first;
            }
        }
        throw CommandFailure.failed(
                "found no ten free UDP ports in a row between " + LOWEST + " and " + HIGHEST);
    }

    private static boolean isHeld(int first, List<DatagramSocket> held) {
        int before = held.size();
        for (int port = first; port < first + PORTS_PER_NODE; port++) {
            DatagramSocket socket = bind(port);
            if (socket == null) {
                List<DatagramSocket> partly = held.subList(before, held.size());
                partly.forEach(DatagramSocket::close);
                partly.clear();
                return false;
            }
            held.add(socket);
        }
        return true;
    }

    private static DatagramSocket bind(int port) {
        try {
            DatagramSocket socket = new DatagramSocket(null);
            try {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return socket;
            } catch (IOException taken) {
                socket.close();
                return null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
