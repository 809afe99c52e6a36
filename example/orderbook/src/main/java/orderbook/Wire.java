package orderbook;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Where the parts of each message stand; little endian, the kind first. */
final class Wire {
    // Commands.
    static final byte PLACE = 1;
    static final byte CANCEL = 2;
    static final byte FOLLOW = 3;

    // Events.
    static final byte FILL = 1;
    static final byte MARKET = 2;

    // Replies.
    static final byte ACCEPTED = 1;
    static final byte REFUSED = 2;

    static final int PLACE_BYTES = 22;
    static final int CANCEL_BYTES = 9;
    static final int FOLLOW_BYTES = 1;
    static final int FILL_BYTES = 33;
    static final int MARKET_BYTES = 57;
    static final int ACCEPTED_BYTES = 17;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private Wire() {}

    static byte kind(DirectBuffer buffer, int at) {
        return buffer.getByte(at);
    }

    /** An order; the tag is the sender's, and comes back with whatever the order sets off. */
    static int place(MutableDirectBuffer to, boolean isBuy, long price, int quantity, long tag) {
        to.putByte(0, PLACE);
        to.putByte(1, (byte) (isBuy ? 1 : 0));
        to.putLong(2, price, ORDER);
        to.putInt(10, quantity, ORDER);
        to.putLong(14, tag, ORDER);
        return PLACE_BYTES;
    }

    static boolean isBuy(DirectBuffer command, int at) {
        return command.getByte(at + 1) == 1;
    }

    static long price(DirectBuffer command, int at) {
        return command.getLong(at + 2, ORDER);
    }

    static int quantity(DirectBuffer command, int at) {
        return command.getInt(at + 10, ORDER);
    }

    static long tag(DirectBuffer command, int at) {
        return command.getLong(at + 14, ORDER);
    }

    static int cancel(MutableDirectBuffer to, long order) {
        to.putByte(0, CANCEL);
        to.putLong(1, order, ORDER);
        return CANCEL_BYTES;
    }

    /** The order that a command, reply or fill is about. */
    static long order(DirectBuffer message, int at) {
        return message.getLong(at + 1, ORDER);
    }

    /** From now on the market is told to the session that this comes from. */
    static int follow(MutableDirectBuffer to) {
        to.putByte(0, FOLLOW);
        return FOLLOW_BYTES;
    }

    /** What was traded or taken back at once, and what rests now. */
    static void accepted(MutableDirectBuffer to, long order, int done, int rests) {
        to.putByte(0, ACCEPTED);
        to.putLong(1, order, ORDER);
        to.putInt(9, done, ORDER);
        to.putInt(13, rests, ORDER);
    }

    static int done(DirectBuffer reply, int at) {
        return reply.getInt(at + 9, ORDER);
    }

    static int rests(DirectBuffer reply, int at) {
        return reply.getInt(at + 13, ORDER);
    }

    static byte[] refused(String why) {
        byte[] text = why.getBytes(StandardCharsets.US_ASCII);
        byte[] reply = new byte[1 + text.length];
        reply[0] = REFUSED;
        System.arraycopy(text, 0, reply, 1, text.length);
        return reply;
    }

    /** A resting order was filled, in whole or in part, by an order with this tag. */
    static int fill(MutableDirectBuffer to, Order resting, int quantity, long tag) {
        to.putByte(0, FILL);
        to.putLong(1, resting.id, ORDER);
        to.putLong(9, resting.price, ORDER);
        to.putInt(17, quantity, ORDER);
        to.putInt(21, resting.quantity, ORDER);
        to.putLong(25, tag, ORDER);
        return FILL_BYTES;
    }

    static int filled(DirectBuffer fill, int at) {
        return fill.getInt(at + 17, ORDER);
    }

    static long tagOfFill(DirectBuffer fill, int at) {
        return fill.getLong(at + 25, ORDER);
    }

    /** What a command made of the market: the last trade, if any, and the best prices now. */
    static int market(MutableDirectBuffer to, long last, long traded, Book book, long tag) {
        to.putByte(0, MARKET);
        to.putLong(1, last, ORDER);
        to.putLong(9, traded, ORDER);
        to.putLong(17, book.bestPrice(true), ORDER);
        to.putLong(25, book.bestQuantity(true), ORDER);
        to.putLong(33, book.bestPrice(false), ORDER);
        to.putLong(41, book.bestQuantity(false), ORDER);
        to.putLong(49, tag, ORDER);
        return MARKET_BYTES;
    }

    static long bid(DirectBuffer market, int at) {
        return market.getLong(at + 17, ORDER);
    }

    static long ask(DirectBuffer market, int at) {
        return market.getLong(at + 33, ORDER);
    }

    static long tagOfMarket(DirectBuffer market, int at) {
        return market.getLong(at + 49, ORDER);
    }
}
