package io.paxoslog.service;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/**
 * Asks the application, between two commands. What it throws is the affair of that one query: the
 * state is not the query's to change, so nothing is wrong with it.
 */
public final class Queries {
    /** Most bytes that somebody is told of what was thrown. */
    public static final int LONGEST_TEXT_BYTES = 256;

    private final CommandApplier applier;
    private final Query query = new Query();
    private final Reply answer;

    /** Asks the application of one who applies, on the thread that does. */
    public Queries(CommandApplier applier) {
        this.applier = applier;
        answer = new Reply(applier.limits().maxReplyBytes());
    }

    /**
     * Asks.
     *
     * @param slot up to where all is applied, and nothing above
     * @param mayWait whether it may wait; {@link #topic} says for what, if it is to
     * @param hasWaited whether it waited before, as this same state machine said
     * @param news what was said first of its topic since; 0: nothing
     * @return what came of it; {@link #answer} has the answer, or one line on why there is none
     */
    public QueryResult ask(
            long slot,
            boolean mayWait,
            boolean hasWaited,
            long news,
            DirectBuffer buffer,
            int offset,
            int length) {
        answer.clear();
        Halt halt = applier.halt();
        if (halt != null) {
            say("the state machine stands still at slot " + halt.slot());
            return QueryResult.HALTED;
        }
        answer.limitTo(applier.limits().maxReplyBytes());
        try {
            query.asked(mayWait, hasWaited, news).bytes(buffer, offset, length);
            applier.ask(query, slot, answer);
            return query.isLater() ? QueryResult.LATER : QueryResult.ANSWERED;
        } catch (NoQueriesException e) {
            answer.clear();
            return QueryResult.NO_QUERIES;
        } catch (Throwable thrown) {
            say(textOf(thrown));
            return QueryResult.FAILED;
        }
    }

    /** Whoever throws may throw again when he is asked what. */
    private static String textOf(Throwable thrown) {
        String name = thrown.getClass().getName();
        try {
            String message = thrown.getMessage();
            return message == null ? name : name + ": " + message;
        } catch (Throwable again) {
            return name;
        }
    }

    private void say(String text) {
        byte[] bytes = inOneLine(text).getBytes(StandardCharsets.UTF_8);
        answer.limitTo(Math.max(answer.maxBytes(), LONGEST_TEXT_BYTES));
        answer.resize(bytes.length).putBytes(0, bytes);
    }

    /** A character has up to three bytes, or four with the one behind it. */
    private static String inOneLine(String text) {
        String start = text.substring(0, Math.min(text.length(), LONGEST_TEXT_BYTES / 3));
        StringBuilder line = new StringBuilder(start.length());
        for (int i = 0; i < start.length(); i++) {
            char c = start.charAt(i);
            line.append(Character.isISOControl(c) ? ' ' : c);
        }
        return line.toString();
    }

    /** What the last one waits for, that said so. */
    public long topic() {
        return query.topic();
    }

    /** What was written; empty where nothing was. */
    public Reply answer() {
        return answer;
    }
}
