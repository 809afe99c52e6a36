package orderbook;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.CommandHeader;
import io.paxoslog.client.Subscription;
import io.paxoslog.client.SubscriptionListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * Keeps a copy of every order and every cancel that took effect, in a file, each once. Killed and
 * started again it goes on where it was: the last line that tells how far it came says where, and
 * what stands behind that line is written anew.
 */
final class DropCopy implements SubscriptionListener, AutoCloseable {
    private static final String UP_TO = "up-to ";

    private final StringBuilder lines = new StringBuilder();
    private final RandomAccessFile file;
    private final Subscription subscription;

    private DropCopy(List<String> addresses, Path path) throws IOException {
        file = new RandomAccessFile(path.toFile(), "rw");
        String upTo = cutBehindLastPosition(path);
        subscription =
                upTo.isEmpty()
                        ? Subscription.open(config(addresses), Subscription.FIRST_KEPT, this)
                        : resume(config(addresses), upTo.split(" "));
    }

    private static ClientConfig config(List<String> addresses) {
        return ClientConfig.of(addresses);
    }

    private Subscription resume(ClientConfig config, String[] upTo) {
        long clusterId = Long.parseUnsignedLong(upTo[1], 16);
        return Subscription.open(config, clusterId, Long.parseLong(upTo[2]) + 1, this);
    }

    /** Returns the last line that says how far it came, whole; empty if there is none. */
    private String cutBehindLastPosition(Path path) throws IOException {
        String last = "";
        long end = 0;
        try (BufferedReader reader = Files.newBufferedReader(path, StandardCharsets.US_ASCII)) {
            long read = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                read += line.length() + 1;
                // A process may have died within its last line.
                if (line.startsWith(UP_TO) && read <= file.length()) {
                    last = line;
                    end = read;
                }
            }
        }
        file.setLength(end);
        file.seek(end);
        return last;
    }

    /** {@code HOST:PORT,… FILE}; ends by SIGTERM or SIGKILL, whichever you like. */
    public static void main(String[] args) throws IOException {
        try (DropCopy copy = open(List.of(args[0].split(",")), Path.of(args[1]))) {
            IdleStrategy idle = new BackoffIdleStrategy();
            while (true) {
                idle.idle(copy.poll());
            }
        }
    }

    static DropCopy open(List<String> addresses, Path path) throws IOException {
        return new DropCopy(addresses, path);
    }

    int poll() {
        return subscription.poll();
    }

    @Override
    public void onCommand(DirectBuffer buffer, int offset, int length, CommandHeader header) {
        String what =
                switch (length) {
                    case Wire.PLACE_BYTES ->
                            "%s %d at %d"
                                    .formatted(
                                            Wire.isBuy(buffer, offset) ? "buy" : "sell",
                                            Wire.quantity(buffer, offset),
                                            Wire.price(buffer, offset));
                    case Wire.CANCEL_BYTES -> "cancel " + Wire.order(buffer, offset);
                    default -> "";
                };
        if (!what.isEmpty()) {
            String line = header.slot() + " session " + header.session() + " " + what;
            lines.append(line).append('\n');
        }
    }

    @Override
    public void onProgress(long clusterId, long upToSlot) {
        lines.append(UP_TO).append(Long.toHexString(clusterId));
        lines.append(' ').append(upToSlot).append('\n');
        try {
            file.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lines.setLength(0);
    }

    @Override
    public void close() throws IOException {
        subscription.close();
        file.close();
    }
}
