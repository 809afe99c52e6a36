package io.paxoslog.client;

import io.paxoslog.codecs.client.FailureCode;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.StatusRequestEncoder;
import io.paxoslog.codecs.client.StatusResponseDecoder;
import io.paxoslog.codecs.client.TailRequestEncoder;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads the committed log from a slot on, from any one of the members given: the commands that took
 * effect, without gap or repetition. Ends at the leader's commit index of the moment it was asked,
 * or follows the log for ever. When the member it reads from falls silent, cannot read a slot back
 * from its disk, or does not keep it any more, another one goes on.
 *
 * <p>Like {@link PaxosClient} it lives from being polled, by one thread at a time, and no interrupt
 * harms it. From within its listener every method works but {@link #poll}, which throws an {@link
 * IllegalStateException}; {@link #close} marks it there, and nothing more is heard. What a listener
 * throws goes to {@link ClientConfig#errorHandler}; without one it leaves {@link #poll}, the
 * command counting as heard, and those behind it come with the next poll.
 */
public final class PaxosTail implements AutoCloseable {
    private static final int ASK_AGAIN_MS = 200;
    private static final int HEADER_BYTES = MessageHeaderEncoder.ENCODED_LENGTH;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final StatusRequestEncoder statusRequest = new StatusRequestEncoder();
    private final TailRequestEncoder tailRequest = new TailRequestEncoder();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[64]);
    private final ClientTransport transport;
    private final MemberLinks links;
    private final ResponseDecoder decoder;
    private final TailListener listener;
    private final Guard guard = new Guard("PaxosTail");
    private final UserCode userCode;
    private final int memberCount;
    private final int connectTimeoutMs;
    private final int silenceMs;

    private long nextSlot;
    private long toSlot;
    private boolean isEndKnown;
    private boolean isDone;
    private boolean isCloseWanted;
    private boolean isClosed;
    private MemberLink serving;
    private MemberLink avoided;

    /** By member, the highest slot that it cannot read back, or not any more; 0 for none. */
    private final long[] unreadable;

    /** By member, where its log begins, as far as it said so; 0 when it did not. */
    private final long[] firstKept;

    private boolean isStuck;
    private long stuckSinceMs;
    private long correlation;
    private boolean isAsked;
    private long endAskedMs;
    private final long startedMs = nowMs();
    private ClientError refusedBy;

    private PaxosTail(ClientConfig config, long fromSlot, boolean follow, TailListener listener) {
        this.listener = Objects.requireNonNull(listener, "listener");
        userCode = new UserCode(guard, config.errorHandler());
        transport = ClientTransport.open(config, guard);
        links = new MemberLinks(transport, config, new SecureRandom());
        memberCount = config.members().size();
        unreadable = new long[memberCount];
        firstKept = new long[memberCount];
        connectTimeoutMs = config.connectTimeoutMs();
        silenceMs = MemberLinks.ABANDON_SILENCES * config.silenceMs();
        nextSlot = Math.max(1, fromSlot);
        isEndKnown = follow;
        toSlot = follow ? Long.MAX_VALUE : 0;
        endAskedMs = startedMs - ASK_AGAIN_MS;
        decoder = new ResponseDecoder(links, new Answers());
        transport.hearWith(decoder);
    }

    /**
     * Begins to read; everything else happens in {@link #poll}.
     *
     * @param config the members to read from, and time-outs; the window means nothing here
     * @param fromSlot first slot wanted, from 1
     * @param follow whether to go on when the end is reached
     * @param listener hears the commands, on the thread that polls
     */
    public static PaxosTail open(
            ClientConfig config, long fromSlot, boolean follow, TailListener listener) {
        return new PaxosTail(config, fromSlot, follow, listener);
    }

    /**
     * Does what there is to do. Throws what the listener threw, if no error handler is set.
     *
     * @return how much was done; 0 means that the caller may rest a moment
     * @throws ClientException NO_ANSWER when no member answers within the connect time-out,
     *     NO_LEADER when none tells in that time where the log ends, CLIENT_REFUSED, WRONG_VERSION,
     *     UNREADABLE when no member can read the next slot back, COMPACTED when none keeps it
     * @throws IllegalStateException from within the listener, or when another thread uses this tail
     */
    public int poll() {
        guard.enterFromOutside("poll");
        try {
            return isDone || isClosed ? 0 : work();
        } finally {
            leave();
        }
    }

    /** Interrupts are put aside before each step that opens or closes channels. */
    private int work() {
        long now = nowMs();
        int work = transport.poll(links);
        guard.isInterrupted();
        links.tickAll(now);
        if (!isEndKnown) {
            askForEnd(now);
        } else if (!isDone && !isCloseWanted) {
            askForEntries(now);
        }
        work += transport.invoke();
        UserCode.Failure failure = decoder.takeFailure();
        if (failure != null) {
            failure.rethrow();
        }
        failWhenOverdue(now);
        return work;
    }

    private void leave() {
        try {
            if (isCloseWanted && guard.isOutermost()) {
                end();
            }
        } finally {
            guard.leave();
        }
    }

    private void end() {
        isCloseWanted = false;
        if (isClosed) {
            return;
        }
        isClosed = true;
        links.close();
        transport.close();
    }

    private void askForEnd(long now) {
        MemberLink leader = links.leader();
        if (leader == null || now - endAskedMs < ASK_AGAIN_MS) {
            return;
        }
        correlation = leader.link();
        statusRequest.wrapAndApplyHeader(message, 0, header).correlation(correlation);
        if (leader.send(message, HEADER_BYTES + statusRequest.encodedLength())) {
            endAskedMs = now;
        }
    }

    private void askForEntries(long now) {
        if (serving != null && now - serving.lastHeardMs() > silenceMs) {
            avoided = serving;
            serving = null;
        }
        if (serving == null) {
            choose();
        }
        if (serving == null || isAsked || !serving.isWelcomed()) {
            return;
        }
        correlation++;
        tailRequest
                .wrapAndApplyHeader(message, 0, header)
                .correlation(correlation)
                .fromSlot(nextSlot)
                .toSlot(toSlot);
        isAsked = serving.send(message, HEADER_BYTES + tailRequest.encodedLength());
    }

    /**
     * Any member given that answers and can read the next slot, but the one that fell silent last
     * only if it is alone.
     */
    private void choose() {
        for (int i = 0; i < memberCount; i++) {
            MemberLink link = links.get(i);
            boolean isAvoided = link == avoided && memberCount > 1;
            if (link.isWelcomed() && !isAvoided && unreadable[i] < nextSlot) {
                serving = link;
                isAsked = false;
                isStuck = false;
                return;
            }
        }
        avoided = null;
    }

    /** One that cannot read the next slot is left until others are past it. */
    private void leave(MemberLink member, long slot, long first) {
        for (int i = 0; i < memberCount; i++) {
            if (links.get(i) == member) {
                unreadable[i] = slot;
                firstKept[i] = first;
            }
        }
        serving = null;
        isStuck = true;
        stuckSinceMs = nowMs();
    }

    private boolean canNobodyRead() {
        for (long slot : unreadable) {
            if (slot < nextSlot) {
                return false;
            }
        }
        return true;
    }

    private ClientException stuck() {
        long first = lowestFirstKept();
        return first == 0
                ? new ClientException(ClientError.UNREADABLE)
                : ClientException.compacted(nextSlot, first);
    }

    private long lowestFirstKept() {
        long lowest = 0;
        for (long first : firstKept) {
            boolean isLower = lowest == 0 || first < lowest;
            lowest = first > nextSlot && isLower ? first : lowest;
        }
        return lowest;
    }

    private void failWhenOverdue(long now) {
        if (isStuck && (canNobodyRead() || now - stuckSinceMs > connectTimeoutMs)) {
            throw stuck();
        }
        boolean isOverdue = now - startedMs > connectTimeoutMs;
        if (!isOverdue || serving != null || isDone) {
            return;
        }
        if (refusedBy != null) {
            throw new ClientException(refusedBy);
        }
        if (!links.isAnyWelcomed()) {
            throw transport.failure(ClientError.NO_ANSWER);
        }
        if (!isEndKnown) {
            throw transport.failure(ClientError.NO_LEADER);
        }
    }

    /** Whether every slot asked for was heard; never when following. */
    public boolean isDone() {
        guard.enter();
        try {
            return isDone;
        } finally {
            leave();
        }
    }

    /** The slot to go on from: everything below it was heard or is no command that took effect. */
    public long nextSlot() {
        guard.enter();
        try {
            return nextSlot;
        } finally {
            leave();
        }
    }

    /**
     * Where the log of those members begins that said that they do not keep {@link #nextSlot} any
     * more: the lowest of their first slots; 0 when none said so.
     */
    public long firstKept() {
        guard.enter();
        try {
            return lowestFirstKept();
        } finally {
            leave();
        }
    }

    /** Node id of the member that is read from; 0 while there is none. */
    public int servingNode() {
        guard.enter();
        try {
            return serving == null ? 0 : serving.node();
        } finally {
            leave();
        }
    }

    /**
     * Lets everything go; called by the listener, when {@link #poll} returns.
     *
     * @throws IllegalStateException when another thread uses this tail
     */
    @Override
    public void close() {
        guard.enter();
        isCloseWanted = true;
        leave();
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** What concerns a tail of all that nodes say. */
    private final class Answers implements NodeMessages {
        @Override
        public void status(MemberLink from, StatusResponseDecoder status) {
            boolean isAnswer = !isEndKnown && status.correlation() == correlation;
            if (isAnswer && from == links.leader()) {
                toSlot = status.commit();
                isEndKnown = true;
            }
        }

        @Override
        public void welcomed(MemberLink from, boolean isNew) {
            if (isNew && from == serving) {
                isAsked = false;
            }
        }

        @Override
        public void tailEntry(long of, long slot, DirectBuffer buffer, int offset, int length) {
            if (of == correlation && slot >= nextSlot && !isCloseWanted) {
                nextSlot = slot + 1;
                pass(slot, buffer, offset, length);
            }
        }

        private void pass(long slot, DirectBuffer buffer, int offset, int length) {
            userCode.begin();
            try {
                listener.onCommand(slot, buffer, offset, length);
            } catch (Throwable e) {
                userCode.threw(e);
            } finally {
                userCode.end();
            }
        }

        @Override
        public void tailProgress(long of, long next, boolean isEnd) {
            if (of == correlation && !isCloseWanted) {
                nextSlot = Math.max(nextSlot, next);
                isDone = isEnd;
            }
        }

        @Override
        public void unreadable(MemberLink from, long of, long slot) {
            if (of == correlation && from == serving) {
                nextSlot = Math.max(nextSlot, slot);
                leave(from, slot, 0);
            }
        }

        @Override
        public void compacted(MemberLink from, long of, long first) {
            if (of == correlation && from == serving && first > nextSlot) {
                leave(from, first - 1, first);
            }
        }

        @Override
        public void failure(MemberLink from, long about, FailureCode code) {
            refusedBy = ClientError.refusal(code);
            links.refused(from);
        }
    }
}
