package orderbook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BookTest {
    private static final boolean BUY = true;
    private static final boolean SELL = false;

    private final Book book = new Book();
    private final List<String> fills = new ArrayList<>();

    private void rest(long id, long session, boolean isBuy, long price, int quantity) {
        book.rest(new Order(id, session, isBuy, price, quantity));
    }

    private int match(boolean isBuy, long price, int quantity) {
        return book.match(
                isBuy,
                price,
                quantity,
                (resting, traded) ->
                        fills.add(traded + " of " + resting.id + " at " + resting.price));
    }

    @Test
    void theBestPriceComesFirstAndAtOnePriceTheOldestOrder() {
        rest(1, 7, SELL, 102, 5);
        rest(2, 7, SELL, 101, 5);
        rest(3, 8, SELL, 101, 5);

        assertEquals(0, match(BUY, 102, 12));

        assertEquals(List.of("5 of 2 at 101", "5 of 3 at 101", "2 of 1 at 102"), fills);
        assertEquals(3, book.bestQuantity(SELL));
    }

    @Test
    void nothingIsTradedAtAWorsePriceThanTheLimit() {
        rest(1, 7, BUY, 99, 5);

        assertEquals(4, match(SELL, 100, 4));
        assertEquals(0, match(SELL, 99, 4));

        assertEquals(List.of("4 of 1 at 99"), fills);
    }

    @Test
    void whatASessionHasIsTakenBackTogether() {
        rest(1, 7, BUY, 99, 5);
        rest(2, 8, BUY, 99, 5);
        rest(3, 7, SELL, 101, 5);

        assertEquals(2, book.removeAllOf(7));

        assertNull(book.get(1));
        assertEquals(1, book.size());
        assertEquals(5, book.bestQuantity(BUY));
        assertEquals(0, book.bestPrice(SELL));
        assertEquals(0, book.removeAllOf(7));
    }

    @Test
    void aBookThatWasReadBackGoesOnAlike() throws IOException {
        rest(1, 7, SELL, 101, 5);
        rest(2, 8, SELL, 101, 5);
        rest(3, 7, BUY, 99, 5);
        match(BUY, 101, 2);

        Book restored = new Book();
        restored.readFrom(new DataInputStream(new ByteArrayInputStream(bytes(book))));

        assertArrayEquals(bytes(book), bytes(restored));
        assertEquals(3, restored.get(1).quantity);
        assertEquals(2, restored.removeAllOf(7));
    }

    private static byte[] bytes(Book book) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        book.writeTo(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }
}
