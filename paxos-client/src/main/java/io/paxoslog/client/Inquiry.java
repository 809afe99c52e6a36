package io.paxoslog.client;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * A question to nodes that needs no session, with a media driver of its own for as long as it is
 * asked. Belongs to the thread that made it.
 */
final class Inquiry implements AutoCloseable {
    private final Guard guard;
    private final ClientTransport transport;
    private final MemberLinks links;

    /**
     * @param asker the class that users know
     * @param answers hears what nodes say
     */
    Inquiry(String asker, ClientConfig config, NodeMessages answers) {
        guard = new Guard(asker);
        guard.enter();
        try {
            transport = new ClientTransport(config, guard);
            links = new MemberLinks(transport, config, new SecureRandom());
            transport.hearWith(new ResponseDecoder(links, answers));
        } catch (RuntimeException | Error e) {
            guard.leave();
            throw e;
        }
    }

    /**
     * Asks again and again; both are given the time in milliseconds.
     *
     * @param isOver whether nothing is left to be asked, or it has been asked for long enough
     * @param ask keeps the links alive that it needs, and asks there what is due
     * @throws ClientException INTERRUPTED; the thread is still interrupted then
     */
    void put(LongPredicate isOver, ObjLongConsumer<MemberLinks> ask) {
        IdleStrategy idle = new BackoffIdleStrategy();
        while (!isOver.test(nowMs())) {
            if (guard.isInterrupted()) {
                throw new ClientException(ClientError.INTERRUPTED);
            }
            int work = transport.poll(links);
            ask.accept(links, nowMs());
            idle.idle(work + transport.invoke());
        }
    }

    /**
     * As {@link #put}, until the leader has answered.
     *
     * @param answer null as long as there is none
     * @throws ClientException NO_LEADER or NO_ANSWER when there is none in time; INTERRUPTED
     */
    <T> T answerTo(ObjLongConsumer<MemberLinks> ask, Supplier<T> answer, int timeoutMs) {
        long deadlineMs = nowMs() + timeoutMs;
        put(nowMs -> answer.get() != null || nowMs > deadlineMs, ask);
        if (answer.get() == null) {
            String why = links.whoLeadsUnheard();
            throw why != null
                    ? new ClientException(ClientError.NO_LEADER, why)
                    : new ClientException(
                            links.isAnyWelcomed() ? ClientError.NO_LEADER : ClientError.NO_ANSWER,
                            links.whereNoAnswerArrives());
        }
        return answer.get();
    }

    static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public void close() {
        try (transport) {
            links.close();
        } finally {
            guard.leave();
        }
    }
}
