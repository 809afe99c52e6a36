package io.paxoslog.client;

import io.paxoslog.codecs.client.FailureCode;
import io.paxoslog.codecs.client.LogEntriesDecoder;
import io.paxoslog.codecs.client.StatusResponseDecoder;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * All commands that take effect, from a slot on and for as long as it is polled: in slot order,
 * each once, without a gap. They are pushed by one member of the cluster, an observer too; when it
 * dies, is cut off, falls behind, or does not have the next slot, another one goes on.
 *
 * <p>A position is a cluster and a slot. Whoever stores {@link #clusterId} and the slot of {@link
 * SubscriptionListener#onProgress} together with what it made of the commands, and opens the next
 * subscription behind it, misses nothing and sees nothing twice, however often it dies.
 *
 * <p>Like {@link PaxosClient} it lives from being polled, by one thread at a time, allocates
 * nothing for a command, and no interrupt harms it. One that is polled seldom costs nobody
 * anything: what it does not take waits in the log of the member. From within its listener every
 * method works but {@link #poll}, which throws an {@link IllegalStateException}; {@link #close}
 * marks it there, and nothing more is heard. What a listener throws goes to {@link
 * ClientConfig#errorHandler}; without one it leaves {@link #poll}, the command counting as heard,
 * and those behind it come with the next poll.
 */
public final class Subscription implements AutoCloseable {
    /** In the place of a slot: the first one that the member keeps which serves first. */
    public static final long FIRST_KEPT = 0;

    /** In the place of a cluster: whichever the members given belong to. */
    public static final long ANY_CLUSTER = 0;

    /** Between two polls nothing can be heard: a long pause says nothing about a member. */
    private static final int MOST_PAUSE_MS = 50;

    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    private final CommandHeader commandHeader = new CommandHeader();
    private final ClientTransport transport;
    private final MemberLinks links;
    private final SubscriptionMembers members;
    private final ResponseDecoder decoder;
    private final SubscriptionListener listener;
    private final Guard guard = new Guard("Subscription");
    private final UserCode userCode;
    private final int connectTimeoutMs;
    private final SubscriptionPosition position;
    private final ServingMember serving;

    private boolean wasServed;
    private long lastPollMs = nowMs();
    private int unservedMs;
    private ClientError refusedBy;
    private boolean isCloseWanted;
    private boolean isClosed;

    private Subscription(
            ClientConfig config, long clusterId, long fromSlot, SubscriptionListener listener) {
        this.listener = Objects.requireNonNull(listener, "listener");
        if (fromSlot < 0) {
            throw new IllegalArgumentException("fromSlot: at least 0, not " + fromSlot);
        }
        position = new SubscriptionPosition(clusterId, fromSlot);
        userCode = new UserCode(guard, config.errorHandler());
        transport = ClientTransport.open(config, guard);
        SecureRandom random = new SecureRandom();
        links = new MemberLinks(transport, config, random);
        links.followMembers();
        members = new SubscriptionMembers(links, lastPollMs);
        connectTimeoutMs = config.connectTimeoutMs();
        serving =
                new ServingMember(
                        members,
                        position,
                        random.nextLong(),
                        MemberLinks.ABANDON_SILENCES * config.silenceMs());
        decoder = new ResponseDecoder(links, new Answers());
        transport.hearWith(decoder);
    }

    /**
     * Begins to read the log of whichever cluster the members belong to; everything else happens in
     * {@link #poll}.
     *
     * @param config members to begin with, the ones preferred first, and time-outs; the window
     *     means nothing here
     * @param fromSlot first slot wanted, or {@link #FIRST_KEPT}
     * @param listener hears the commands, on the thread that polls
     */
    public static Subscription open(
            ClientConfig config, long fromSlot, SubscriptionListener listener) {
        return new Subscription(config, ANY_CLUSTER, fromSlot, listener);
    }

    /**
     * As above, where another one ended: of one cluster and no other.
     *
     * @param clusterId what {@link #clusterId} said there
     */
    public static Subscription open(
            ClientConfig config, long clusterId, long fromSlot, SubscriptionListener listener) {
        return new Subscription(config, clusterId, fromSlot, listener);
    }

    /**
     * Does what there is to do. Throws what the listener threw, if no error handler is set. Once a
     * member has served, it never gives up for want of an answer: see {@link #isServed}.
     *
     * @return how much was done; 0 means that the caller may rest a moment
     * @throws ClientException NO_ANSWER, CLIENT_REFUSED or WRONG_VERSION when no member has served
     *     within the connect time-out; COMPACTED when none keeps the next slot any more, see {@link
     *     #firstKept}; UNREADABLE when none can read it back; OTHER_CLUSTER when they are of
     *     another cluster
     * @throws IllegalStateException from within the listener, or when another thread uses this
     *     subscription
     */
    public int poll() {
        guard.enterFromOutside("poll");
        try {
            return isClosed ? 0 : work();
        } finally {
            leave();
        }
    }

    /** Interrupts are put aside before each step that opens or closes channels. */
    private int work() {
        long now = nowMs();
        int passedMs = (int) Math.min(now - lastPollMs, MOST_PAUSE_MS);
        lastPollMs = now;
        int work = transport.poll(links);
        guard.isInterrupted();
        links.tickAll(now);
        if (!isCloseWanted) {
            members.tick(now, serving.get());
            serving.turn(passedMs);
        }
        work += transport.invoke();
        UserCode.Failure failure = decoder.takeFailure();
        if (failure != null) {
            failure.rethrow();
        }
        if (!isCloseWanted) {
            failWhenOverdue(passedMs);
        }
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
        serving.end();
        transport.invoke();
        links.close();
        transport.close();
    }

    private void failWhenOverdue(int passedMs) {
        if (serving.isAnswered()) {
            unservedMs = 0;
            return;
        }
        unservedMs += passedMs;
        boolean isOverdue = unservedMs > connectTimeoutMs;
        long nextSlot = position.nextSlot();
        boolean isRefused = members.lowestFirstKept(nextSlot) > 0 || members.isAnyOfOtherCluster();
        boolean isHopeless = members.canNobodyServe(nextSlot) || (isRefused && isOverdue);
        if (serving.get() == null && isHopeless) {
            throw refused();
        }
        if (!isOverdue || wasServed) {
            return;
        }
        if (refusedBy != null) {
            throw new ClientException(refusedBy);
        }
        if (members.areAllTooOld()) {
            throw new ClientException(ClientError.WRONG_VERSION);
        }
        if (!links.isAnyWelcomed()) {
            throw transport.failure(ClientError.NO_ANSWER);
        }
    }

    private ClientException refused() {
        long nextSlot = position.nextSlot();
        long first = members.lowestFirstKept(nextSlot);
        if (first != 0) {
            return ClientException.compacted(nextSlot, first);
        }
        return new ClientException(
                members.isAnyOfOtherCluster() ? ClientError.OTHER_CLUSTER : ClientError.UNREADABLE);
    }

    /**
     * The cluster whose log is read; {@link #ANY_CLUSTER} until a member has served for the first
     * time.
     */
    public long clusterId() {
        guard.enter();
        try {
            return position.clusterId();
        } finally {
            leave();
        }
    }

    /**
     * The slot to go on from: everything below it was heard or is no command that took effect. 0
     * when it began with {@link #FIRST_KEPT}, and nobody has served yet.
     */
    public long nextSlot() {
        guard.enter();
        try {
            return position.nextSlot();
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
            return members.lowestFirstKept(position.nextSlot());
        } finally {
            leave();
        }
    }

    /** Whether a member serves at this moment. */
    public boolean isServed() {
        return servingNode() != 0;
    }

    /** Node id of the member that serves; 0 while there is none. */
    public int servingNode() {
        guard.enter();
        try {
            return serving.isAnswered() ? serving.get().link.node() : 0;
        } finally {
            leave();
        }
    }

    /**
     * Lets everything go; called by the listener, when {@link #poll} returns.
     *
     * @throws IllegalStateException when another thread uses this subscription
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

    /** What concerns a subscription of all that nodes say. */
    private final class Answers implements NodeMessages {
        @Override
        public void welcomed(MemberLink from, boolean isNew) {
            SubscriptionMember member = members.of(from);
            if (isNew && member != null) {
                member.forget();
            }
            serving.welcomed(from, isNew);
        }

        @Override
        public void status(MemberLink from, StatusResponseDecoder status) {
            SubscriptionMember member = members.of(from);
            if (member != null) {
                member.applied = status.applied();
            }
        }

        @Override
        public void logEntries(MemberLink from, LogEntriesDecoder entries) {
            if (!serving.isAbout(from, entries.correlation()) || isCloseWanted) {
                return;
            }
            serving.answered(entries.applied());
            if (entries.clusterId() == ANY_CLUSTER || entries.firstSlot() == FIRST_KEPT) {
                // A node that has nothing yet, not even a cluster.
                return;
            }
            if (!position.isFollowedBy(entries.clusterId(), entries.firstSlot())) {
                serving.askAgain();
                return;
            }
            position.begin(entries.clusterId(), entries.firstSlot());
            wasServed = true;
            members.serves(serving.get());
            pass(entries);
        }

        private void pass(LogEntriesDecoder entries) {
            long next = entries.nextSlot();
            LogEntriesDecoder.ItemsDecoder items = entries.items();
            while (items.hasNext() && !isCloseWanted) {
                commandHeader.of(position.clusterId(), items.next());
                items.wrapCommand(bytes);
                if (position.take(commandHeader.slot())) {
                    passCommand();
                }
            }
            if (!isCloseWanted && position.reach(next)) {
                passProgress();
            }
        }

        private void passCommand() {
            userCode.begin();
            try {
                listener.onCommand(bytes, 0, bytes.capacity(), commandHeader);
            } catch (Throwable e) {
                userCode.threw(e);
            } finally {
                userCode.end();
            }
        }

        private void passProgress() {
            userCode.begin();
            try {
                listener.onProgress(position.clusterId(), position.nextSlot() - 1);
            } catch (Throwable e) {
                userCode.threw(e);
            } finally {
                userCode.end();
            }
        }

        @Override
        public void unreadable(MemberLink from, long of, long slot) {
            if (serving.isAbout(from, of)) {
                serving.get().refuses(slot, 0);
                serving.leave();
            }
        }

        @Override
        public void compacted(MemberLink from, long of, long first) {
            if (serving.isAbout(from, of) && first > position.nextSlot()) {
                serving.get().refuses(first - 1, first);
                serving.leave();
            }
        }

        @Override
        public void failure(MemberLink from, long about, FailureCode code) {
            if (code == FailureCode.OTHER_CLUSTER) {
                if (serving.isAbout(from, about)) {
                    serving.get().isOfOtherCluster = true;
                    serving.leave();
                }
                return;
            }
            refusedBy = ClientError.refusal(code);
            links.refused(from);
        }
    }
}
