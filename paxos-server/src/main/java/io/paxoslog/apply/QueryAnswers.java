package io.paxoslog.apply;

import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.ReadAnswersEncoder;
import io.paxoslog.codecs.client.ReadResult;
import io.paxoslog.service.CommandApplier;
import io.paxoslog.service.EntryFormat;
import io.paxoslog.service.Queries;
import io.paxoslog.service.QueryResult;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Has queries answered and hands the answers over: as many in a message as one fragment to the
 * client holds. Belongs to the one who applies.
 */
final class QueryAnswers {
    private static final int ITEMS_AT =
            MessageHeaderEncoder.ENCODED_LENGTH
                    + ReadAnswersEncoder.BLOCK_LENGTH
                    + ReadAnswersEncoder.ItemsEncoder.sbeHeaderSize();
    private static final int BLOCK = ReadAnswersEncoder.ItemsEncoder.sbeBlockLength();
    private static final int READ = ReadAnswersEncoder.ItemsEncoder.readEncodingOffset();
    private static final int SLOT = ReadAnswersEncoder.ItemsEncoder.slotEncodingOffset();
    private static final int RESULT = ReadAnswersEncoder.ItemsEncoder.resultEncodingOffset();
    private static final int HEAD = BLOCK + ReadAnswersEncoder.ItemsEncoder.answerHeaderLength();

    /** Any way carries that in one piece. */
    private static final int SMALL_FRAGMENT_BYTES = 960;

    private static final int MOST_ANSWERS = 65_534;

    /** Then comes what is to be applied next. */
    private static final int MOST_WOKEN = 64;

    private static final long NOBODY = 0;

    private final SlotInWork app;
    private final CommandApplier applier;
    private final FactWriter facts;
    private final Queries queries;
    private final WaitingQueries waiting = new WaitingQueries();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ReadAnswersEncoder encoder = new ReadAnswersEncoder();
    private final ExpandableArrayBuffer message = new ExpandableArrayBuffer(1024);
    private long asker = NOBODY;
    private long firstTicket;
    private int count;
    private int length = ITEMS_AT;

    QueryAnswers(SlotInWork app, CommandApplier applier, FactWriter facts) {
        this.app = app;
        this.applier = applier;
        this.facts = facts;
        queries = new Queries(applier);
    }

    /** From now on queries in the log that carry this are answered here. */
    void areFor(long newAsker) {
        asker = newAsker;
    }

    /**
     * Answers the queries of one client, or says that a slot they are for is not applied.
     *
     * @param mayWait whether they may wait for news
     */
    void answer(
            long ticket,
            long slot,
            int reads,
            int fragmentBytes,
            boolean mayWait,
            DirectBuffer items,
            int offset) {
        int at = offset;
        int most = Math.min(fragmentBytes, facts.largestAnswersBytes());
        for (int i = 0; i < reads; i++) {
            long read = items.getLong(at + Frames.READ_NUMBER);
            int bytes = items.getInt(at + Frames.READ_LENGTH);
            int query = at + Frames.READ_QUERY;
            long applied = applier.appliedIndex();
            if (applied < slot && applier.halt() == null) {
                // A snapshot took the place of what was there, and stands for less.
                add(ticket + i, read, 0, ReadResult.AGAIN, 0, most);
            } else {
                ask(ticket + i, read, applied, mayWait, items, query, bytes, most);
            }
            at = query + bytes;
        }
    }

    private void ask(
            long ticket,
            long read,
            long slot,
            boolean mayWait,
            DirectBuffer query,
            int offset,
            int bytes,
            int fragmentBytes) {
        app.isAsked(ticket);
        QueryResult result = queries.ask(slot, mayWait, false, 0, query, offset, bytes);
        if (result != QueryResult.LATER) {
            add(ticket, read, slot, result, fragmentBytes);
            return;
        }
        // In order with the answers to those before it.
        flush();
        facts.waits(ticket);
        waiting.add(ticket, read, slot, fragmentBytes, queries.topic(), query, offset, bytes);
    }

    /** There is news on a topic that queries may wait for. */
    void news(long topic, long detail) {
        waiting.wake(topic, detail);
    }

    /** The state machine is another one, or stands still: those that wait are asked anew. */
    void begunAnew() {
        waiting.wakeAll();
    }

    /** Those of some queries that still wait have no time left. */
    void last(long ticket, int count) {
        for (int i = 0; i < count; i++) {
            waiting.end(ticket + i);
        }
    }

    /** Whether some that waited are to be asked again. */
    boolean hasWoken() {
        return waiting.hasWoken();
    }

    /** Asks some of those that waited and need not wait longer; returns how many. */
    int askWoken() {
        if (!waiting.hasWoken()) {
            return 0;
        }
        flush();
        int asked = 0;
        try {
            while (asked < MOST_WOKEN && waiting.hasWoken()) {
                askAgain(waiting.takeWoken());
                asked++;
            }
        } finally {
            app.rests();
        }
        flush();
        return asked;
    }

    private void askAgain(WaitingQueries.Waiting one) {
        long applied = applier.appliedIndex();
        if (applied < one.slot && applier.halt() == null) {
            add(one.ticket, one.read, 0, ReadResult.AGAIN, 0, one.fragmentBytes);
            waiting.answered(one);
            return;
        }
        app.isAsked(one.ticket);
        QueryResult result =
                queries.ask(
                        applied, !one.isLast, !one.isFirst, one.news, one.bytes(), 0, one.length());
        if (result == QueryResult.LATER) {
            waiting.waitOn(queries.topic(), one);
            return;
        }
        add(one.ticket, one.read, applied, result, one.fragmentBytes);
        waiting.answered(one);
    }

    /** A query stands in the log; if it came from here, it is answered from what is below it. */
    void queried(
            long from, long ticket, long slot, DirectBuffer entry, int offset, int queryBytes) {
        if (from != asker || asker == NOBODY) {
            return;
        }
        long read = EntryFormat.awaitedOf(entry, offset);
        ask(ticket, read, slot, false, entry, offset, queryBytes, SMALL_FRAGMENT_BYTES);
    }

    private void add(long ticket, long read, long slot, QueryResult result, int fragmentBytes) {
        long of = result == QueryResult.ANSWERED ? slot : 0;
        add(ticket, read, of, resultOf(result), queries.answer().length(), fragmentBytes);
    }

    private void add(
            long ticket, long read, long slot, ReadResult result, int bytes, int fragmentBytes) {
        boolean isNext = count > 0 && ticket == firstTicket + count && count < MOST_ANSWERS;
        if (!isNext || length + HEAD + bytes > fragmentBytes) {
            flush();
            firstTicket = ticket;
        }
        message.putLong(length + READ, read, ByteOrder.LITTLE_ENDIAN);
        message.putLong(length + SLOT, slot, ByteOrder.LITTLE_ENDIAN);
        message.putByte(length + RESULT, (byte) result.value());
        message.putInt(length + BLOCK, bytes, ByteOrder.LITTLE_ENDIAN);
        if (bytes > 0) {
            message.putBytes(length + HEAD, queries.answer().buffer(), 0, bytes);
        }
        length += HEAD + bytes;
        count++;
    }

    /** Hands over what was answered so far. */
    void flush() {
        if (count == 0) {
            return;
        }
        encoder.wrapAndApplyHeader(message, 0, header).link(0).itemsCount(count);
        facts.readAnswers(firstTicket, count, message, length);
        count = 0;
        length = ITEMS_AT;
    }

    private static ReadResult resultOf(QueryResult result) {
        return switch (result) {
            case ANSWERED, LATER -> ReadResult.ANSWERED;
            case NO_QUERIES -> ReadResult.NO_QUERIES;
            case FAILED -> ReadResult.FAILED;
            case HALTED -> ReadResult.HALTED;
        };
    }
}
