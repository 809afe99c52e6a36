package io.paxoslog.client;

import java.util.random.RandomGenerator;
import org.agrona.DirectBuffer;

/**
 * A client without its network: the session, the commands in flight and the search for the leader.
 * {@link PaxosClient} drives it over Aeron; whoever has other lines and another clock drives it
 * himself. Not thread-safe.
 */
public final class ClientCore {
    private final MemberLinks links;
    private final CommandRing ring;
    private final ClientSession session;
    private final ResponseDecoder decoder;
    private final ClientReads reads;

    /**
     * @param lines opens the ways to members
     * @param random draws the session's nonce, its secret and the ids of links
     * @param listener hears replies
     */
    public ClientCore(
            MemberLines lines,
            ClientConfig config,
            RandomGenerator random,
            ReplyListener listener) {
        this(lines, config, null, random, listener);
    }

    /**
     * As above, with a session that another process had.
     *
     * @param token null: a new one is opened
     */
    public ClientCore(
            MemberLines lines,
            ClientConfig config,
            SessionToken token,
            RandomGenerator random,
            ReplyListener listener) {
        links = new MemberLinks(lines, config, random);
        ring = new CommandRing(config.windowCommands(), config.windowBytes());
        long nonce = random.nextLong();
        SessionSecret drawn = SessionSecret.draw(random);
        SessionSecret secret =
                token == null ? drawn : SessionSecret.of(token.secretHigh(), token.secretLow());
        session = new ClientSession(links, ring, listener, nonce, secret, config.resendMs());
        if (token != null) {
            session.takeUp(token, nonce == 0 ? 1 : nonce);
        }
        decoder = new ResponseDecoder(links, session);
        reads = new ClientReads(links, config, listener, session::cluster);
        decoder.answer(reads);
    }

    /** As {@link PaxosClient#offer}. */
    public long offer(DirectBuffer buffer, int offset, int length) {
        return session.offer(buffer, offset, length);
    }

    /** As {@link PaxosClient#read}, at a time. */
    public long read(
            ReadMode mode,
            long slot,
            int timeoutMs,
            DirectBuffer buffer,
            int offset,
            int length,
            long nowMs) {
        reads.at(nowMs);
        return reads.offer(mode, slot, timeoutMs, buffer, offset, length);
    }

    /** As {@link PaxosClient#readFrom}. */
    public void readFrom(String member) {
        links.readFrom(member);
    }

    /** Hears a message of a member; {@code image} is the stream it came by. */
    public void hear(int image, DirectBuffer buffer, int offset, int length) {
        decoder.hear(image, buffer, offset, length);
    }

    ResponseDecoder decoder() {
        return decoder;
    }

    /** The stream by which a member answered is gone. */
    public void responseImageLost(int image) {
        links.responseImageLost(image);
    }

    /** Says what is to be said; returns how many messages the leader took. */
    public int tick(long nowMs) {
        links.tick(nowMs, session.isAwaiting() || reads.isAwaitingLeader());
        return session.tick(nowMs) + reads.tick(nowMs);
    }

    /** Gives the session back; it has ended once the cluster has confirmed that. */
    public void beginClose() {
        session.beginClose();
    }

    /** Whether a session is open. */
    public boolean isOpen() {
        return session.isOpen();
    }

    /** Whether nothing is sent any more. */
    public boolean hasEnded() {
        return session.hasEnded();
    }

    /** Why it ended; null while it has not. */
    public ClientError endedBy() {
        return session.endedBy();
    }

    /** By what another process can take the session up; null before there is one. */
    public SessionToken sessionToken() {
        return session.token();
    }

    /** Commands that are not answered yet. */
    public int unanswered() {
        return ring.count();
    }

    /** The session's id, which is the slot that opened it; 0 before it is open. */
    public long sessionId() {
        return session.id();
    }

    ClientReads reads() {
        return reads;
    }

    MemberLinks links() {
        return links;
    }

    ClientSession session() {
        return session;
    }

    /** Lets all lines go, without a word to the cluster. */
    public void abandon() {
        links.close();
    }
}
