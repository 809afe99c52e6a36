package orderbook;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.ReplyListener;
import java.util.ArrayDeque;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** One session at the exchange: places orders, hears what becomes of them, follows the market. */
final class Party implements ReplyListener, AutoCloseable {
    private static final long LONGEST_NS = 60_000_000_000L;

    private final UnsafeBuffer command = new UnsafeBuffer(new byte[Wire.PLACE_BYTES]);

    /** When each order was due that is not answered yet, 0 for what is no order. */
    private final ArrayDeque<Long> due = new ArrayDeque<>();

    private final ArrayDeque<Long> resting = new ArrayDeque<>();
    private final Histogram replies = new Histogram(LONGEST_NS, 3);
    private final Histogram fills = new Histogram(LONGEST_NS, 3);
    private final Histogram markets = new Histogram(LONGEST_NS, 3);
    private final PaxosClient client;
    private long tradedAtOnce;
    private long tradedWhileResting;
    private long bid;
    private long ask;

    Party(List<String> addresses) {
        client = PaxosClient.connect(ClientConfig.of(addresses), this);
    }

    /** Places an order that was due at a time; false: not now, too much is unanswered. */
    boolean place(boolean isBuy, long price, int quantity, long dueNs) {
        return offer(Wire.place(command, isBuy, price, quantity, dueNs), dueNs);
    }

    /** Takes back the oldest order that was resting when it was placed, filled since or not. */
    boolean cancelOldest() {
        return resting.isEmpty()
                || (offer(Wire.cancel(command, resting.peek()), 0) && resting.poll() != null);
    }

    boolean follow() {
        return offer(Wire.follow(command), 0);
    }

    private boolean offer(int bytes, long dueNs) {
        long result = client.offer(command, 0, bytes);
        if (result > 0) {
            due.add(dueNs);
        }
        return result > 0;
    }

    int poll() {
        return client.poll();
    }

    @Override
    public void onReply(long sequence, long slot, DirectBuffer reply, int offset, int length) {
        long dueNs = due.remove();
        if (Wire.kind(reply, offset) == Wire.REFUSED || dueNs == 0) {
            return;
        }
        replies.recordValue(System.nanoTime() - dueNs);
        tradedAtOnce += Wire.done(reply, offset);
        if (Wire.rests(reply, offset) > 0) {
            resting.add(Wire.order(reply, offset));
        }
    }

    @Override
    public void onEvent(long slot, int index, DirectBuffer event, int offset, int length) {
        long now = System.nanoTime();
        if (Wire.kind(event, offset) == Wire.FILL) {
            fills.recordValue(now - Wire.tagOfFill(event, offset));
            tradedWhileResting += Wire.filled(event, offset);
            return;
        }
        bid = Wire.bid(event, offset);
        ask = Wire.ask(event, offset);
        if (Wire.tagOfMarket(event, offset) != 0) {
            markets.recordValue(now - Wire.tagOfMarket(event, offset));
        }
    }

    @Override
    public void onUnknown(long firstSequence, long lastSequence, ClientError why) {
        throw new IllegalStateException(why.advice());
    }

    int unanswered() {
        return client.unanswered();
    }

    /** Quantity that orders of this party traded when they were placed. */
    long tradedAtOnce() {
        return tradedAtOnce;
    }

    /** Quantity that orders of this party traded later, as events said. */
    long tradedWhileResting() {
        return tradedWhileResting;
    }

    /** Best prices, as the market was told last; 0: none. */
    List<Long> bestPrices() {
        return List.of(bid, ask);
    }

    /** From when an order was due until its reply came. */
    Histogram replies() {
        return replies;
    }

    /** From when an order was due until the owner of what it filled heard of that. */
    Histogram fills() {
        return fills;
    }

    /** From when an order was due until a follower heard what it made of the market. */
    Histogram markets() {
        return markets;
    }

    @Override
    public void close() {
        client.close();
    }
}
