package io.paxoslog.core;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Who votes on a slot and how many votes it takes, and who only learns: the value of a membership
 * entry, of which genesis, at slot 1 or right behind the log it is founded on, is the first.
 * Immutable.
 *
 * <p>Encoded little-endian: version (byte), prepare quorum, accept quorum, number of members
 * (bytes), open-slot limit (int), cluster id (long); in versions 2 and 3 the slot of the entry it
 * was made from (long) and the highest node id ever used (int), in version 4 what its founders
 * agreed on (two ints); then per member its identity (long), length of its address (byte) and that
 * many ASCII bytes; in version 3 behind them the flags of its seat (byte), length of its zone
 * (byte) and that many ASCII bytes. The first one of a cluster follows none, and is of version 1,
 * or 4 if its founders agreed on more than the first {@link Version}; version 3 is for those that
 * have more to say than version 2 can, see {@link #needs}.
 */
public final class Membership {
    /** Most members there may be. */
    public static final int MAX_MEMBERS = 31;

    /** Longest address, in bytes. */
    public static final int MAX_ADDRESS_BYTES = 255;

    /** Longest zone, in bytes. */
    public static final int MAX_ZONE_BYTES = 32;

    private static final byte FIRST_VERSION = 1;
    private static final byte FOLLOWING_VERSION = 2;
    private static final byte SEATED_VERSION = 3;
    private static final byte FOUNDING_VERSION = 4;
    private static final String NO_ZONE = "";
    private static final int FIXED_BYTES = 4 + Integer.BYTES + Long.BYTES;
    private static final int PREVIOUS_OFFSET = FIXED_BYTES;
    private static final int HIGHEST_OFFSET = PREVIOUS_OFFSET + Long.BYTES;
    private static final int FOLLOWING_BYTES = Long.BYTES + Integer.BYTES;
    private static final int FOUNDING_BYTES = 2 * Integer.BYTES;
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    private final long clusterId;
    private final int openSlotLimit;
    private final Quorum prepareQuorum;
    private final Quorum acceptQuorum;
    private final long[] members;
    private final String[] addresses;
    private final Seat[] seats;
    private final String[] zones;
    private final int voters;
    private final long previous;
    private final int highestNode;
    private final Version foundedAt;

    /** The first one of a cluster. */
    Membership(
            long clusterId,
            int openSlotLimit,
            int prepareQuorum,
            int acceptQuorum,
            long[] members,
            String[] addresses) {
        this(
                clusterId,
                openSlotLimit,
                prepareQuorum,
                acceptQuorum,
                members,
                addresses,
                allVoters(members.length),
                noZones(members.length),
                0,
                highestOf(members),
                Version.NONE);
    }

    private Membership(
            long clusterId,
            int openSlotLimit,
            int prepareQuorum,
            int acceptQuorum,
            long[] members,
            String[] addresses,
            Seat[] seats,
            String[] zones,
            long previous,
            int highestNode,
            Version foundedAt) {
        this.clusterId = clusterId;
        this.openSlotLimit = openSlotLimit;
        this.prepareQuorum = new Quorum(prepareQuorum);
        this.acceptQuorum = new Quorum(acceptQuorum);
        this.members = members;
        this.addresses = addresses;
        this.seats = seats;
        this.zones = zones;
        this.voters = (int) Arrays.stream(seats).filter(Seat::votes).count();
        this.previous = previous;
        this.highestNode = highestNode;
        this.foundedAt = foundedAt;
    }

    private static Seat[] allVoters(int count) {
        Seat[] seats = new Seat[count];
        Arrays.fill(seats, Seat.VOTER);
        return seats;
    }

    private static String[] noZones(int count) {
        String[] zones = new String[count];
        Arrays.fill(zones, NO_ZONE);
        return zones;
    }

    private static int highestOf(long[] members) {
        return Arrays.stream(members).mapToInt(MemberId::node).max().orElse(0);
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

    /** The same of founders that agreed on a version. */
    Membership foundedAt(Version agreed) {
        return new Membership(
                clusterId,
                openSlotLimit,
                prepareQuorum.size(),
                acceptQuorum.size(),
                members,
                addresses,
                seats,
                zones,
                previous,
                highestNode,
                agreed.system() < Version.FIRST_TOLD ? Version.NONE : agreed);
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

    /** This one after a change, which was made from it. */
    Membership after(Change change) {
        long[] identities = change.members().stream().mapToLong(Change.Member::identity).toArray();
        return new Membership(
                clusterId,
                change.openSlotLimit(),
                change.prepareQuorum(),
                change.acceptQuorum(),
                identities,
                change.members().stream().map(Change.Member::address).toArray(String[]::new),
                change.members().stream().map(Change.Member::seat).toArray(Seat[]::new),
                change.members().stream().map(Change.Member::zone).toArray(String[]::new),
                change.previous(),
                Math.max(highestNode, highestOf(identities)),
                Version.NONE);
    }

    /**
     * Reads what {@link #encode} wrote. Throws {@link IllegalArgumentException} on anything else.
     */
    public static Membership decode(DirectBuffer buffer, int offset, int length) {
        if (length < FIXED_BYTES || !isKnown(buffer.getByte(offset))) {
            throw new IllegalArgumentException(
                    "a membership entry of version "
                            + (length < 1 ? "none" : buffer.getByte(offset))
                            + ", of which this build knows "
                            + FIRST_VERSION
                            + " to "
                            + FOUNDING_VERSION);
        }
        byte version = buffer.getByte(offset);
        boolean isFirst = version == FIRST_VERSION || version == FOUNDING_VERSION;
        int membersAt = FIXED_BYTES + extraBytes(version);
        requireBytes(length, membersAt);
        int count = buffer.getByte(offset + 3);
        if (count < 1 || count > MAX_MEMBERS) {
            throw new IllegalArgumentException("membership entry of " + count + " members");
        }
        long[] members = new long[count];
        String[] addresses = new String[count];
        Seat[] seats = allVoters(count);
        String[] zones = noZones(count);
        int position = offset + membersAt;
        int end = offset + length;
        for (int i = 0; i < count; i++) {
            requireBytes(end - position, Long.BYTES);
            members[i] = buffer.getLong(position, LE);
            position += Long.BYTES;
            addresses[i] = text(buffer, position, end);
            position += 1 + addresses[i].length();
            if (version == SEATED_VERSION) {
                requireBytes(end - position, 1);
                seats[i] = Seat.of(buffer.getByte(position));
                zones[i] = text(buffer, position + 1, end);
                position += 2 + zones[i].length();
            }
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
                        addresses,
                        seats,
                        zones,
                        isFirst ? 0 : buffer.getLong(offset + PREVIOUS_OFFSET, LE),
                        isFirst ? highestOf(members) : buffer.getInt(offset + HIGHEST_OFFSET, LE),
                        version == FOUNDING_VERSION ? founders(buffer, offset) : Version.NONE)
                .checked(isFirst);
    }

    /** One byte has its length. */
    private static String text(DirectBuffer buffer, int position, int end) {
        requireBytes(end - position, 1);
        byte[] bytes = new byte[buffer.getByte(position) & 0xFF];
        requireBytes(end - position - 1, bytes.length);
        buffer.getBytes(position + 1, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static int extraBytes(byte version) {
        return switch (version) {
            case FOLLOWING_VERSION, SEATED_VERSION -> FOLLOWING_BYTES;
            case FOUNDING_VERSION -> FOUNDING_BYTES;
            default -> 0;
        };
    }

    private static Version founders(DirectBuffer buffer, int offset) {
        Version agreed =
                new Version(
                        buffer.getInt(offset + FIXED_BYTES, LE),
                        buffer.getInt(offset + FIXED_BYTES + Integer.BYTES, LE));
        if (!agreed.isSound() || agreed.system() < Version.FIRST_TOLD) {
            throw new IllegalArgumentException("no founders agree on " + agreed);
        }
        return agreed;
    }

    private static boolean isKnown(byte version) {
        return version >= FIRST_VERSION && version <= FOUNDING_VERSION;
    }

    /** What follows another one may come from anybody, and at any time. */
    private Membership checked(boolean isFirst) {
        boolean isSound =
                isWithin(prepareQuorum.size(), voters)
                        && isWithin(acceptQuorum.size(), voters)
                        && prepareQuorum.size() + acceptQuorum.size() > voters
                        && Arrays.stream(zones).allMatch(Membership::isZone)
                        && openSlotLimit >= 1
                        && previous >= 1
                        && highestNode >= highestOf(members)
                        && highestNode <= Ballot.MAX_NODE
                        && areAscending(nodes());
        if (!isFirst && !isSound) {
            throw new IllegalArgumentException("no sound membership entry: " + this);
        }
        return this;
    }

    /** Whether it can be recorded as an address. */
    static boolean isAddress(String address) {
        return address.length() <= MAX_ADDRESS_BYTES
                && address.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /** Whether it can be recorded as a zone; the empty one is none. */
    public static boolean isZone(String zone) {
        return zone.length() <= MAX_ZONE_BYTES && zone.chars().allMatch(Membership::isOfAZone);
    }

    private static boolean isOfAZone(int c) {
        boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return isLetter || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    }

    private static boolean isWithin(int quorum, int voters) {
        return quorum >= 1 && quorum <= voters;
    }

    private static boolean areAscending(int[] nodes) {
        for (int i = 0; i < nodes.length; i++) {
            if (nodes[i] <= (i == 0 ? 0 : nodes[i - 1])) {
                return false;
            }
        }
        return true;
    }

    private static void requireBytes(int left, int needed) {
        if (left < needed) {
            throw new IllegalArgumentException("membership entry ends early");
        }
    }

    /**
     * The lowest that has all of it: builds that know the first system version alone can read 1 and
     * 2, for members that all vote and have no zone.
     */
    private byte encoding() {
        if (isFirst()) {
            return foundedAt.equals(Version.NONE) ? FIRST_VERSION : FOUNDING_VERSION;
        }
        return isPlain() ? FOLLOWING_VERSION : SEATED_VERSION;
    }

    /** Whether all members vote, and no zone is known of any. */
    public boolean isPlain() {
        return voters == members.length && Arrays.stream(zones).allMatch(String::isEmpty);
    }

    /** What its founders agreed on; {@link Version#NONE} where the entry does not say. */
    public Version foundedAt() {
        return foundedAt;
    }

    /** The lowest system version whose builds can all read it. */
    int needs() {
        return needs(encoding());
    }

    /** As above, of an encoded one. */
    public static int needs(DirectBuffer buffer, int offset) {
        return needs(buffer.getByte(offset));
    }

    private static int needs(byte encoding) {
        return encoding <= FOLLOWING_VERSION ? Version.FIRST.system() : Version.FIRST_TOLD;
    }

    /** Bytes that {@link #encode} writes. */
    public int encodedLength() {
        byte encoding = encoding();
        int length = FIXED_BYTES + extraBytes(encoding);
        for (int i = 0; i < members.length; i++) {
            length += Long.BYTES + 1 + addresses[i].length();
            length += encoding == SEATED_VERSION ? 2 + zones[i].length() : 0;
        }
        return length;
    }

    /** Writes the entry at {@code offset} and returns its length. */
    public int encode(MutableDirectBuffer target, int offset) {
        byte encoding = encoding();
        boolean isSeated = encoding == SEATED_VERSION;
        target.putByte(offset, encoding);
        target.putByte(offset + 1, (byte) prepareQuorum.size());
        target.putByte(offset + 2, (byte) acceptQuorum.size());
        target.putByte(offset + 3, (byte) members.length);
        target.putInt(offset + 4, openSlotLimit, LE);
        target.putLong(offset + 8, clusterId, LE);
        int position = offset + FIXED_BYTES;
        if (!isFirst()) {
            target.putLong(offset + PREVIOUS_OFFSET, previous, LE);
            target.putInt(offset + HIGHEST_OFFSET, highestNode, LE);
            position += FOLLOWING_BYTES;
        } else if (encoding() == FOUNDING_VERSION) {
            target.putInt(position, foundedAt.system(), LE);
            target.putInt(position + Integer.BYTES, foundedAt.application(), LE);
            position += FOUNDING_BYTES;
        }
        for (int i = 0; i < members.length; i++) {
            target.putLong(position, members[i], LE);
            position += Long.BYTES;
            position += putText(target, position, addresses[i]);
            if (isSeated) {
                target.putByte(position, seats[i].flags());
                position += 1 + putText(target, position + 1, zones[i]);
            }
        }
        return position - offset;
    }

    private static int putText(MutableDirectBuffer target, int position, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        target.putByte(position, (byte) bytes.length);
        target.putBytes(position + 1, bytes);
        return 1 + bytes.length;
    }

    /** The cluster; 0 until genesis is chosen. */
    public long clusterId() {
        return clusterId;
    }

    /** Slot of the entry that this one was made from; 0 for the first of a cluster. */
    public long previous() {
        return previous;
    }

    /** The highest node id that was ever one of a member. */
    public int highestNode() {
        return highestNode;
    }

    /** Whether it is the first of its cluster. */
    boolean isFirst() {
        return previous == 0;
    }

    /**
     * Whether it was made from another one of this cluster, and gives no id to two identities:
     * whoever comes in has one that is above all there ever were.
     */
    boolean follows(long slot, Membership before) {
        if (previous != slot || clusterId != before.clusterId || highestNode < before.highestNode) {
            return false;
        }
        for (long member : members) {
            if (MemberId.node(member) <= before.highestNode && before.indexOf(member) < 0) {
                return false;
            }
        }
        return true;
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

    /** Number of members, observers among them. */
    public int size() {
        return members.length;
    }

    /** Number of members that vote. */
    public int voters() {
        return voters;
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

    /** How the member at a position takes part. */
    public Seat seat(int index) {
        return seats[index];
    }

    /** Where the member at a position stands, as operators name it; empty when they do not. */
    public String zone(int index) {
        return zones[index];
    }

    /** All members, by ascending node id. */
    public List<Change.Member> members() {
        List<Change.Member> all = new ArrayList<>();
        for (int i = 0; i < members.length; i++) {
            all.add(new Change.Member(members[i], addresses[i], seats[i], zones[i]));
        }
        return all;
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
                        && Arrays.equals(nodes(true), configured.nodes(true));
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
                && previous == other.previous
                && highestNode == other.highestNode
                && foundedAt.equals(other.foundedAt)
                && Arrays.equals(members, other.members)
                && Arrays.equals(addresses, other.addresses)
                && Arrays.equals(seats, other.seats)
                && Arrays.equals(zones, other.zones);
    }

    private int[] nodes() {
        return Arrays.stream(members).mapToInt(MemberId::node).toArray();
    }

    private int[] nodes(boolean areVoters) {
        return IntStream.range(0, members.length)
                .filter(i -> seats[i].votes() == areVoters)
                .map(i -> MemberId.node(members[i]))
                .toArray();
    }

    /** For people: node ids, quorum sizes, limit. */
    @Override
    public String toString() {
        return "members "
                + Arrays.toString(nodes(true))
                + (voters == members.length ? "" : ", observers " + Arrays.toString(nodes(false)))
                + ", prepareQuorum "
                + prepareQuorum.size()
                + ", acceptQuorum "
                + acceptQuorum.size()
                + ", openSlotLimit "
                + openSlotLimit;
    }
}
