package io.paxoslog.gateway;

import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.codecs.SecretHash;
import io.paxoslog.codecs.client.ReadKind;
import io.paxoslog.core.Change;
import io.paxoslog.core.Decision;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * All that clients say. {@code image} is the Aeron session a message came by.
 *
 * <p>What needs a slot returns false when there is no room for it now: it is said again.
 */
interface ClientMessages {
    void hello(int image, long link, int protocolVersion, String responseEndpoint);

    /**
     * A client asks for a session.
     *
     * @param isKeptAlive whether it will say that it lives
     */
    boolean openSession(int image, long nonce, SecretHash secret, boolean isKeptAlive);

    /** The client of a session that it brought here says that it lives. */
    void keepAlive(int image, long session);

    /** The client of a session has all events up to a position; it lives, too. */
    void eventsTaken(int image, long session, long slot, int index);

    /** A client brings a session that it says is its own. */
    void resume(int image, Claim claim);

    /** Commands with consecutive sequences; {@code items} as {@link CommandItems} reads them. */
    boolean commands(int image, long session, long awaited, long firstSequence, CommandItems items);

    boolean closeSession(int image, long session, SecretHash secret);

    /** Somebody who says that a session is his asks what became of a command of it. */
    boolean outcome(
            int image,
            long correlation,
            long clusterId,
            long session,
            SecretHash secret,
            long sequence);

    void status(int image, long correlation);

    /** An operator's decision. */
    void decide(int image, long correlation, Decision decision);

    /** Somebody wants to know which versions are known, and which is agreed. */
    void version(int image, long correlation);

    /** Somebody wants to know who the members are. */
    void members(int image, long correlation);

    /**
     * Somebody wants other members, or to know how far that is.
     *
     * @param saysSeats whether the client knows of members that do not vote, and of zones
     */
    void change(int image, long correlation, Change change, boolean saysSeats);

    /** Somebody does not want other members any more. */
    void giveUpChange(int image, long correlation);

    /** Somebody wants a node to lead, or to know how far that is. */
    void transfer(int image, long correlation, int node);

    /**
     * Queries of one kind.
     *
     * @param clusterId the cluster they are for; 0: any
     * @param slot answered by no state before it
     * @param timeoutMs within which they are to be answered
     * @param items the queries, each with what its client knows it by in front
     */
    boolean reads(
            int image, ReadKind kind, long clusterId, long slot, int timeoutMs, CommandItems items);

    void tail(int image, long correlation, long fromSlot, long toSlot);

    /**
     * Somebody wants all that takes effect from a slot on.
     *
     * @param clusterId the cluster that the slot is of; 0: any
     * @param fromSlot 0: the first one kept
     */
    void subscribe(int image, long correlation, long clusterId, long fromSlot);

    /** Somebody wants no more of it. */
    void unsubscribe(int image, long correlation);

    /** Somebody wants a snapshot, or to know how far it is. */
    void snapshot(int image, long correlation);

    /** The commands of one message, one behind the other. */
    final class CommandItems {
        private static final int LENGTH_BYTES = Integer.BYTES;

        private DirectBuffer buffer;
        private int begin;
        private int blockLength;
        private int count;
        private int commandBytes;
        private int largest;

        /** Reads lengths from an offset to an end; false when they do not fit each other. */
        boolean wrap(DirectBuffer source, int offset, int end, int itemBlockLength, int items) {
            buffer = source;
            begin = offset;
            blockLength = itemBlockLength;
            count = items;
            commandBytes = 0;
            largest = 0;
            int position = offset;
            for (int i = 0; i < items; i++) {
                if (position > end - blockLength - LENGTH_BYTES) {
                    return false;
                }
                int length = lengthAt(position);
                if (length < 0 || length > end - position - blockLength - LENGTH_BYTES) {
                    return false;
                }
                commandBytes += length;
                largest = Math.max(largest, length);
                position = next(position);
            }
            return items > 0;
        }

        private int lengthAt(int position) {
            return buffer.getInt(position + blockLength, ByteOrder.LITTLE_ENDIAN);
        }

        private int next(int position) {
            return position + blockLength + LENGTH_BYTES + lengthAt(position);
        }

        /** Adds them to a batch that has room for them. */
        void addTo(CommandBatch batch, short kind, long session, long awaited, long sequence) {
            int position = begin;
            for (int i = 0; i < count; i++) {
                int command = position + blockLength + LENGTH_BYTES;
                int length = lengthAt(position);
                batch.add(kind, session, sequence + i, awaited, buffer, command, length);
                position = command + length;
            }
        }

        /** Adds them to a batch as queries, each with what its client knows it by as awaited. */
        void addReadsTo(CommandBatch batch, short kind, long asker, long ticket) {
            int position = begin;
            for (int i = 0; i < count; i++) {
                long read = buffer.getLong(position, ByteOrder.LITTLE_ENDIAN);
                int query = position + blockLength + LENGTH_BYTES;
                int length = lengthAt(position);
                batch.add(kind, asker, ticket + i, read, buffer, query, length);
                position = query + length;
            }
        }

        /** Bytes of what {@link #layOutReads} lays out. */
        long readsBytes() {
            return (long) count * ApplyOrders.readBytes(0) + commandBytes;
        }

        /**
         * Lays them out as queries cross to the one who applies; their blocks begin with a read.
         */
        void layOutReads(MutableDirectBuffer target) {
            int position = begin;
            int at = 0;
            for (int i = 0; i < count; i++) {
                long read = buffer.getLong(position, ByteOrder.LITTLE_ENDIAN);
                int query = position + blockLength + LENGTH_BYTES;
                int length = lengthAt(position);
                at = ApplyOrders.putRead(target, at, read, buffer, query, length);
                position = query + length;
            }
        }

        int count() {
            return count;
        }

        int commandBytes() {
            return commandBytes;
        }

        int largest() {
            return largest;
        }
    }
}
