package io.paxoslog.core;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Who votes on a slot and how many votes it takes: the value of a membership entry, of which
 * genesis, at slot 1 or right behind the log it is founded on, is the first. Immutable.
 *
 * <p>Encoded little-endian: version (byte), prepare quorum, accept quorum, number of members
 * (bytes), open-slot limit (int), cluster id (long); then per member its identity (long), length of
 * its address (byte) and that many ASCII bytes.
 */
public final class Membership {
    /** Most members there may be. */
    public static final int MAX_MEMBERS = 31;

    /** Longest address, in bytes. */
    public static final int MAX_ADDRESS_BYTES = 255;

    private static final byte VERSION = 1;
    private static final int FIXED_BYTES = 4 + Integer.BYTES + Long.BYTES;
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    private final long clusterId;
    private final int openSlotLimit;
    private final Quorum prepareQuorum;
    private final Quorum acceptQuorum;
    private final long[] members;
    private final String[] addresses;

    Membership(
            long clusterId,
            int openSlotLimit,
            int prepareQuorum,
            int acceptQuorum,
            long[] members,
            String[] addresses) {
        this.clusterId = clusterId;
        this.openSlotLimit = openSlotLimit;
        this.prepareQuorum = new Quorum(prepareQuorum);
        this.acceptQuorum = new Quorum(acceptQuorum);
        this.members = members;
        this.addresses = addresses;
    }

    /**
     * The members as configured, incarnations unknown: what stands until genesis is chosen. Every
     * one of them must take part then, as only so their incarnations become known.
     */
    static Membership unanimous(ReplicaConfig config) {
        int all = config.members().size();
        return of(
                config, 0, all, all, config.members().stream().mapToLong(v -> v.node()).toArray());
    }

    /**
     * The first membership entry: the members with their incarnations, and the configured rules.
     */
    static Membership genesis(ReplicaConfig config, long[] identities) {
        return of(
                config,
                config.base().clusterId(config.clusterIdDraw()),
                config.prepareQuorum(),
                config.acceptQuorum(),
                identities);
    }

    private static Membership of(
            ReplicaConfig config, long clusterId, int prepare, int accept, long[] identities) {
        return new Membership(
                clusterId,
                config.openSlotLimit(),
                prepare,
                accept,
                identities,
                config.members().stream().map(ReplicaConfig.Voter::address).toArray(String[]::new));
    }

    /**
     * Reads what {@link #encode} wrote. Throws {@link IllegalArgumentException} on anything else.
     */
    public static Membership decode(DirectBuffer buffer, int offset, int length) {
        if (length < FIXED_BYTES || buffer.getByte(offset) != VERSION) {
            throw new IllegalArgumentException("not a membership entry of version " + VERSION);
        }
        int count = buffer.getByte(offset + 3);
        if (count < 1 || count > MAX_MEMBERS) {
            throw new IllegalArgumentException("membership entry of " + count + " members");
        }
        long[] members = new long[count];
        String[] addresses = new String[count];
        int position = offset + FIXED_BYTES;
        int end = offset + length;
        for (int i = 0; i < count; i++) {
            requireBytes(end - position, Long.BYTES + 1);
            members[i] = buffer.getLong(position, LE);
            int addressLength = buffer.getByte(position + Long.BYTES) & 0xFF;
            position += Long.BYTES + 1;
            requireBytes(end - position, addressLength);
            byte[] address = new byte[addressLength];
            buffer.getBytes(position, address);
            addresses[i] = new String(address, StandardCharsets.US_ASCII);
            position += addressLength;
        }
        if (position != end || buffer.getLong(offset + 8, LE) <= 0) {
            throw new IllegalArgumentException("membership entry without cluster, or too long");
        }
        return new Membership(
                buffer.getLong(offset + 8, LE),
                buffer.getInt(offset + 4, LE),
                buffer.getByte(offset + 1),
                buffer.getByte(offset + 2),
                members,
                addresses);
    }

    private static void requireBytes(int left, int needed) {
        if (left < needed) {
            throw new IllegalArgumentException("membership entry ends early");
        }
    }

    /** Bytes that {@link #encode} writes. */
    public int encodedLength() {
        int length = FIXED_BYTES;
        for (String address : addresses) {
            length += Long.BYTES + 1 + address.length();
        }
        return length;
    }

    /** Writes the entry at {@code offset} and returns its length. */
    public int encode(MutableDirectBuffer target, int offset) {
        target.putByte(offset, VERSION);
        target.putByte(offset + 1, (byte) prepareQuorum.size());
        target.putByte(offset + 2, (byte) acceptQuorum.size());
        target.putByte(offset + 3, (byte) members.length);
        target.putInt(offset + 4, openSlotLimit, LE);
        target.putLong(offset + 8, clusterId, LE);
        int position = offset + FIXED_BYTES;
        for (int i = 0; i < members.length; i++) {
            byte[] address = addresses[i].getBytes(StandardCharsets.US_ASCII);
            target.putLong(position, members[i], LE);
            target.putByte(position + Long.BYTES, (byte) address.length);
            target.putBytes(position + Long.BYTES + 1, address);
            position += Long.BYTES + 1 + address.length;
        }
        return position - offset;
    }

    /** The cluster; 0 until genesis is chosen. */
    public long clusterId() {
        return clusterId;
    }

    /** Most slots above the commit index that may be proposed. */
    public int openSlotLimit() {
        return openSlotLimit;
    }

    /** Promises that Phase 1 needs. */
    public Quorum prepareQuorum() {
        return prepareQuorum;
    }

    /** Votes that choose a slot. */
    public Quorum acceptQuorum() {
        return acceptQuorum;
    }

    /** Number of voters. */
    public int size() {
        return members.length;
    }

    /**
     * The identity at a position from 0 to {@link #size()}; without incarnation until genesis is
     * chosen.
     */
    public long member(int index) {
        return members[index];
    }

    /** The address recorded for the member at a position. */
    public String address(int index) {
        return addresses[index];
    }

    /** Position of a node among the members, or -1. */
    public int indexOfNode(int node) {
        for (int i = 0; i < members.length; i++) {
            if (MemberId.node(members[i]) == node) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Position of the member with this very identity, or -1. Before genesis any incarnation of a
     * node will do.
     */
    public int indexOf(long member) {
        int index = indexOfNode(MemberId.node(member));
        return index >= 0 && (!hasIncarnations() || members[index] == member) ? index : -1;
    }

    /** Whether incarnations are recorded, that is whether this came from the log. */
    public boolean hasIncarnations() {
        return clusterId != 0;
    }

    /**
     * Compares with what a node was started with.
     *
     * @return what differs, as one line for people, or null when nothing does; addresses may differ
     */
    public String differenceTo(ReplicaConfig config) {
        Membership configured = genesis(config, unanimous(config).members);
        boolean same =
                openSlotLimit == configured.openSlotLimit
                        && prepareQuorum.equals(configured.prepareQuorum)
                        && acceptQuorum.equals(configured.acceptQuorum)
                        && Arrays.equals(nodes(), configured.nodes());
        return same
                ? null
                : "the cluster's log records ["
                        + this
                        + "], but this node was started with ["
                        + configured
                        + "]";
    }

    /** Whether the other one is this very entry. */
    boolean isSameAs(Membership other) {
        return clusterId == other.clusterId
                && openSlotLimit == other.openSlotLimit
                && prepareQuorum.equals(other.prepareQuorum)
                && acceptQuorum.equals(other.acceptQuorum)
                && Arrays.equals(members, other.members)
                && Arrays.equals(addresses, other.addresses);
    }

    private int[] nodes() {
        return Arrays.stream(members).mapToInt(MemberId::node).toArray();
    }

    /** For people: node ids, quorum sizes, limit. */
    @Override
    public String toString() {
        return "members "
                + Arrays.toString(nodes())
                + ", prepareQuorum "
                + prepareQuorum.size()
                + ", acceptQuorum "
                + acceptQuorum.size()
                + ", openSlotLimit "
                + openSlotLimit;
    }
}
