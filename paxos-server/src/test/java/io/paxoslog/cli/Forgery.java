package io.paxoslog.cli;

import io.paxoslog.media.Forger;
import java.util.List;
import java.util.Random;

/** A burst of what strangers send: noise, set-ups, hellos, and frames that do not fit. */
final class Forgery {
    private static final int CLIENT_STREAM = 10;
    private static final int[] PEER_STREAMS = {1, 2};

    private Forgery() {}

    /** Sends so many datagrams to the ports of nodes on the loopback address. */
    static void send(List<Integer> nodes, Random random, int datagrams) {
        try (Forger forger = new Forger()) {
            for (int i = 0; i < datagrams; i++) {
                int node = nodes.get(random.nextInt(nodes.size()));
                boolean isClient = random.nextBoolean();
                int stream = isClient ? CLIENT_STREAM : PEER_STREAMS[random.nextInt(2)];
                forger.send(isClient ? node + 1 : node, datagram(stream, forger.port(), random));
                forger.answer();
            }
        }
    }

    private static byte[] datagram(int stream, int ownPort, Random random) {
        // A few sessions, so that set-ups and what follows them belong together at times.
        int session = random.nextInt(20);
        return switch (random.nextInt(6)) {
            case 0 -> noise(random);
            case 1 -> Forger.setup(stream, session);
            case 2 ->
                    Forger.message(
                            stream,
                            session,
                            0,
                            Forger.hello(random.nextLong(), "127.0.0.1:" + ownPort));
            case 3 ->
                    Forger.data(stream, session, 0, Forger.BEGIN, random.nextInt(), noise(random));
            case 4 -> Forger.status(stream, session, random.nextInt(), random.nextInt(), 0);
            default -> Forger.flipped(Forger.setup(stream, session), random.nextInt(320));
        };
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }
}
