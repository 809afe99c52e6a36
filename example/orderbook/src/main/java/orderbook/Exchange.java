package orderbook;

import io.paxoslog.service.CloseReason;
import io.paxoslog.service.Cluster;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Moment;
import io.paxoslog.service.Query;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import io.paxoslog.service.StateView;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The order book as a state machine: each node has it, and all nodes have the same. Orders are its
 * commands. Who placed an order gets a reply; whose order was resting gets an event, as does
 * everybody who follows the market. Whose session ends, for whatever reason, has no orders any more.
 */
final class Exchange implements StateMachine, Book.Fills {
    static final int MOST_ORDERS = 100_000;
    static final int MOST_QUANTITY = 1_000_000;
    static final long MOST_PRICE = 1_000_000_000;

    private final Book book = new Book();

    /** Sessions, in the order in which they came: each node tells them in this order. */
    private final Set<Long> followers = new LinkedHashSet<>();

    private final UnsafeBuffer event = new UnsafeBuffer(new byte[Wire.MARKET_BYTES]);
    private Cluster cluster;
    private long tag;
    private long last;
    private long traded;

    @Override
    public void begin(Cluster newCluster) {
        cluster = newCluster;
    }

    @Override
    public void apply(Entry entry, Reply reply) {
        DirectBuffer command = entry.buffer();
        int at = entry.offset();
        switch (kind(entry)) {
            case Wire.PLACE -> place(entry, command, at, reply);
            case Wire.CANCEL -> cancel(entry.session(), Wire.order(command, at), reply);
            case Wire.FOLLOW -> {
                followers.add(entry.session());
                accept(reply, 0, 0, 0);
            }
            default -> refuse(reply, "no such command");
        }
    }

    /** A command that is not as long as its kind is none. */
    private static byte kind(Entry entry) {
        byte kind = entry.length() == 0 ? 0 : Wire.kind(entry.buffer(), entry.offset());
        int bytes =
                switch (kind) {
                    case Wire.PLACE -> Wire.PLACE_BYTES;
                    case Wire.CANCEL -> Wire.CANCEL_BYTES;
                    case Wire.FOLLOW -> Wire.FOLLOW_BYTES;
                    default -> -1;
                };
        return entry.length() == bytes ? kind : 0;
    }

    private void place(Entry entry, DirectBuffer command, int at, Reply reply) {
        boolean isBuy = Wire.isBuy(command, at);
        long price = Wire.price(command, at);
        int quantity = Wire.quantity(command, at);
        if (price < 1 || price > MOST_PRICE || quantity < 1 || quantity > MOST_QUANTITY) {
            refuse(reply, "price or quantity is out of bounds");
            return;
        }
        long bid = book.bestPrice(true);
        long ask = book.bestPrice(false);
        tag = Wire.tag(command, at);
        traded = 0;
        int left = book.match(isBuy, price, quantity, this);
        boolean rests = left > 0 && book.size() < MOST_ORDERS;
        if (rests) {
            book.rest(new Order(entry.slot(), entry.session(), isBuy, price, left));
        }
        accept(reply, entry.slot(), quantity - left, rests ? left : 0);
        if (traded > 0 || bid != book.bestPrice(true) || ask != book.bestPrice(false)) {
            tellFollowers();
        }
    }

    @Override
    public void filled(Order resting, int quantity) {
        last = resting.price;
        traded += quantity;
        cluster.send(resting.session, event, 0, Wire.fill(event, resting, quantity, tag));
    }

    private void cancel(long session, long id, Reply reply) {
        Order order = book.get(id);
        if (order == null || order.session != session) {
            refuse(reply, "no such order of this session");
            return;
        }
        book.remove(order);
        accept(reply, id, order.quantity, 0);
        tellFollowersOf(0);
    }

    /** Cancel on disconnect. */
    @Override
    public void sessionClosed(Moment at, long session, CloseReason why) {
        followers.remove(session);
        if (book.removeAllOf(session) > 0) {
            tellFollowersOf(0);
        }
    }

    private void tellFollowersOf(long newTag) {
        tag = newTag;
        traded = 0;
        tellFollowers();
    }

    private void tellFollowers() {
        int bytes = Wire.market(event, last, traded, book, tag);
        for (long follower : followers) {
            cluster.send(follower, event, 0, bytes);
        }
    }

    private static void accept(Reply reply, long order, int done, int rests) {
        Wire.accepted(reply.resize(Wire.ACCEPTED_BYTES), order, done, rests);
    }

    private static void refuse(Reply reply, String why) {
        byte[] bytes = Wire.refused(why);
        reply.resize(bytes.length).putBytes(0, bytes);
    }

    /** The market as it is, for whoever begins to follow it. */
    @Override
    public void query(Query query, Reply answer) {
        Wire.market(answer.resize(Wire.MARKET_BYTES), last, 0, book, 0);
    }

    /** Some megabytes at most, so it is copied here, between two commands. */
    @Override
    public StateView view() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(last);
            out.writeInt(followers.size());
            for (long follower : followers) {
                out.writeLong(follower);
            }
            book.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes::writeTo;
    }

    @Override
    public void restore(InputStream from) throws IOException {
        DataInputStream in = new DataInputStream(from);
        last = in.readLong();
        followers.clear();
        for (int left = in.readInt(); left > 0; left--) {
            followers.add(in.readLong());
        }
        book.readFrom(in);
    }

    /** For tests: how many orders rest, and the best prices. */
    List<Long> market() {
        return List.of((long) book.size(), book.bestPrice(true), book.bestPrice(false));
    }
}
