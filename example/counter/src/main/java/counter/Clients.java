package counter;

import io.paxoslog.client.Appended;
import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.PaxosOutcome;
import io.paxoslog.client.ReadMode;
import io.paxoslog.client.RefusedException;
import io.paxoslog.client.ReplyListener;
import io.paxoslog.client.SharedClient;
import io.paxoslog.client.UnknownOutcomeException;
import io.paxoslog.server.PaxosNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Three ways to add to a counter and to read it, and what to do when no answer comes. */
final class Clients {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final byte[] THE_SUM = {};

    private Clients() {}

    /** Any thread may use it, and wait for a reply or have it told later. */
    static long byThreads(List<String> addresses) {
        try (SharedClient client = SharedClient.connect(addresses)) {
            List<CompletableFuture<Appended>> later =
                    IntStream.rangeClosed(1, 10)
                            .mapToObj(n -> client.appendAsync(number(n), DEADLINE))
                            .toList();
            long slot = later.stream().mapToLong(one -> one.join().slot()).max().orElseThrow();
            // Whatever node answers shows what was added here; readAsync would not wait.
            return sum(client.read(ReadMode.AT_LEAST, slot, THE_SUM, DEADLINE).bytes());
        }
    }

    /** One thread that polls: no other thread, no lock, and nothing allocated per command. */
    static long byPolling(List<String> addresses) {
        long[] sum = new long[1];
        ReplyListener listener =
                new ReplyListener() {
                    @Override
                    public void onReply(
                            long sequence, long slot, DirectBuffer reply, int offset, int length) {}

                    @Override
                    public void onRead(
                            long read, long slot, DirectBuffer answer, int offset, int length) {
                        sum[0] = answer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
                    }

                    @Override
                    public void onReadFailed(long read, ClientError why, String about) {
                        throw new IllegalStateException(about + ": " + why.advice());
                    }

                    @Override
                    public void onUnknown(long first, long last, ClientError why) {
                        throw new IllegalStateException(why.advice());
                    }
                };
        try (PaxosClient client = PaxosClient.connect(ClientConfig.of(addresses), listener)) {
            UnsafeBuffer command = new UnsafeBuffer(number(1));
            for (int sent = 0; sent < 10 || client.unanswered() > 0; client.poll()) {
                // A negative result is an error; here only that the window is full.
                if (sent < 10 && client.offer(command, 0, Long.BYTES) > 0) {
                    sent++;
                }
            }
            client.read(ReadMode.READ_INDEX, 0, 5_000, command, 0, 0);
            while (client.unansweredReads() > 0) {
                client.poll();
            }
        }
        return sum[0];
    }

    /** In the process of a node: no network while that node leads. */
    static long besideNode(PaxosNode node) {
        try (SharedClient client = node.connect()) {
            client.append(number(7), DEADLINE);
            return sum(client.read(ReadMode.READ_INDEX, 0, THE_SUM, DEADLINE).bytes());
        }
    }

    /** Adds a number once, and says whether it is added. */
    static boolean addOrSay(SharedClient client, List<String> addresses, long n) {
        try {
            client.append(number(n), DEADLINE);
            return true;
        } catch (RefusedException e) {
            return false; // It did not happen, and never will.
        } catch (UnknownOutcomeException e) {
            // Appending it again might add it twice: ask what became of it instead.
            return switch (PaxosOutcome.ask(addresses, e.token(), 5_000).fate()) {
                case APPLIED, REPLY_GONE -> true;
                case NEVER, SKIPPED -> false;
                case NOT_YET, NOT_KNOWN -> throw e; // Ask again later; or read the log.
            };
        }
    }

    private static byte[] number(long n) {
        return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(n).array();
    }

    private static long sum(byte[] reply) {
        return ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
