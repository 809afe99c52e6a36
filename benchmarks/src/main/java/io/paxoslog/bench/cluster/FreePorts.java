package io.paxoslog.bench.cluster;

import io.paxoslog.bench.contender.ClusterSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.agrona.CloseHelper;

/** Finds blocks of UDP ports on the loopback address that are free now. */
public final class FreePorts {
    // Below what Linux gives to sockets that do not care, so that a free port stays free.
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 10_000;
    private static final int BLOCK = ClusterSettings.PORTS_PER_NODE;

    private FreePorts() {}

    /**
     * Returns the first port of as many free blocks of {@link ClusterSettings#PORTS_PER_NODE}.
     *
     * @throws RuntimeException saying that too few are free
     */
    public static List<Integer> find(int blocks) {
        List<DatagramChannel> held = new ArrayList<>();
        List<Integer> found = new ArrayList<>();
        try {
            for (int i = 0; i < ATTEMPTS && found.size() < blocks; i++) {
                int first =
                        LOWEST
                                + BLOCK
                                        * ThreadLocalRandom.current()
                                                .nextInt((HIGHEST - LOWEST) / BLOCK);
                if (hold(first, held)) {
                    found.add(first);
                }
            }
        } finally {
            CloseHelper.quietCloseAll(held);
        }
        if (found.size() < blocks) {
            throw CompareException.failed(
                    "too few UDP ports between %d and %d are free".formatted(LOWEST, HIGHEST));
        }
        return found;
    }

    private static boolean hold(int first, List<DatagramChannel> held) {
        for (int port = first; port < first + BLOCK; port++) {
            try {
                DatagramChannel channel = DatagramChannel.open();
                held.add(channel);
                channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException taken) {
                return false;
            }
        }
        return true;
    }
}
