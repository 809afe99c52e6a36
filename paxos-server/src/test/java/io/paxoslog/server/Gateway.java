package io.paxoslog.server;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.ReplyListener;
import io.paxoslog.client.SessionToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A program that may be killed at any moment: it places orders, hears when they are filled, and
 * writes both down, each once. Started again, it goes on where it was.
 */
final class Gateway implements ReplyListener {
    private static final int MOST_UNANSWERED = 8;

    private final GatewayBook book;
    private PaxosClient client;

    private Gateway(GatewayBook book) {
        this.book = book;
    }

    /** {@code members file orders}; ends once all orders are placed and filled. */
    public static void main(String[] args) throws IOException {
        ClientConfig config = ClientConfig.of(List.of(args[0].split(",")));
        try (GatewayBook book = GatewayBook.open(Path.of(args[1]))) {
            new Gateway(book).run(config, Integer.parseInt(args[2]));
        }
    }

    private void run(ClientConfig config, int orders) {
        begin(config);
        IdleStrategy idle = new BackoffIdleStrategy();
        while (book.all("reply").size() < orders || book.all("fill").size() < orders) {
            int placed = book.all("order").size();
            if (placed < orders && client.unanswered() < MOST_UNANSWERED) {
                place(placed + 1);
            }
            idle.idle(client.poll());
        }
        client.close();
    }

    private void begin(ClientConfig config) {
        SessionToken token = book.token();
        if (token == null) {
            client = PaxosClient.connect(config, this);
            book.write("begin", "session " + client.sessionId(), client.sessionToken());
            return;
        }
        client = PaxosClient.takeUp(config, token, this);
        // What is not answered may have taken effect or not; under its number it does so once.
        List<String> orders = book.all("order");
        for (long next = token.nextSequence(); next <= orders.size(); next++) {
            offer(orders.get((int) next - 1));
        }
    }

    /** Written down before it is sent: its line is its number. */
    private void place(int number) {
        String order = "order " + number;
        book.write("order", order, null);
        offer(order);
    }

    private void offer(String order) {
        byte[] command = order.getBytes(StandardCharsets.UTF_8);
        if (client.offer(new UnsafeBuffer(command), 0, command.length) < 0) {
            throw new IllegalStateException("not taken: " + order);
        }
    }

    @Override
    public void onReply(long sequence, long slot, DirectBuffer reply, int offset, int length) {
        String text = reply.getStringWithoutLengthUtf8(offset, length);
        book.write("reply", text + " at " + slot, client.sessionToken());
    }

    @Override
    public void onEvent(long slot, int index, DirectBuffer event, int offset, int length) {
        String text = event.getStringWithoutLengthUtf8(offset, length);
        book.write("fill", slot + "." + index + " " + text, client.sessionToken());
    }

    @Override
    public void onEventsLost(long slot, int index) {
        throw new IllegalStateException("lost up to " + slot + "." + index);
    }
}
