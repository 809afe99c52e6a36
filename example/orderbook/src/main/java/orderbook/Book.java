package orderbook;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A limit order book: the best price first, and at one price the oldest order first. */
final class Book {
    /** Hears what an order was filled with. */
    interface Fills {
        /** A resting order gave so much, at its own price; it has what is left already. */
        void filled(Order resting, int quantity);
    }

    private final TreeMap<Long, Level> bids = new TreeMap<>(Comparator.reverseOrder());
    private final TreeMap<Long, Level> asks = new TreeMap<>();
    private final Map<Long, Order> byId = new HashMap<>();
    private final Map<Long, Map<Long, Order>> bySession = new HashMap<>();

    /** Trades with what rests at this price or a better one; returns what is left. */
    int match(boolean isBuy, long price, int quantity, Fills fills) {
        TreeMap<Long, Level> others = isBuy ? asks : bids;
        int left = quantity;
        while (left > 0 && !others.isEmpty() && isAsGood(isBuy, price, others.firstKey())) {
            Level best = others.firstEntry().getValue();
            Order resting = best.oldest();
            int traded = Math.min(left, resting.quantity);
            left -= traded;
            best.reduce(resting, traded);
            if (resting.quantity == 0) {
                remove(resting);
            }
            fills.filled(resting, traded);
        }
        return left;
    }

    private static boolean isAsGood(boolean isBuy, long limit, long price) {
        return isBuy ? price <= limit : price >= limit;
    }

    void rest(Order order) {
        side(order.isBuy).computeIfAbsent(order.price, price -> new Level()).add(order);
        byId.put(order.id, order);
        bySession.computeIfAbsent(order.session, id -> new LinkedHashMap<>()).put(order.id, order);
    }

    /** The order of that number, or null. */
    Order get(long id) {
        return byId.get(id);
    }

    void remove(Order order) {
        TreeMap<Long, Level> side = side(order.isBuy);
        Level level = side.get(order.price);
        level.remove(order);
        if (level.isEmpty()) {
            side.remove(order.price);
        }
        byId.remove(order.id);
        Map<Long, Order> own = bySession.get(order.session);
        own.remove(order.id);
        if (own.isEmpty()) {
            bySession.remove(order.session);
        }
    }

    /** Takes back all that a session has in the book; returns how many orders that were. */
    int removeAllOf(long session) {
        Collection<Order> own = bySession.getOrDefault(session, Map.of()).values();
        List<Order> all = List.copyOf(own);
        all.forEach(this::remove);
        return all.size();
    }

    private TreeMap<Long, Level> side(boolean isBuy) {
        return isBuy ? bids : asks;
    }

    int size() {
        return byId.size();
    }

    /** The best price of a side, or 0. */
    long bestPrice(boolean isBuy) {
        return side(isBuy).isEmpty() ? 0 : side(isBuy).firstKey();
    }

    /** What rests at the best price of a side. */
    long bestQuantity(boolean isBuy) {
        return side(isBuy).isEmpty() ? 0 : side(isBuy).firstEntry().getValue().quantity();
    }

    /** Equal books are written as equal bytes. */
    void writeTo(DataOutputStream out) throws IOException {
        out.writeInt(size());
        for (TreeMap<Long, Level> side : List.of(bids, asks)) {
            for (Level level : side.values()) {
                for (Order order : level.inOrder()) {
                    write(order, out);
                }
            }
        }
    }

    private static void write(Order order, DataOutputStream out) throws IOException {
        out.writeLong(order.id);
        out.writeLong(order.session);
        out.writeBoolean(order.isBuy);
        out.writeLong(order.price);
        out.writeInt(order.quantity);
    }

    /** Takes a written book in the place of this one. */
    void readFrom(DataInputStream in) throws IOException {
        bids.clear();
        asks.clear();
        byId.clear();
        bySession.clear();
        for (int left = in.readInt(); left > 0; left--) {
            rest(
                    new Order(
                            in.readLong(),
                            in.readLong(),
                            in.readBoolean(),
                            in.readLong(),
                            in.readInt()));
        }
    }
}
