package io.paxoslog.media;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends datagrams to ports of loopback at a steady rate: half of them noise, half well formed and
 * forged, of every kind. Some senders answer what they are asked, as real publications do, and say
 * hello by ever new links.
 *
 * <p>Arguments: datagrams a second, seconds, then ports, peers' and clients' ports in turn.
 */
public final class Flood {
    private static final int SENDERS = 16;
    private static final int ANSWERING = Integer.getInteger("flood.answering", 4);
    private static final int CLIENT_STREAM = 10;
    private static final int LONGEST = 1_400;
    private static final long SEED = 11;

    private final Random random = new Random(SEED);
    private final Forger[] senders = new Forger[SENDERS];
    private final int[] offsets = new int[SENDERS];
    private final int[] ports;
    private final byte[] noise = new byte[LONGEST];
    private int session;
    private long sent;

    private Flood(int[] ports) {
        this.ports = ports;
        Arrays.setAll(senders, i -> new Forger());
        session = random.nextInt();
    }

    public static void main(String[] arguments) {
        int perSecond = Integer.parseInt(arguments[0]);
        double seconds = Double.parseDouble(arguments[1]);
        int[] ports = Arrays.stream(arguments).skip(2).mapToInt(Integer::parseInt).toArray();
        Flood flood = new Flood(ports);
        long startNs = System.nanoTime();
        long endNs = startNs + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        while (System.nanoTime() < endNs) {
            long due =
                    (long)
                            ((System.nanoTime() - startNs)
                                    / (double) TimeUnit.SECONDS.toNanos(1)
                                    * perSecond);
            flood.sendUpTo(due);
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(500));
        }
        System.out.printf(
                Locale.ROOT,
                "%,d datagrams, %,d a second%n",
                flood.sent,
                (long) (flood.sent / seconds));
    }

    private void sendUpTo(long due) {
        while (sent < due) {
            int port = (int) (sent / 2 % ports.length);
            Forger sender = senders[(int) (sent % SENDERS)];
            if (sent % 2 == 0) {
                random.nextBytes(noise);
                sender.send(ports[port], noise, random.nextInt(LONGEST));
            } else {
                sender.send(ports[port], forged(port % 2 == 1 ? CLIENT_STREAM : 1 + port / 2 % 2));
            }
            sent++;
        }
        for (int i = 0; i < ANSWERING; i++) {
            senders[i].answer();
        }
    }

    private byte[] forged(int stream) {
        int sender = (int) (sent % SENDERS);
        int own = 1_000 + sender;
        byte[] hello = Forger.hello(sent, "127.0.0.1:" + (20_000 + sent % 10_000));
        int offset = offsets[sender];
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> Forger.setup(stream, session++);
            case 3 -> Forger.setup(stream, own, 4 << 20, 1408, 0);
            case 4, 5 -> {
                byte[] said = Forger.message(stream, own, offset, hello);
                offsets[sender] = (offset + said.length) % (4 << 19);
                yield said;
            }
            case 6 -> Forger.data(stream, own, offset, Forger.BEGIN, 0x7FFF_FFE0, hello);
            case 7 -> Forger.heartbeat(stream, session - random.nextInt(100), 0, Forger.WHOLE);
            case 8 -> Forger.measurement(stream, own, random.nextLong(), random.nextInt(2) * 0x80);
            default -> Forger.status(stream, own, 0, 1 << 20, random.nextInt(4) * 0x40);
        };
    }
}
