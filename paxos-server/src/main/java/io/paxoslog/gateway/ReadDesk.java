package io.paxoslog.gateway;

import io.paxoslog.apply.Applied;
import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.codecs.client.ReadKind;
import io.paxoslog.codecs.client.ReadResult;
import io.paxoslog.core.ReadAnswers;
import io.paxoslog.core.Role;
import io.paxoslog.gateway.ClientMessages.CommandItems;
import io.paxoslog.service.EntryFormat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The reads of all clients of this node: each waits until it may be answered, as its kind says,
 * then until what it must see is applied, and then for the state machine, which may let it wait for
 * news. Bounded; what is not answered by its deadline is given up, or answered with what there is,
 * where it waited for news. Nothing of it is proposed, but for those through the log.
 */
final class ReadDesk implements ReadAnswers {
    private static final long NOWHERE = Long.MAX_VALUE;
    private static final int NODE_BITS = 16;
    private static final int MOST_IDLE = 256;

    private final GatewayConfig config;
    private final Proposals proposals;
    private final CommandBatch batch;
    private final ApplyOrders orders;
    private final Applied applied;
    private final NodeStatus status;
    private final ReadResponses responses;

    /** Those that wait for the core, by what they were asked by, each in the order they came. */
    private final ArrayDeque<HeldRead> indexing = new ArrayDeque<>();

    private final ArrayDeque<HeldRead> askingQuorum = new ArrayDeque<>();

    private final ArrayDeque<HeldRead> leasing = new ArrayDeque<>();

    /** Those that stand in the log, or may. */
    private final ArrayDeque<HeldRead> inLog = new ArrayDeque<>();

    /** Those that wait for a slot to be applied, or for room. */
    private final List<HeldRead> applying = new ArrayList<>();

    /** Those that the one who applies has, in the order in which he answers. */
    private final ArrayDeque<HeldRead> given = new ArrayDeque<>();

    /** Those that wait for news, and the tickets of their queries that do. */
    private final List<HeldRead> waiting = new ArrayList<>();

    private final Long2ObjectHashMap<HeldRead> waitingByTicket = new Long2ObjectHashMap<>();

    private final ArrayDeque<HeldRead> idle = new ArrayDeque<>();
    private final List<Collection<HeldRead>> all =
            List.of(indexing, askingQuorum, leasing, inLog, applying, given, waiting);
    private long nowTick;
    private long asker;
    private boolean isAskerTold;
    private long nextTicket = 1;
    private long lastAsked;
    private long lowestSlot = NOWHERE;
    private long earliestTick = Long.MAX_VALUE;
    private int reads;
    private long bytes;
    private long ballotLed;

    ReadDesk(
            GatewayConfig config,
            Proposals proposals,
            CommandBatch batch,
            ApplyOrders orders,
            Applied applied,
            NodeStatus status) {
        this.config = config;
        this.proposals = proposals;
        this.batch = batch;
        this.orders = orders;
        this.applied = applied;
        this.status = status;
        responses = new ReadResponses(config.maxReadBytes());
    }

    /** The wall clock tells one start of this node from the others, in what stands in the log. */
    void onTick(long tick, long wallClockNs) {
        nowTick = tick;
        if (asker == 0) {
            asker = (wallClockNs << NODE_BITS) | status.node();
        }
        if (tick >= earliestTick) {
            giveUpLate();
        }
    }

    /** A client reads; false: not now, it is to come again. */
    boolean hear(
            Connection client,
            ReadKind kind,
            long clusterId,
            long slot,
            int timeoutMs,
            CommandItems queries,
            boolean isBatchFull) {
        ReadResult refusal = refusalOf(kind, clusterId, queries);
        if (refusal == null && kind == ReadKind.LOG && !hasRoomInLog(queries, isBatchFull)) {
            return false;
        }
        HeldRead read = idle.isEmpty() ? new HeldRead() : idle.pop();
        read.fill(client, kind, slot, queries);
        read.deadlineTick = nowTick + timeoutMs;
        if (refusal != null) {
            client.isRedirectDue |= refusal == ReadResult.NOT_LEADER;
            responses.fail(read, refusal, whyRefused(refusal));
            recycle(read);
            return true;
        }
        read.ticket = nextTicket;
        // One is left out, so that answers to two messages are told from those to one.
        nextTicket += read.count + 1;
        reads += read.count;
        bytes += read.length();
        earliestTick = Math.min(earliestTick, read.deadlineTick);
        begin(read, queries);
        return true;
    }

    private ReadResult refusalOf(ReadKind kind, long clusterId, CommandItems queries) {
        long bytesNeeded = queries.readsBytes();
        if (clusterId != 0 && proposals.clusterId() != 0 && clusterId != proposals.clusterId()) {
            return ReadResult.NOT_OFFERED;
        }
        if (queries.largest() > config.maxCommandBytes()
                || bytesNeeded > orders.largestReadsBytes()
                || (kind == ReadKind.LOG && !batch.canEverTake(logBytes(queries)))) {
            return ReadResult.TOO_LARGE;
        }
        if (!isTakenHere(kind)) {
            return ReadResult.NOT_LEADER;
        }
        boolean isFull =
                queries.count() > config.maxReads() - reads
                        || bytesNeeded > config.maxReadBytes() - bytes;
        return isFull ? ReadResult.FULL : null;
    }

    private boolean isTakenHere(ReadKind kind) {
        return switch (kind) {
            case LOG -> proposals.takesCommands();
            case READ_INDEX, LEASE -> proposals.role() == Role.LEADING;
            default -> true;
        };
    }

    private String whyRefused(ReadResult refusal) {
        return switch (refusal) {
            case NOT_OFFERED -> "this node is of another cluster";
            case FULL -> "this node holds %d reads".formatted(reads);
            default -> "";
        };
    }

    private static long logBytes(CommandItems queries) {
        return CommandBatch.bytesNeeded(queries.count(), queries.commandBytes());
    }

    private boolean hasRoomInLog(CommandItems queries, boolean isBatchFull) {
        return isAskerTold && !isBatchFull && batch.hasRoomFor(logBytes(queries));
    }

    private void begin(HeldRead read, CommandItems queries) {
        boolean isOffered = true;
        switch (read.kind) {
            case LOG -> {
                queries.addReadsTo(batch, EntryFormat.QUERY, asker, read.ticket);
                inLog.add(read);
            }
            case READ_INDEX, FOLLOWER -> {
                ask(read, indexing);
                isOffered = proposals.read(read.asked);
            }
            case QUORUM -> {
                ask(read, askingQuorum);
                isOffered = proposals.readByQuorum(read.asked);
            }
            case LEASE -> isOffered = beginLeased(read);
            case AT_LEAST, STALE -> awaitSlot(read);
            default -> isOffered = false;
        }
        if (!isOffered) {
            indexing.remove(read);
            askingQuorum.remove(read);
            responses.fail(read, ReadResult.NOT_OFFERED, whyNotOffered(read.kind));
            release(read);
        }
    }

    private static String whyNotOffered(ReadKind kind) {
        return kind == ReadKind.LEASE
                ? "leases are off on this node: its lease-ms is 0"
                : "this node does not read that way";
    }

    /** Where no lease is held it is confirmed as any other. */
    private boolean beginLeased(HeldRead read) {
        if (!proposals.offersLeases()) {
            return false;
        }
        ask(read, leasing);
        if (proposals.readByLease(read.asked)) {
            read.leaseBallot = proposals.ballot();
            return true;
        }
        leasing.removeLast();
        indexing.add(read);
        return proposals.read(read.asked);
    }

    /** The answer may come while it is asked. */
    private void ask(HeldRead read, ArrayDeque<HeldRead> waiting) {
        read.asked = ++lastAsked;
        waiting.add(read);
    }

    @Override
    public void indexed(long ticket, long index) {
        indexed(indexing, ticket, index);
    }

    @Override
    public void indexedByQuorum(long ticket, long index) {
        indexed(askingQuorum, ticket, index);
    }

    @Override
    public void indexedByLease(long ticket, long index) {
        indexed(leasing, ticket, index);
    }

    private void indexed(ArrayDeque<HeldRead> waiting, long ticket, long index) {
        while (!waiting.isEmpty() && waiting.peek().asked <= ticket) {
            HeldRead read = waiting.poll();
            read.slot = Math.max(read.slot, index);
            awaitSlot(read);
        }
    }

    private void awaitSlot(HeldRead read) {
        applying.add(read);
        lowestSlot = Math.min(lowestSlot, read.slot);
    }

    /** Has answered what may be, and says what there was no room for. */
    void turn() {
        if (!isAskerTold && asker != 0) {
            isAskerTold = orders.asker(asker);
        }
        responses.sayWaiting();
        if (applied.index() >= lowestSlot) {
            handOver();
        }
    }

    private void handOver() {
        lowestSlot = NOWHERE;
        int left = 0;
        for (int i = 0; i < applying.size(); i++) {
            HeldRead read = applying.get(i);
            if (read.client.isRemoved) {
                release(read);
            } else if (read.slot <= applied.index() && isHandedOver(read)) {
                given.add(read);
            } else {
                lowestSlot = Math.min(lowestSlot, read.slot);
                applying.set(left++, read);
            }
        }
        while (applying.size() > left) {
            applying.remove(applying.size() - 1);
        }
    }

    /** What a client has no room to hear is not looked for. */
    private boolean isHandedOver(HeldRead read) {
        Connection client = read.client;
        return client.answersWaiting == 0
                && client.out.isConnected()
                && client.out.hasRoom()
                && orders.reads(
                        read.ticket,
                        read.slot,
                        read.count,
                        client.out.fragmentBytes(),
                        mayWait(read),
                        read.items(),
                        read.length());
    }

    /**
     * A lease would have to be held until there is news. Beyond half of all reads that may be held
     * none waits, so that others find room.
     */
    private boolean mayWait(HeldRead read) {
        return read.kind != ReadKind.LEASE
                && waitingByTicket.size() + read.count <= config.maxReads() / 2;
    }

    /** The state machine has nothing to say to a query yet, which waits for news. */
    void waits(long ticket) {
        HeldRead read = given.peek();
        waitingByTicket.put(ticket, read);
        if (read.waiting++ == 0) {
            read.place = waiting.size();
            waiting.add(read);
            earliestTick = Math.min(earliestTick, read.deadlineTick);
        }
        read.answered++;
        if (read.answered >= read.count) {
            given.remove();
        }
    }

    private void answeredLater(
            HeldRead read,
            long ticket,
            int count,
            MutableDirectBuffer message,
            int offset,
            int messageBytes) {
        responses.say(read.client, message, offset, messageBytes);
        for (int i = 0; i < count; i++) {
            waitingByTicket.remove(ticket + i);
        }
        read.waiting -= count;
        if (read.waiting == 0) {
            removeWaiting(read);
            if (read.answered >= read.count) {
                release(read);
            }
        }
    }

    /** They stand in any order. */
    private void removeWaiting(HeldRead read) {
        HeldRead last = waiting.remove(waiting.size() - 1);
        if (last != read) {
            last.place = read.place;
            waiting.set(read.place, last);
        }
    }

    /** The one who applies has answered queries of one message. */
    void answered(
            long ticket, int count, MutableDirectBuffer message, int offset, int messageBytes) {
        HeldRead read = waitingByTicket.get(ticket);
        if (read != null) {
            answeredLater(read, ticket, count, message, offset, messageBytes);
            return;
        }
        read = given.isEmpty() ? null : given.peek();
        boolean isGiven = read != null && read.has(ticket);
        if (!isGiven) {
            read = inLogWith(ticket);
        }
        if (read == null) {
            // It waited for the log, and was given up.
            return;
        }
        if (!read.isGivenUp && hasLostLease(read)) {
            responses.fail(read, ReadResult.NOT_IN_TIME, "the lease ran out while it was answered");
            read.isGivenUp = true;
        }
        if (!read.isGivenUp) {
            responses.say(read.client, message, offset, messageBytes);
        }
        read.answered += count;
        if (read.answered >= read.count) {
            if (isGiven) {
                given.remove();
            } else {
                inLog.remove(read);
            }
            if (read.waiting == 0) {
                release(read);
            }
        }
    }

    /**
     * Looked at once the state machine has answered: another leader may have gone on while this
     * process stood still. Its client asks again.
     */
    private boolean hasLostLease(HeldRead read) {
        return read.leaseBallot != 0 && !proposals.holdsLease(read.leaseBallot);
    }

    private HeldRead inLogWith(long ticket) {
        for (HeldRead read : inLog) {
            if (read.has(ticket)) {
                return read;
            }
        }
        return null;
    }

    /** Who led and does no more has nothing to confirm, and may have proposed in vain. */
    void noticeLeader() {
        long ballot = proposals.role() == Role.LEADING ? proposals.ballot() : 0;
        if (ballot == ballotLed) {
            return;
        }
        ballotLed = ballot;
        sendElsewhere(inLog, read -> true);
        sendElsewhere(leasing, read -> true);
        sendElsewhere(indexing, read -> read.kind != ReadKind.FOLLOWER);
    }

    /** What was to be proposed was not. */
    void batchDropped() {
        sendElsewhere(inLog, read -> true);
    }

    private void sendElsewhere(ArrayDeque<HeldRead> waiting, Predicate<HeldRead> isOfLeader) {
        for (Iterator<HeldRead> next = waiting.iterator(); next.hasNext(); ) {
            HeldRead read = next.next();
            if (isOfLeader.test(read)) {
                next.remove();
                responses.fail(read, ReadResult.NOT_LEADER, "");
                release(read);
            }
        }
    }

    private void giveUpLate() {
        earliestTick = Long.MAX_VALUE;
        giveUpLate(indexing, "no leader has confirmed it");
        giveUpLate(askingQuorum, "too few nodes have confirmed it");
        giveUpLate(leasing, "what was proposed before it is not chosen");
        giveUpLate(inLog, "its slot is not chosen, or not applied here");
        giveUpLate(applying, "");
        endLate();
        // Whoever has these gives them back.
        for (HeldRead read : given) {
            if (!read.isGivenUp && isLate(read)) {
                responses.fail(read, ReadResult.NOT_IN_TIME, "the state machine is busy");
                read.isGivenUp = true;
            }
        }
    }

    /** What waited for news is answered with what there is. */
    private void endLate() {
        for (HeldRead read : waiting) {
            if (!read.isEnding && (nowTick >= read.deadlineTick || read.client.isRemoved)) {
                read.isEnding = orders.last(read.ticket, read.count);
                earliestTick = read.isEnding ? earliestTick : Math.min(earliestTick, nowTick);
            } else if (!read.isEnding) {
                earliestTick = Math.min(earliestTick, read.deadlineTick);
            }
        }
    }

    private void giveUpLate(Collection<HeldRead> late, String why) {
        for (Iterator<HeldRead> next = late.iterator(); next.hasNext(); ) {
            HeldRead read = next.next();
            if (isLate(read)) {
                next.remove();
                responses.fail(read, ReadResult.NOT_IN_TIME, why.isEmpty() ? behind(read) : why);
                release(read);
            }
        }
    }

    private boolean isLate(HeldRead read) {
        if (read.isGivenUp) {
            return false;
        }
        if (nowTick >= read.deadlineTick || read.client.isRemoved) {
            return true;
        }
        earliestTick = Math.min(earliestTick, read.deadlineTick);
        return false;
    }

    private String behind(HeldRead read) {
        long halted = proposals.haltedAt();
        if (read.slot <= applied.index()) {
            return "the client's link or the state machine is busy";
        }
        return halted != 0 && halted <= read.slot
                ? "the state machine of this node stands still at slot " + halted
                : "slot %d is not applied on this node yet, %d is"
                        .formatted(read.slot, applied.index());
    }

    private void release(HeldRead read) {
        reads -= read.count;
        bytes -= read.length();
        recycle(read);
    }

    private void recycle(HeldRead read) {
        read.empty();
        if (idle.size() < MOST_IDLE) {
            idle.push(read);
        }
    }

    /** Reads that are held here. */
    int held() {
        return reads;
    }

    /** Whether clients wait for what the state machine says. */
    boolean awaitsAnswers() {
        return !given.isEmpty() || !waiting.isEmpty();
    }

    /** Which query has a ticket, for people. */
    String describe(long ticket) {
        for (Collection<HeldRead> some : all) {
            for (HeldRead read : some) {
                if (read.has(ticket)) {
                    return read.describe((int) (ticket - read.ticket));
                }
            }
        }
        return "a read that its client does not wait for any more";
    }
}
