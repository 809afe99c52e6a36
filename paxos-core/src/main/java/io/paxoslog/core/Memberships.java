package io.paxoslog.core;

import java.util.function.IntPredicate;
import org.agrona.DirectBuffer;

/**
 * Which memberships matter here: the one that governs the slot above the commit index, and the one
 * to come, if its entry is known chosen. Before genesis is chosen it is the configured one, in
 * which everybody must take part.
 */
final class Memberships {
    /** Instead of the number of a member. */
    static final int NOBODY = Roster.NOBODY;

    private static final long NEVER = Long.MAX_VALUE;

    private final long self;
    private final int own;
    private final Roster roster = new Roster();
    private final Succession succession = new Succession();
    private Tenure now;
    private Tenure next;
    private long changeSlot = NEVER;
    private long commitIndex;
    private int learners;
    private int former;

    Memberships(ReplicaConfig config) {
        this.self = config.self();
        Membership configured = Membership.unanimous(config);
        this.now = tenure(0, 0, configured);
        roster.add(self, "");
        this.own = roster.numberOf(MemberId.node(self));
    }

    /** All numbers, and who keeps something under them. */
    Roster roster() {
        return roster;
    }

    /** The one that governs the slot above the commit index. */
    Membership current() {
        return now.membership();
    }

    /** The one that governs the slot above the commit index, by numbers. */
    Tenure now() {
        return now;
    }

    /** The one that is to come into force; null when none is known. */
    Tenure next() {
        return next;
    }

    /** The latest valid one that is known, in force or to come. */
    Tenure newest() {
        return next == null ? now : next;
    }

    /** The number of a node, or {@link #NOBODY}. */
    int numberOf(long member) {
        return roster.numberOf(MemberId.node(member));
    }

    /** The number of this node, which always has one. */
    int own() {
        return own;
    }

    /** Node id of the member under a number. */
    int node(int number) {
        return MemberId.node(roster.member(number));
    }

    /** Whether somebody has this number, who is another node than this one. */
    boolean isOther(int number) {
        return number != own && roster.member(number) != MemberId.NONE;
    }

    /**
     * The next member behind a number, in turn, that is another node and fits; {@link #NOBODY} when
     * there is none.
     */
    int nextOther(int after, IntPredicate fits) {
        int numbers = Math.max(roster.end(), after + 1);
        for (int i = 1; i <= numbers; i++) {
            int candidate = (after + i) % numbers;
            if (isOther(candidate) && fits.test(candidate)) {
                return candidate;
            }
        }
        return NOBODY;
    }

    /** Whether genesis is known chosen here. */
    boolean isFounded() {
        return succession.slot() != 0;
    }

    /** Slot of the latest valid entry; 0 until genesis is known chosen here. */
    long slot() {
        return succession.slot();
    }

    /** Those who vote in any membership in the window, as a set. */
    int voters() {
        return next == null ? now.voters() : now.voters() | next.voters();
    }

    /** Members of any membership in the window, observers among them, as a set. */
    int members() {
        return next == null ? now.members() : now.members() | next.members();
    }

    /** Whether these could establish a ballot in each membership of the window. */
    boolean couldPrepare(int numbers) {
        return now.isPrepareQuorum(numbers) && (next == null || next.isPrepareQuorum(numbers));
    }

    /** Whether these could choose slots in each membership of the window. */
    boolean couldAccept(int numbers) {
        return now.isAcceptQuorum(numbers) && (next == null || next.isAcceptQuorum(numbers));
    }

    /** Whether this node votes in any membership in the window. */
    boolean isVoter() {
        return (voters() & 1 << own) != 0;
    }

    /** Whether this node is a member of any membership in the window. */
    boolean isMember() {
        return (members() & 1 << own) != 0;
    }

    /** Whether this node is a member, and votes nowhere. */
    boolean isObserver() {
        return isMember() && !isVoter();
    }

    /** Whether whoever has this identity votes in any membership in the window. */
    boolean isVoter(long member) {
        return isVoter(numberOf(member));
    }

    /** Whether whoever has this number votes in any membership in the window. */
    boolean isVoter(int number) {
        return number != NOBODY && (voters() & 1 << number) != 0;
    }

    /**
     * Whether it is known here what governs the slot above the commit index. Not where records are
     * lost, until what is missing has been fetched.
     */
    boolean isNextKnown() {
        return commitIndex + 1 >= now.firstSlot();
    }

    /** The last slot that the membership in force governs, as far as is known. */
    long lastGoverned() {
        return changeSlot - 1;
    }

    /**
     * The last slot that may be proposed: every slot that is not known chosen leaves those that
     * follow it so far alone, as it may hold a membership.
     */
    long lastProposable(long known) {
        long last = known + now.membership().openSlotLimit();
        return next == null
                ? last
                : Math.min(last, next.firstSlot() - 1 + next.membership().openSlotLimit());
    }

    /** Most slots above the commit index that any membership in the window lets be proposed. */
    int largestLimit() {
        int limit = now.membership().openSlotLimit();
        return next == null ? limit : Math.max(limit, next.membership().openSlotLimit());
    }

    /**
     * A membership entry is chosen, and every slot below it is known.
     *
     * @return whether it is valid, and was not known before
     */
    boolean adopt(long at, DirectBuffer buffer, int offset, int length) {
        boolean isValid = succession.adopt(at, Membership.decode(buffer, offset, length));
        if (isValid) {
            arrange();
        }
        return isValid;
    }

    /** A journal or a snapshot says that an entry is valid. */
    void recover(long at, DirectBuffer buffer, int offset, int length) {
        succession.recover(at, Membership.decode(buffer, offset, length));
        arrange();
    }

    /** Every slot up to this one is known chosen here. */
    void reached(long slot) {
        commitIndex = slot;
        if (slot + 1 >= changeSlot) {
            arrange();
        }
    }

    private void arrange() {
        Membership older = succession.older();
        boolean isPending = older != null && commitIndex + 1 < succession.firstSlot();
        keepOnly(older);
        Tenure before =
                older == null
                        ? null
                        : tenure(succession.olderSlot(), succession.olderFirstSlot(), older);
        Tenure newest = tenure(succession.slot(), succession.firstSlot(), succession.newest());
        now = isPending ? before : newest;
        next = isPending ? newest : null;
        changeSlot = isPending ? newest.firstSlot() : NEVER;
        former = before == null ? 0 : before.members() & ~newest.members();
        learners &= ~newest.members();
    }

    /** A node may know more of the log than those that are known here. */
    void hint(int node, String address) {
        boolean isNews =
                roster.numberOf(node) == NOBODY
                        && (!isFounded() || node > succession.newest().highestNode())
                        && Integer.bitCount(roster.all()) < Roster.MAX;
        if (isNews) {
            roster.add(MemberId.of(node, 0), address);
        }
    }

    /** Room is needed for new ones: whoever is in none of the last two memberships goes first. */
    private void keepOnly(Membership older) {
        Membership newest = succession.newest();
        int stay = 1 << own | learners | numbersOf(newest);
        stay = older == null ? stay : stay | numbersOf(older);
        int joining = newest.size() - Integer.bitCount(numbersOf(newest));
        int hints = hints(newest.highestNode()) & ~stay;
        boolean hasRoom = Integer.bitCount(stay | hints) + joining <= Roster.MAX;
        roster.retain(hasRoom ? stay | hints : stay);
    }

    /**
     * Those configured nodes that the log does not know yet: they may know more of it than the
     * members known here, who may all be gone.
     */
    private int hints(int highestNode) {
        int set = 0;
        for (int left = roster.all(); left != 0; left &= left - 1) {
            int number = Integer.numberOfTrailingZeros(left);
            boolean isHint =
                    MemberId.incarnation(roster.member(number)) == 0 && node(number) > highestNode;
            set |= isHint ? 1 << number : 0;
        }
        return set;
    }

    /**
     * Of those members that have one. Of a node that was only configured it is not known who it is:
     * what is kept of it is not kept of the member, but for the founders.
     */
    private int numbersOf(Membership membership) {
        int set = 0;
        for (int i = 0; i < membership.size(); i++) {
            long member = membership.member(i);
            int number = numberOf(member);
            boolean isKnown =
                    number != NOBODY && (membership.isFirst() || roster.member(number) == member);
            set |= isKnown ? 1 << number : 0;
        }
        return set;
    }

    private Tenure tenure(long slot, long firstSlot, Membership membership) {
        int all = 0;
        int voters = 0;
        for (int i = 0; i < membership.size(); i++) {
            int number = roster.add(membership.member(i), membership.address(i));
            all |= number;
            voters |= membership.seat(i).votes() ? number : 0;
        }
        return new Tenure(slot, firstSlot, membership, voters, all);
    }

    /**
     * Whether there are numbers for the members of a membership beside those that matter now. Who
     * was a member before the present one does not.
     */
    boolean hasRoomFor(Membership wanted) {
        int stay = 1 << own | members();
        int joining = wanted.size() - Integer.bitCount(numbersOf(wanted) & stay);
        return Integer.bitCount(stay) + joining <= Roster.MAX;
    }

    /**
     * From now on those of these members that are in no membership learn from this leader, which
     * forgets who was a member before the present ones.
     *
     * @return those of them that are to vote
     */
    int learn(Membership wanted) {
        roster.retain(1 << own | members());
        former = 0;
        Tenure coming = tenure(0, 0, wanted);
        learners = coming.members() & ~members();
        return coming.voters();
    }

    /** Nobody learns any more who is no member. */
    void dropLearners() {
        if (learners != 0) {
            learners = 0;
            roster.retain(1 << own | members() | former);
        }
    }
}
