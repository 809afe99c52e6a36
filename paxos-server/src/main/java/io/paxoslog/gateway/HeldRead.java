package io.paxoslog.gateway;

import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.codecs.client.ReadKind;
import io.paxoslog.gateway.ClientMessages.CommandItems;
import java.nio.charset.StandardCharsets;
import org.agrona.ExpandableArrayBuffer;

/** The queries of one message, from when it is heard until all are answered. Used again. */
final class HeldRead {
    private static final int SHOWN_BYTES = 32;
    private static final int MOST_IDLE_BYTES = 64 * 1024;

    Connection client;
    ReadKind kind;

    /** Numbers of all queries, one behind the other, from this one on. */
    long ticket;

    /** By what the core knows all that came up to this one; 0: it was not asked. */
    long asked;

    /** The ballot under whose lease it came; 0 when it asks others. */
    long leaseBallot;

    /** What must be applied before they may be answered; of no meaning while it is to come. */
    long slot;

    long deadlineTick;
    int count;

    /** In their order, those that wait for news included. */
    int answered;

    /** So many of those wait for news. */
    int waiting;

    /** Where it stands among those that wait for news. */
    int place;

    /** Those that wait for news were told that their time is over. */
    boolean isEnding;

    /** Its client knows already that it was not answered. */
    boolean isGivenUp;

    private ExpandableArrayBuffer items = new ExpandableArrayBuffer(256);
    private int length;

    void fill(Connection of, ReadKind newKind, long atLeast, CommandItems queries) {
        client = of;
        kind = newKind;
        slot = atLeast;
        asked = 0;
        leaseBallot = 0;
        count = queries.count();
        answered = 0;
        waiting = 0;
        isEnding = false;
        isGivenUp = false;
        length = (int) queries.readsBytes();
        queries.layOutReads(items);
    }

    /** Nothing of it is needed any more. */
    void empty() {
        client = null;
        if (items.capacity() > MOST_IDLE_BYTES) {
            items = new ExpandableArrayBuffer(256);
        }
    }

    ExpandableArrayBuffer items() {
        return items;
    }

    int length() {
        return length;
    }

    boolean has(long someTicket) {
        return someTicket >= ticket && someTicket < ticket + count;
    }

    /** Where a query lies. */
    int positionOf(int index) {
        int at = 0;
        for (int i = 0; i < index; i++) {
            at = next(at);
        }
        return at;
    }

    /** Where the query behind another one lies. */
    int next(int at) {
        return at + ApplyOrders.readBytes(ApplyOrders.lengthAt(items, at));
    }

    /** Which query it is, for people. */
    String describe(int index) {
        int at = positionOf(index);
        int bytes = ApplyOrders.lengthAt(items, at);
        byte[] shown = new byte[Math.min(bytes, SHOWN_BYTES)];
        items.getBytes(at + ApplyOrders.readBytes(0), shown);
        StringBuilder text = new StringBuilder();
        for (char c : new String(shown, StandardCharsets.ISO_8859_1).toCharArray()) {
            text.append(c >= ' ' && c < 0x7F ? c : '.');
        }
        return "read %d of the client at %s (%d bytes: %s)"
                .formatted(ApplyOrders.readAt(items, at), client.endpoint, bytes, text);
    }
}
