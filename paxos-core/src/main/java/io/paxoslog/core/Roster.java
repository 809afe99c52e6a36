package io.paxoslog.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Who is who: a number for each identity that matters here. It stays while the identity does,
 * whichever memberships that is in: what is known of a member is kept under it, and sets of members
 * are bit masks over it. When an identity goes, all keepers forget what they kept under its number;
 * only then another gets that.
 */
final class Roster {
    /** One more than the members there may be: this node need not be one of them. */
    static final int MAX = Membership.MAX_MEMBERS + 1;

    /** Instead of a number. */
    static final int NOBODY = -1;

    /** Keeps something under the numbers of members. */
    interface Keeper {
        /** An identity has a number now, under which nothing is kept. */
        default void joined(int number, long member, String address) {}

        /** An identity has gone: what is kept under its number is forgotten. */
        default void left(int number, long member) {}
    }

    private final long[] members = new long[MAX];
    private final List<Keeper> keepers = new ArrayList<>();
    private int end;

    void keptBy(Keeper keeper) {
        keepers.add(keeper);
    }

    /** All numbers in use are below it. */
    int end() {
        return end;
    }

    /** The identity under a number, {@link MemberId#NONE} where nobody has it. */
    long member(int number) {
        return members[number];
    }

    /** The number of a node, or {@link #NOBODY}. */
    int numberOf(int node) {
        for (int i = 0; i < end; i++) {
            if (MemberId.node(members[i]) == node) {
                return i;
            }
        }
        return NOBODY;
    }

    /** Those numbers of a set that fit. */
    static int only(int set, IntPredicate fits) {
        int fitting = 0;
        for (int left = set; left != 0; left &= left - 1) {
            int number = Integer.numberOfTrailingZeros(left);
            fitting |= fits.test(number) ? 1 << number : 0;
        }
        return fitting;
    }

    /** All numbers in use, as a set. */
    int all() {
        int set = 0;
        for (int i = 0; i < end; i++) {
            set |= members[i] == MemberId.NONE ? 0 : 1 << i;
        }
        return set;
    }

    /**
     * Gives an identity a number, the lowest that is free, unless it has one. A node whose
     * incarnation was not known yet keeps its own.
     *
     * @return the number, as a set
     */
    int add(long member, String address) {
        int number = numberOf(MemberId.node(member));
        if (number != NOBODY) {
            boolean isKnown = MemberId.incarnation(members[number]) != 0;
            members[number] = isKnown ? members[number] : member;
            return 1 << number;
        }
        number = lowestFree();
        members[number] = member;
        end = Math.max(end, number + 1);
        for (Keeper keeper : keepers) {
            keeper.joined(number, member, address);
        }
        return 1 << number;
    }

    private int lowestFree() {
        for (int i = 0; i < MAX; i++) {
            if (members[i] == MemberId.NONE) {
                return i;
            }
        }
        throw new IllegalStateException("more than " + MAX + " identities at once");
    }

    /** Lets all go but these. */
    void retain(int numbers) {
        for (int gone = all() & ~numbers; gone != 0; gone &= gone - 1) {
            remove(Integer.numberOfTrailingZeros(gone));
        }
    }

    private void remove(int number) {
        long member = members[number];
        members[number] = MemberId.NONE;
        while (end > 0 && members[end - 1] == MemberId.NONE) {
            end--;
        }
        for (Keeper keeper : keepers) {
            keeper.left(number, member);
        }
    }
}
