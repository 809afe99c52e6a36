package io.paxoslog.client;

import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.ReadResult;
import io.paxoslog.codecs.client.ReadsEncoder;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * The reads of a client that are not answered yet. What a node does not answer is asked again, of
 * the same or another one, until its deadline: a read changes nothing, so it may be asked twice. A
 * number is given to one read only.
 */
final class ClientReads {
    private static final int HEAD_BYTES =
            MessageHeaderEncoder.ENCODED_LENGTH
                    + ReadsEncoder.BLOCK_LENGTH
                    + ReadsEncoder.ItemsEncoder.sbeHeaderSize();
    private static final int ITEM_BYTES =
            ReadsEncoder.ItemsEncoder.sbeBlockLength()
                    + ReadsEncoder.ItemsEncoder.queryHeaderLength();

    /** What a query has more than its bytes in a message of its own. */
    static final int OVERHEAD_BYTES = HEAD_BYTES + ITEM_BYTES;

    private static final int MOST_A_MESSAGE = 16 * 1024;
    private static final int PAUSE_MS = 10;

    /** A node gives up so long before the client does, at most, so that it hears why. */
    private static final int MARGIN_MS = 50;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ReadsEncoder encoder = new ReadsEncoder();
    private final ExpandableArrayBuffer message = new ExpandableArrayBuffer(1024);
    private final MemberLinks links;
    private final ReplyListener listener;
    private final LongSupplier cluster;
    private final int window;
    private final int windowBytes;
    private final int patienceMs;
    private final PendingRead[] reads;
    private final ArrayDeque<PendingRead> forLeader = new ArrayDeque<>();
    private final ArrayDeque<PendingRead> forAny = new ArrayDeque<>();
    private final PendingRead[] staged;
    private MemberLink leader;
    private MemberLink reader;
    private long lastId;
    private int count;
    private int ofLeader;
    private long bytes;
    private long nextLookMs = Long.MAX_VALUE;
    private long nowMs;
    private ClientError endedBy;

    /**
     * @param cluster the cluster's id; 0 while it is not known
     */
    ClientReads(
            MemberLinks links, ClientConfig config, ReplyListener listener, LongSupplier cluster) {
        this.links = links;
        this.listener = listener;
        this.cluster = cluster;
        window = config.windowCommands();
        windowBytes = config.windowBytes();
        patienceMs = config.resendMs();
        staged = new PendingRead[Math.min(MOST_A_MESSAGE, window)];
        // Half of the places are always free: the next one is found soon.
        reads = new PendingRead[2 * BitUtil.findNextPositivePowerOfTwo(window)];
    }

    /** Keeps a read and returns its number, or the error as a negative number. */
    long offer(
            ReadMode mode, long slot, int timeoutMs, DirectBuffer buffer, int offset, int length) {
        if (endedBy != null) {
            return endedBy.asResult();
        }
        if (length > links.maxCommandBytes() || length > windowBytes) {
            return ClientError.TOO_LARGE.asResult();
        }
        if (count == window || bytes + length > windowBytes) {
            return ClientError.WINDOW_FULL.asResult();
        }
        PendingRead read = nextFree();
        read.id = lastId;
        read.mode = mode;
        read.slot = slot;
        read.deadlineMs = nowMs + timeoutMs;
        read.fill(buffer, offset, length);
        count++;
        ofLeader += mode.isOfLeader() ? 1 : 0;
        bytes += length;
        nextLookMs = Math.min(nextLookMs, read.deadlineMs);
        queueOf(read).add(read);
        return read.id;
    }

    /** The time that deadlines count from. */
    void at(long newNowMs) {
        nowMs = newNowMs;
    }

    private PendingRead nextFree() {
        while (true) {
            int index = indexOf(++lastId);
            if (reads[index] == null) {
                reads[index] = new PendingRead();
            }
            if (!reads[index].isPending()) {
                return reads[index];
            }
        }
    }

    private int indexOf(long id) {
        return (int) id & (reads.length - 1);
    }

    private ArrayDeque<PendingRead> queueOf(PendingRead read) {
        return read.mode.isOfLeader() ? forLeader : forAny;
    }

    /** Sends what is to be sent, and gives up what is late; returns how much it was. */
    int tick(long newNowMs) {
        nowMs = newNowMs;
        if (count == 0) {
            return 0;
        }
        follow();
        int done = nowMs >= nextLookMs ? look() : 0;
        return done + send(forLeader, leader) + send(forAny, reader);
    }

    /** What was sent to somebody who is asked no more is sent again. */
    private void follow() {
        MemberLink newLeader = links.leader();
        if (newLeader != leader) {
            sendAgain(leader, true);
            leader = newLeader;
        }
        boolean isAnySought = count > ofLeader;
        MemberLink newReader = isAnySought ? links.reader() : reader;
        if (newReader != reader) {
            sendAgain(reader, false);
            reader = newReader;
        }
    }

    private void sendAgain(MemberLink to, boolean isOfLeader) {
        for (PendingRead read : reads) {
            if (to != null
                    && read != null
                    && read.sentTo == to
                    && read.mode.isOfLeader() == isOfLeader) {
                sendAgain(read);
            }
        }
    }

    private void sendAgain(PendingRead read) {
        read.sentTo = null;
        queueOf(read).add(read);
    }

    /** A member said how it stands; if it knows nothing of what was sent, all is sent again. */
    void welcomed(MemberLink from, boolean isNew) {
        if (isNew) {
            sendAgain(from, true);
            sendAgain(from, false);
        }
    }

    /** Gives up what is late, and sends again what was not answered for long. */
    private int look() {
        nextLookMs = Long.MAX_VALUE;
        int done = 0;
        for (PendingRead read : reads) {
            if (read == null || !read.isPending()) {
                continue;
            }
            if (nowMs >= read.deadlineMs) {
                fail(read, ClientError.READ_TIMED_OUT, read.reason);
                done++;
                continue;
            }
            if (read.sentTo != null && nowMs >= read.againMs) {
                sendAgain(read);
            }
            nextLookMs = Math.min(nextLookMs, nextLookAt(read));
        }
        return done;
    }

    private static long nextLookAt(PendingRead read) {
        return read.sentTo == null ? read.deadlineMs : Math.min(read.deadlineMs, read.againMs);
    }

    private int send(ArrayDeque<PendingRead> queue, MemberLink to) {
        int sent = 0;
        while (!queue.isEmpty() && to != null && to.isOpen() && links.canRead(to)) {
            int staging = stage(queue, to);
            if (staging == 0) {
                continue;
            }
            if (!sendStaged(staging, to)) {
                for (int i = staging - 1; i >= 0; i--) {
                    staged[i].sentTo = null;
                    queue.addFirst(staged[i]);
                }
                return sent;
            }
            sent++;
        }
        return sent;
    }

    /** Takes what goes into one message; what nobody waits for any more is left out. */
    private int stage(ArrayDeque<PendingRead> queue, MemberLink to) {
        int taken = 0;
        int length = HEAD_BYTES;
        while (!queue.isEmpty() && taken < staged.length) {
            PendingRead next = queue.peek();
            boolean isWaiting = next.isPending() && next.sentTo == null && queueOf(next) == queue;
            if (!isWaiting) {
                queue.remove();
                continue;
            }
            int itemBytes = ITEM_BYTES + next.length();
            boolean isOther =
                    taken > 0
                            && (next.mode != staged[0].mode
                                    || next.slot != staged[0].slot
                                    || length + itemBytes > to.fragmentBytes());
            if (isOther) {
                break;
            }
            next.sentTo = to;
            staged[taken++] = queue.remove();
            length += itemBytes;
        }
        return taken;
    }

    private boolean sendStaged(int staging, MemberLink to) {
        int timeoutMs = 1;
        int at = HEAD_BYTES;
        for (int i = 0; i < staging; i++) {
            PendingRead read = staged[i];
            timeoutMs = Math.max(timeoutMs, timeoutOf(read));
            message.putLong(at, read.id, ByteOrder.LITTLE_ENDIAN);
            message.putInt(at + Long.BYTES, read.length(), ByteOrder.LITTLE_ENDIAN);
            message.putBytes(at + ITEM_BYTES, read.query(), 0, read.length());
            at += ITEM_BYTES + read.length();
        }
        encoder.wrapAndApplyHeader(message, 0, header)
                .clusterId(cluster.getAsLong())
                .slot(staged[0].slot)
                .timeoutMs(timeoutMs)
                .kind(staged[0].mode.kind())
                .itemsCount(staging);
        if (!to.carries(at)) {
            // Offered before any member had said what the cluster takes.
            for (int i = 0; i < staging; i++) {
                fail(staged[i], ClientError.TOO_LARGE, null);
            }
            return true;
        }
        if (!to.send(message, at)) {
            return false;
        }
        for (int i = 0; i < staging; i++) {
            staged[i].againMs = nowMs + patienceMs + MARGIN_MS;
            nextLookMs = Math.min(nextLookMs, staged[i].againMs);
        }
        return true;
    }

    /** A node holds it no longer than until it is asked for again. */
    private int timeoutOf(PendingRead read) {
        long left = read.deadlineMs - nowMs;
        long told = left - Math.min(MARGIN_MS, left / 4);
        return (int) Math.max(1, Math.min(told, patienceMs));
    }

    /** A node said what came of a read. */
    void answered(
            MemberLink from,
            long id,
            long slot,
            ReadResult result,
            DirectBuffer buffer,
            int offset,
            int length) {
        PendingRead read = reads[indexOf(id)];
        if (read == null || read.id != id || id == 0) {
            // Answered before, or given up.
            return;
        }
        if (result == ReadResult.ANSWERED) {
            release(read);
            listener.onRead(id, slot, buffer, offset, length);
            return;
        }
        if (read.sentTo != from) {
            // It is asked elsewhere by now.
            return;
        }
        String text = length == 0 ? null : buffer.getStringWithoutLengthUtf8(offset, length);
        switch (result) {
            case NO_QUERIES -> fail(read, ClientError.NO_QUERIES, text);
            case FAILED -> fail(read, ClientError.QUERY_FAILED, text);
            case FULL -> fail(read, ClientError.READS_FULL, text);
            case NOT_OFFERED -> fail(read, ClientError.READ_NOT_OFFERED, text);
            case TOO_LARGE -> fail(read, ClientError.TOO_LARGE, text);
            case HALTED -> halted(read, from, text);
            case NOT_IN_TIME -> notInTime(read, from, text);
            default -> askAgainLater(read, text);
        }
    }

    /** Another node may go on. */
    private void halted(PendingRead read, MemberLink from, String text) {
        if (read.mode.isOfLeader() || !links.readElsewhere(from)) {
            fail(read, ClientError.HALTED, text);
        } else {
            askAgainLater(read, text);
        }
    }

    /** What this node waits for others may have: it may be cut off, or no member any more. */
    private void notInTime(PendingRead read, MemberLink from, String text) {
        if (!read.mode.isOfLeader()) {
            links.readElsewhere(from);
        }
        if (read.deadlineMs - nowMs <= 2 * MARGIN_MS) {
            fail(read, ClientError.READ_TIMED_OUT, text);
        } else {
            askAgainLater(read, text);
        }
    }

    private void askAgainLater(PendingRead read, String text) {
        read.reason = text == null ? read.reason : text;
        read.againMs = nowMs + PAUSE_MS;
        nextLookMs = Math.min(nextLookMs, read.againMs);
    }

    private void release(PendingRead read) {
        count--;
        ofLeader -= read.mode.isOfLeader() ? 1 : 0;
        bytes -= read.length();
        read.empty();
    }

    private void fail(PendingRead read, ClientError why, String text) {
        long id = read.id;
        String about = text == null && why == ClientError.READ_TIMED_OUT ? unasked(read) : text;
        release(read);
        listener.onReadFailed(id, why, about == null ? "" : about);
    }

    private String unasked(PendingRead read) {
        if (read.sentTo != null) {
            return "the node at " + read.sentTo.address + " did not answer";
        }
        if (!read.mode.isOfLeader()) {
            return "no member answers, or none of a build that reads";
        }
        return leader == null ? "no leader is known" : "the leader is of a build without reads";
    }

    /** Nothing is asked any more. To be called again when a listener threw. */
    void end(ClientError why) {
        endedBy = why;
        forLeader.clear();
        forAny.clear();
        for (PendingRead read : reads) {
            if (read != null && read.isPending()) {
                fail(read, why, null);
            }
        }
    }

    /** Reads that are not answered yet. */
    int count() {
        return count;
    }

    /** Whether the leader owes something. */
    boolean isAwaitingLeader() {
        return ofLeader > 0;
    }
}
