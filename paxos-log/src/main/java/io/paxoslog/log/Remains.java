package io.paxoslog.log;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Base;
import io.paxoslog.core.Batch;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Membership;
import io.paxoslog.core.Succession;
import io.paxoslog.log.JournalException.Kind;
import io.paxoslog.log.Survivor.Knowledge;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What is left of a cluster in the files of some of its nodes, and what of it a new cluster is
 * founded on: the newest snapshot, and behind it each slot as any of them knows it chosen, else as
 * it was accepted under the highest ballot. Made of the same files it is the same, whoever makes
 * it. Holds what it reads from until it is closed; one thread uses it.
 */
public final class Remains implements AutoCloseable {
    /** So many slots are compared at a time. */
    /** Rounds that nobody can have used between the highest one known and the next. */
    public static final long ROUNDS_AHEAD = 1L << 32;

    private static final int WINDOW = 1024;

    /**
     * Slots that are taken from one node.
     *
     * @param isChosen whether they are known chosen there; else they were accepted
     */
    public record Run(long first, long last, Path from, boolean isChosen) {}

    /**
     * A node whose files are used.
     *
     * @param commitIndex every slot up to it is known chosen there
     * @param highestSlot highest slot that it holds
     * @param mayHaveForgotten whether votes of it may be lost
     * @param damage how many places of its files are damaged
     */
    public record Source(
            Path directory,
            int node,
            boolean isBackup,
            long commitIndex,
            long highestSlot,
            boolean mayHaveForgotten,
            int damage) {}

    /** How much is taken. */
    private enum Rule {
        /** Of one node, what it knows chosen: all of that must be there. */
        CHOSEN_ONLY,
        /** Of several, also what was accepted; refused where something may be lost on them. */
        ALL_OR_NOTHING,
        /** As above, as far as it goes. */
        ACCEPT_LOSS
    }

    private final Rule rule;
    private final Succession succession = new Succession();
    private final List<Survivor> survivors;
    private final List<Run> runs = new ArrayList<>();
    private final Map<Long, Batch> accepted = new LinkedHashMap<>();
    private final List<String> losses = new ArrayList<>();
    private final MessageDigest values = Sha256.newDigest();
    private Survivor snapshotOf;
    private long lastSlot;
    private long largestEntryBytes;
    private Base base;

    private Remains(List<Survivor> survivors, Rule rule) {
        this.survivors = survivors;
        this.rule = rule;
    }

    /**
     * Of one node's files, as they know it chosen.
     *
     * @param directory a backup, or the directory of a node that does not run
     * @throws JournalException when they are damaged, or hold no log of a cluster
     */
    public static Remains ofBackup(Path directory) {
        return of(List.of(directory), Rule.CHOSEN_ONLY);
    }

    /**
     * Of several nodes' files.
     *
     * @param directories of nodes that do not run, or backups
     * @param acceptLoss go on where something of these nodes themselves is lost
     * @throws JournalException when the files cannot be read, are not of one cluster, or something
     *     is lost that is not to be accepted; the message names it
     */
    public static Remains ofSurvivors(List<Path> directories, boolean acceptLoss) {
        return of(directories, acceptLoss ? Rule.ACCEPT_LOSS : Rule.ALL_OR_NOTHING);
    }

    private static Remains of(List<Path> directories, Rule rule) {
        List<Survivor> survivors = new ArrayList<>();
        Remains remains = new Remains(survivors, rule);
        try {
            for (Path directory : directories) {
                survivors.add(Survivor.read(directory));
            }
            // What is taken must not depend on the order in which they are named.
            survivors.sort(
                    Comparator.comparingInt(Survivor::node)
                            .thenComparingLong(Survivor::incarnation)
                            .thenComparing(Survivor::commitIndex, Comparator.reverseOrder()));
            remains.find();
            return remains;
        } catch (RuntimeException e) {
            remains.close();
            throw e;
        }
    }

    private void find() {
        requireOneCluster();
        findMemberships();
        snapshotOf =
                survivors.stream()
                        .filter(one -> one.snapshot() != null)
                        .max(Comparator.comparingLong(one -> one.snapshot().slot()))
                        .orElse(null);
        lastSlot = snapshotSlot();
        begin();
        while (takeChosen() || takeUndecided()) {
            // The next slots.
        }
        if (lastSlot == 0) {
            throw new JournalException(
                    Kind.DAMAGED,
                    "slot 1 is held by nobody, and no snapshot is whole: nothing is left");
        }
        base = Base.of(ByteBuffer.wrap(values.digest()).getLong(), lastSlot);
    }

    private void requireOneCluster() {
        for (Survivor one : survivors) {
            if (one.membership() == null) {
                throw new JournalException(
                        Kind.DAMAGED,
                        one.directory()
                                + " knows of no cluster"
                                + (one.base().isNone()
                                        ? ": it holds nothing to found one on"
                                        : ": its own was not founded yet; name what it was made from"));
            }
            if (one.membership().clusterId() != clusterId()) {
                throw new JournalException(
                        Kind.OTHER_NODE,
                        "%s is of cluster %s, but %s of cluster %s: name directories of one cluster"
                                .formatted(
                                        one.directory(),
                                        Long.toHexString(one.membership().clusterId()),
                                        survivors.get(0).directory(),
                                        Long.toHexString(clusterId())));
            }
        }
    }

    /** What follows in the log is added when it is taken. */
    private void findMemberships() {
        SortedMap<Long, Membership> known = new TreeMap<>();
        survivors.forEach(one -> known.putAll(one.memberships()));
        known.forEach(succession::recover);
    }

    private void begin() {
        SnapshotManifest snapshot = snapshot();
        values.update(
                longs(clusterId(), snapshotSlot(), snapshot == null ? 0 : snapshot.appliedHash()));
    }

    private static byte[] longs(long... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES);
        for (long number : numbers) {
            bytes.putLong(number);
        }
        return bytes.array();
    }

    /** Takes the next slots that somebody knows chosen; false where nobody can read the next. */
    private boolean takeChosen() {
        long first = lastSlot + 1;
        for (Survivor one : survivors) {
            SlotHashes hashes = new SlotHashes(first);
            long next = one.readChosen(first, first + WINDOW - 1, hashes);
            if (next > first) {
                requireSameElsewhere(one, hashes, next - 1);
                taken(hashes);
                add(new Run(first, next - 1, one.directory(), true));
                return true;
            }
        }
        return false;
    }

    private void taken(SlotHashes hashes) {
        hashes.memberships.forEach(succession::adopt);
        hashes.putInto(values);
        largestEntryBytes = Math.max(largestEntryBytes, hashes.largestBytes);
    }

    private void requireSameElsewhere(Survivor one, SlotHashes hashes, long last) {
        for (Survivor other : survivors) {
            SlotHashes its = new SlotHashes(hashes.first());
            other.readChosen(hashes.first(), last, its);
            long differing = hashes.firstDiffering(its);
            if (other != one && differing != 0) {
                throw differ(differing, one, other, "as chosen");
            }
        }
    }

    private static JournalException differ(long slot, Survivor one, Survivor other, String how) {
        return new JournalException(
                Kind.DAMAGED,
                "slot %d holds one value %s in %s, and another one in %s: one of them is of another log, or damaged; see paxos log diff"
                        .formatted(slot, how, one.directory(), other.directory()));
    }

    private void add(Run run) {
        Run before = runs.isEmpty() ? null : runs.get(runs.size() - 1);
        if (before != null
                && before.from().equals(run.from())
                && before.isChosen() == run.isChosen()) {
            runs.set(
                    runs.size() - 1,
                    new Run(before.first(), run.last(), run.from(), run.isChosen()));
        } else {
            runs.add(run);
        }
        lastSlot = run.last();
    }

    /** Takes the next slot, which nobody can say is chosen; false where the log ends. */
    private boolean takeUndecided() {
        long slot = lastSlot + 1;
        if (rule == Rule.CHOSEN_ONLY) {
            requireAllChosen(slot);
            return false;
        }
        Batch[] best = new Batch[1];
        Survivor[] of = new Survivor[1];
        for (Survivor one : survivors) {
            Consumer<Batch> weigh = value -> weigh(one, value, best, of);
            Knowledge knowledge = one.at(slot, weigh);
            if (knowledge == Knowledge.CHOSEN) {
                throw new IllegalStateException("slot " + slot + " is chosen, and was not taken");
            }
            if (knowledge == Knowledge.UNKNOWN) {
                lost(unknownAt(one, slot));
                one.remains(slot, weigh);
            }
        }
        if (best[0] == null) {
            requireNothingAbove(slot);
            return false;
        }
        accepted.put(slot, best[0]);
        SlotHashes hashes = new SlotHashes(slot);
        hashes.accept(best[0]);
        taken(hashes);
        add(new Run(slot, slot, of[0].directory(), false));
        return true;
    }

    private void requireAllChosen(long slot) {
        if (slot <= survivors.get(0).commitIndex()) {
            throw new JournalException(
                    Kind.DAMAGED,
                    "slot %d in %s cannot be read, though the slots up to %d are known chosen: see paxos log verify, and take another backup, or recover from several (paxos recover)"
                            .formatted(
                                    slot,
                                    survivors.get(0).directory(),
                                    survivors.get(0).commitIndex()));
        }
    }

    private static void weigh(Survivor one, Batch value, Batch[] best, Survivor[] of) {
        if (best[0] == null || value.ballot() > best[0].ballot()) {
            best[0] = value;
            of[0] = one;
        } else if (value.ballot() == best[0].ballot() && !SlotHashes.areSame(value, best[0])) {
            throw differ(value.firstSlot(), of[0], one, "under the same ballot");
        }
    }

    private static String unknownAt(Survivor one, long slot) {
        String what =
                slot <= one.commitIndex()
                        ? "was known chosen in %s and cannot be read there"
                        : "is unknown in %s, where files are damaged";
        return "slot "
                + slot
                + " "
                + what.formatted(one.directory())
                + ", and nobody else knows it chosen";
    }

    private void requireNothingAbove(long slot) {
        long above = survivors.stream().mapToLong(Survivor::highestSlot).max().orElse(0);
        if (above > slot) {
            lost(
                    "slot %d is held by nobody, so that slots up to %d, of which some are held, cannot follow"
                            .formatted(slot, above));
        }
    }

    private void lost(String what) {
        if (rule != Rule.ACCEPT_LOSS) {
            throw new JournalException(
                    Kind.DAMAGED,
                    what
                            + ": name another node that holds it, or accept that it may be lost"
                            + " (--accept-loss)");
        }
        losses.add(what);
    }

    /**
     * Makes the directory of a node of the new cluster.
     *
     * @param directory empty, or none yet
     * @param node the node's id
     * @throws JournalException when it cannot be made; nothing is left of it then
     */
    public void found(Path directory, int node) {
        found(directory, node, FileDisk.REAL);
    }

    void found(Path directory, int node, Disk disk) {
        for (Survivor one : survivors) {
            try {
                Backup.requirePlace(one.directory(), directory);
            } catch (IOException e) {
                throw new JournalException(
                        Kind.NOT_WRITABLE, "cannot use " + directory + ": " + e.getMessage(), e);
            }
        }
        new Founding(this, directory, node, disk).make();
    }

    /** Hands over all values behind the snapshot, in order; a batch is valid during the call. */
    void read(Consumer<Batch> handler) {
        for (Run run : runs) {
            if (run.isChosen()) {
                long next = of(run.from()).readChosen(run.first(), run.last(), handler);
                if (next <= run.last()) {
                    throw new JournalException(
                            Kind.DAMAGED, "slot " + next + " in " + run.from() + " cannot be read");
                }
            } else {
                for (long slot = run.first(); slot <= run.last(); slot++) {
                    handler.accept(accepted.get(slot));
                }
            }
        }
    }

    private Survivor of(Path directory) {
        return survivors.stream()
                .filter(one -> one.directory().equals(directory))
                .findFirst()
                .orElseThrow();
    }

    /** The node whose snapshot is taken; null for none. */
    Survivor snapshotOf() {
        return snapshotOf;
    }

    private SnapshotManifest snapshot() {
        return snapshotOf == null ? null : snapshotOf.snapshot();
    }

    /** Slot of the snapshot that is taken; 0 for none. */
    public long snapshotSlot() {
        return snapshot() == null ? 0 : snapshot().slot();
    }

    /** Last slot that is taken. */
    public long lastSlot() {
        return lastSlot;
    }

    /** Of the largest entry that is taken, with its length. */
    long largestEntryBytes() {
        return largestEntryBytes;
    }

    /** What the new cluster is founded on. */
    public Base base() {
        return base;
    }

    /** The cluster that is left. */
    public long clusterId() {
        return survivors.get(0).membership().clusterId();
    }

    /**
     * Ballots of the new cluster are above it. Whoever is lost may have used higher ones than any
     * survivor knows, so that those of a cluster made of survivors begin {@link #ROUNDS_AHEAD}
     * rounds later; 0 where so many are not left, and they begin with round 1 again.
     */
    public long highestBallot() {
        long highest = survivors.stream().mapToLong(Survivor::highestBallot).max().orElse(0);
        if (rule == Rule.CHOSEN_ONLY || highest == Ballot.NONE) {
            return highest;
        }
        long round = Ballot.round(highest) + ROUNDS_AHEAD;
        return round > Ballot.MAX_ROUND - Ballot.LEAST_ROUNDS_LEFT
                ? Ballot.NONE
                : Ballot.of(round, Ballot.owner(highest));
    }

    /** Slot of the entry of {@link #membership}. */
    public long membershipSlot() {
        return succession.slot();
    }

    /** The members of the cluster that is left, by the latest valid entry that is taken. */
    public Membership membership() {
        return succession.newest();
    }

    /**
     * Members that may have chosen what no survivor knows: those of the latest entry, and of the
     * one before as long as that governed what comes next. Node ids, ascending.
     */
    public List<Integer> members() {
        TreeSet<Integer> nodes = new TreeSet<>();
        addMembers(nodes, succession.newest());
        long known = survivors.stream().mapToLong(Survivor::commitIndex).max().orElse(0);
        if (succession.older() != null && known + 1 < succession.firstSlot()) {
            addMembers(nodes, succession.older());
        }
        return List.copyOf(nodes);
    }

    private static void addMembers(Set<Integer> nodes, Membership membership) {
        membership.members().forEach(member -> nodes.add(MemberId.node(member.identity())));
    }

    /** Whose files are used, by node id. */
    public List<Source> sources() {
        return survivors.stream()
                .map(
                        one ->
                                new Source(
                                        one.directory(),
                                        one.node(),
                                        one.isBackup(),
                                        one.commitIndex(),
                                        one.highestSlot(),
                                        one.mayHaveForgotten(),
                                        one.damage().size()))
                .toList();
    }

    /** Which slots behind the snapshot are taken from whom, in order. */
    public List<Run> runs() {
        return List.copyOf(runs);
    }

    /** What of these nodes may be lost, in words for people; empty unless that was accepted. */
    public List<String> losses() {
        return List.copyOf(losses);
    }

    /** Gives the files back. */
    @Override
    public void close() {
        for (Survivor one : survivors) {
            try {
                one.close();
            } catch (IOException e) {
                throw new JournalException(
                        Kind.DISK, "cannot give " + one.directory() + " back", e);
            }
        }
    }

    /** Hashes of the values of consecutive slots. */
    private static final class SlotHashes implements Consumer<Batch> {
        private final long first;
        private final List<byte[]> hashes = new ArrayList<>();
        private final SortedMap<Long, Membership> memberships = new TreeMap<>();
        private int largestBytes;

        SlotHashes(long first) {
            this.first = first;
        }

        long first() {
            return first;
        }

        @Override
        public void accept(Batch batch) {
            if (batch.kind() == Batch.MEMBERSHIP) {
                memberships.put(
                        batch.firstSlot(),
                        Membership.decode(
                                batch.buffer(), Batch.ENTRY_PREFIX_BYTES, batch.entryLength(0)));
            }
            int position = 0;
            for (int i = 0; i < batch.count(); i++) {
                int length = 0;
                if (batch.kind() != Batch.NO_OP) {
                    length =
                            Batch.ENTRY_PREFIX_BYTES
                                    + batch.buffer().getInt(position, ByteOrder.LITTLE_ENDIAN);
                }
                hashes.add(hash(batch, batch.firstSlot() + i, position, length));
                largestBytes = Math.max(largestBytes, length);
                position += length;
            }
        }

        private static byte[] hash(Batch batch, long slot, int position, int length) {
            byte[] entry = new byte[length];
            batch.buffer().getBytes(position, entry);
            MessageDigest digest = Sha256.newDigest();
            digest.update(longs(slot, batch.originBallot(), batch.timestamp(), batch.kind()));
            return digest.digest(entry);
        }

        static boolean areSame(Batch one, Batch other) {
            SlotHashes its = new SlotHashes(one.firstSlot());
            SlotHashes others = new SlotHashes(other.firstSlot());
            its.accept(one);
            others.accept(other);
            return its.firstDiffering(others) == 0;
        }

        /** The first slot that both have, and not alike; 0 for none. */
        long firstDiffering(SlotHashes others) {
            for (int i = 0; i < Math.min(hashes.size(), others.hashes.size()); i++) {
                if (!MessageDigest.isEqual(hashes.get(i), others.hashes.get(i))) {
                    return first + i;
                }
            }
            return 0;
        }

        void putInto(MessageDigest digest) {
            hashes.forEach(digest::update);
        }
    }
}
