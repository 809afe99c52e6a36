package orderbook;

import java.util.LinkedHashMap;
import java.util.Map;

/** All orders of one side at one price, the oldest first. */
final class Level {
    private final Map<Long, Order> orders = new LinkedHashMap<>();
    private long quantity;

    void add(Order order) {
        orders.put(order.id, order);
        quantity += order.quantity;
    }

    Order oldest() {
        return orders.values().iterator().next();
    }

    void reduce(Order order, int by) {
        order.quantity -= by;
        quantity -= by;
    }

    void remove(Order order) {
        orders.remove(order.id);
        quantity -= order.quantity;
    }

    boolean isEmpty() {
        return orders.isEmpty();
    }

    long quantity() {
        return quantity;
    }

    Iterable<Order> inOrder() {
        return orders.values();
    }
}
