package io.paxoslog.gateway;

import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.codecs.ClientProtocol;
import io.paxoslog.codecs.client.FailureCode;
import io.paxoslog.media.Allowance;
import io.paxoslog.media.StreamBounds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongArrayList;

/**
 * Who has a link here, found by the stream it speaks on, by its number, and by the session that it
 * brought. Lets in who says Hello, so many at a time, and lets go of who cannot be reached any
 * more.
 */
final class OpenLinks {
    /** A client whose way back broke comes again by a new link, at most so often. */
    static final int REOPEN_TICKS = 250;

    static final int MOST_OPENED_A_TURN = 2;

    /** Links whose other end has not answered yet; each sends to where it leads meanwhile. */
    static final int LEAST_UNREACHED = 32;

    static final int UNREACHED_PAUSE_TICKS = 5_000;

    private static final int CLIENTS_PER_UNREACHED = 64;
    private static final long NEVER = Long.MIN_VALUE;

    private final GatewayConfig config;
    private final ApplyOrders orders;
    private final ResponseLink.Factory ways;
    private final Int2ObjectHashMap<Connection> byImage = new Int2ObjectHashMap<>();
    private final Long2ObjectHashMap<Connection> bySession = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<Connection> byId = new Long2ObjectHashMap<>();
    private final List<Connection> all = new ArrayList<>();
    private final LongArrayList goneButKnown = new LongArrayList();
    private final Long2LongHashMap openedTicks = new Long2LongHashMap(NEVER);
    private final Allowance openings;
    private final int mostUnreached;
    private int openedThisTurn;
    private long nowTick;
    private long lastId;

    /**
     * @param orders tells the one who applies whom to answer
     * @param ways opens the ways back to clients
     */
    OpenLinks(GatewayConfig config, ApplyOrders orders, ResponseLink.Factory ways) {
        this.config = config;
        this.orders = orders;
        this.ways = ways;
        int perSecond = StreamBounds.perSecond(config.maxClients());
        openings = new Allowance(perSecond, Math.max(perSecond, config.maxClients()), 0);
        mostUnreached = Math.max(LEAST_UNREACHED, config.maxClients() / CLIENTS_PER_UNREACHED);
    }

    /** Numbers rise with the wall clock, so that none of an earlier process returns. */
    void onTick(long tick, long wallClockNs) {
        nowTick = tick;
        lastId = Math.max(lastId, wallClockNs);
    }

    void beginTurn() {
        openedThisTurn = 0;
    }

    /** Somebody says Hello; false when there is nothing for it now. */
    boolean hello(int image, long link, int protocolVersion, String responseEndpoint) {
        Connection known = byImage.get(image);
        if (known != null && known.link == link) {
            known.isWelcomeDue = true;
            return true;
        }
        // Before the first tick its number might be one that an earlier process gave.
        if (lastId == 0 || all.size() >= 2 * config.maxClients() || !mayOpen(image)) {
            return false;
        }
        drop(image);
        ResponseLink out = ways.open(responseEndpoint);
        Connection created = new Connection(image, link, ++lastId, out, nowTick);
        created.endpoint = responseEndpoint;
        if (protocolVersion != ClientProtocol.VERSION) {
            created.failed(FailureCode.WRONG_VERSION, link, ClientProtocol.VERSION);
        } else if (byImage.size() >= config.maxClients()) {
            created.failed(FailureCode.TOO_MANY_CLIENTS, link, config.maxClients());
        } else {
            byImage.put(image, created);
        }
        all.add(created);
        byId.put(created.id, created);
        return true;
    }

    /** Each link is a stream of its own with its buffers, opened between other work. */
    private boolean mayOpen(int image) {
        long openedTick = openedTicks.get(image);
        boolean isEarly = openedTick != NEVER && nowTick - openedTick < REOPEN_TICKS;
        boolean isTurnFull = openedThisTurn == MOST_OPENED_A_TURN;
        if (isEarly || isTurnFull || unreached() >= mostUnreached) {
            return false;
        }
        Connection before = byImage.get(image);
        boolean isUnreached = before != null && !before.wasReached() && !before.out.isBroken();
        if (isUnreached || !openings.take(TimeUnit.MILLISECONDS.toNanos(nowTick))) {
            return false;
        }
        openedTicks.put(image, nowTick);
        openedThisTurn++;
        return true;
    }

    private int unreached() {
        int unreached = 0;
        for (int i = 0; i < all.size(); i++) {
            unreached += all.get(i).wasReached() ? 0 : 1;
        }
        return unreached;
    }

    /** Who speaks on a stream; null: nobody who was let in. */
    Connection of(int image) {
        return byImage.get(image);
    }

    Connection byId(long id) {
        return byId.get(id);
    }

    /** Who brought a session last; null: nobody. */
    Connection ofSession(long session) {
        return bySession.get(session);
    }

    /** Somebody brings a session, instead of the one it had. */
    void attach(long session, Connection client) {
        bySession.put(session, client);
        if (client.session() != session) {
            bySession.remove(client.session(), client);
        }
    }

    /** All sessions have to be brought anew. */
    void detachAll() {
        bySession.clear();
    }

    /** The stream of a client is gone: whatever it says from now on, it says as a new one. */
    void imageLost(int image) {
        drop(image);
        openedTicks.remove(image);
    }

    private void drop(int image) {
        Connection lost = byImage.get(image);
        if (lost != null) {
            remove(lost);
        }
    }

    /** Lets go those that cannot be reached any more. */
    void dropGone() {
        for (int i = all.size() - 1; i >= 0; i--) {
            Connection client = all.get(i);
            if (client.isGone(nowTick, config.clientTimeoutTicks())) {
                remove(client);
                makeWait(client);
            }
        }
    }

    /** Who was not there where it said is not looked for again at once. */
    private void makeWait(Connection gone) {
        if (!gone.wasReached() && !gone.out.isBroken() && openedTicks.containsKey(gone.image)) {
            openedTicks.put(gone.image, nowTick + UNREACHED_PAUSE_TICKS - REOPEN_TICKS);
        }
    }

    void remove(Connection client) {
        byImage.remove(client.image, client);
        bySession.remove(client.session(), client);
        byId.remove(client.id);
        all.remove(client);
        client.isRemoved = true;
        if (client.isAttachmentKnown()) {
            goneButKnown.addLong(client.id);
        }
        client.out.close();
    }

    /** Tells the one who applies of those that are gone. */
    void tellGone() {
        while (!goneButKnown.isEmpty()
                && orders.detach(goneButKnown.getLong(goneButKnown.size() - 1))) {
            goneButKnown.popLong();
        }
    }

    boolean isAdmitted(Connection client) {
        return byImage.get(client.image) == client;
    }

    int count() {
        return all.size();
    }

    Connection get(int index) {
        return all.get(index);
    }
}
