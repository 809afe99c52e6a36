package orderbook;

/** An order that rests in the book. Its number is the slot of the log that it was placed in. */
final class Order {
    final long id;
    final long session;
    final boolean isBuy;
    final long price;
    int quantity;

    Order(long id, long session, boolean isBuy, long price, int quantity) {
        this.id = id;
        this.session = session;
        this.isBuy = isBuy;
        this.price = price;
        this.quantity = quantity;
    }
}
