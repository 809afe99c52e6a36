package orderbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxoslog.server.PaxosNode;
import io.paxoslog.testkit.SimulatedCluster;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExchangeTest {
    @TempDir private Path directory;

    /** Three nodes under crashes, losses of power, partitions, and clients that come and go. */
    @Test
    void allNodesHaveOneBookWhateverFails() {
        SimulatedCluster.of(Exchange::new, ExchangeTest::command)
                .seeds(1, 30)
                .stateHash(exchange -> exchange.market().hashCode())
                .invariant(ExchangeTest::requireUncrossed)
                .run();
    }

    private static byte[] command(RandomGenerator random) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[Wire.PLACE_BYTES]);
        int bytes =
                switch (random.nextInt(10)) {
                    case 0 -> Wire.cancel(buffer, random.nextInt(50));
                    case 1 -> Wire.follow(buffer);
                    case 2 -> random.nextInt(Wire.PLACE_BYTES);
                    default ->
                            Wire.place(
                                    buffer,
                                    random.nextBoolean(),
                                    95 + random.nextInt(10),
                                    random.nextInt(10),
                                    1);
                };
        return Arrays.copyOf(buffer.byteArray(), bytes);
    }

    private static void requireUncrossed(Exchange exchange) {
        List<Long> market = exchange.market();
        boolean isOneSided = market.get(1) == 0 || market.get(2) == 0;
        if (!isOneSided && market.get(1) >= market.get(2)) {
            throw new AssertionError("crossed: " + market);
        }
    }

    @Test
    void whoseOrderRestsHearsOfItsFillAndFollowersHearOfTheMarket() throws IOException {
        List<String> address = List.of("127.0.0.1:" + freePort());
        try (PaxosNode node = Node.start(1, "1=" + address.get(0), directory);
                Party maker = new Party(address);
                Party taker = new Party(address);
                Party follower = new Party(address)) {
            assertTrue(follower.follow());
            await(() -> follower.unanswered() == 0, follower);
            maker.place(true, 100, 7, System.nanoTime());
            await(() -> follower.bestPrices().equals(List.of(100L, 0L)), maker, follower);

            taker.place(false, 99, 4, System.nanoTime());
            await(() -> maker.tradedWhileResting() == 4, maker, taker, follower);

            await(() -> taker.tradedAtOnce() == 4, taker);
            assertEquals(0, taker.tradedWhileResting());
            assertEquals(1, node.id());
        }
    }

    @Test
    void whoLeavesTakesItsOrdersAlong() throws IOException {
        List<String> address = List.of("127.0.0.1:" + freePort());
        try (PaxosNode node = Node.start(1, "1=" + address.get(0), directory);
                Party follower = new Party(address)) {
            assertTrue(follower.follow());
            await(() -> follower.unanswered() == 0, follower);
            try (Party maker = new Party(address)) {
                maker.place(true, 100, 7, System.nanoTime());
                await(() -> follower.bestPrices().equals(List.of(100L, 0L)), maker, follower);
            }
            await(() -> follower.bestPrices().equals(List.of(0L, 0L)), follower);
            assertEquals(1, node.id());
        }
    }

    /** It dies within a line; what it had not said to be whole is written again, once. */
    @Test
    void aDropCopyGoesOnWhereItWas() throws IOException {
        List<String> address = List.of("127.0.0.1:" + freePort());
        Path file = directory.resolve("orders.txt");
        try (PaxosNode node = Node.start(1, "1=" + address.get(0), directory.resolve("node"));
                Party maker = new Party(address)) {
            copyAfter(3, maker, address, file);
            Files.writeString(file, "99 session 9 buy 1 at 1\nup-to 7", StandardOpenOption.APPEND);
            copyAfter(2, maker, address, file);
            assertEquals(5, orders(file).size());
            assertEquals(orders(file).stream().distinct().toList(), orders(file));
            assertEquals(1, node.id());
        }
    }

    private static void copyAfter(int orders, Party maker, List<String> address, Path file)
            throws IOException {
        for (int i = 1; i <= orders; i++) {
            maker.place(true, 100 + i, i, System.nanoTime());
        }
        await(() -> maker.unanswered() == 0, maker);
        long had =
                Files.exists(file) ? orders(file).stream().filter(ExchangeTest::isReal).count() : 0;
        try (DropCopy copy = DropCopy.open(address, file)) {
            await(
                    () -> {
                        copy.poll();
                        return orders(file).size() == had + orders;
                    },
                    maker);
        }
    }

    private static boolean isReal(String line) {
        return !line.startsWith("99 ");
    }

    private static List<String> orders(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.contains(" session "))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(BooleanSupplier what, Party... parties) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!what.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not come");
            }
            for (Party party : parties) {
                party.poll();
            }
            Thread.onSpinWait();
        }
    }

    /** A node uses two ports, one behind the other. */
    private static int freePort() throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            try (DatagramSocket first = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
                int port = first.getLocalPort();
                new DatagramSocket(new InetSocketAddress("127.0.0.1", port + 1)).close();
                return port;
            } catch (SocketException | IllegalArgumentException e) {
                continue;
            }
        }
        throw new IOException("no two free ports in a row");
    }
}
