package io.paxoslog.core;

import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.LongHashSet;

/**
 * The decisions that are chosen and in force, by what they are about. The same decisions in the
 * order of their slots are in force or void in the same way on every node.
 */
public final class Decisions {
    /** Most slots that may ever be decided about: each is written into every journal file. */
    static final int MAX_SLOTS = 256;

    private static final long LIMITS = Decision.limits(Decision.Limits.NONE, 0).about();
    private static final long VERSION = Decision.version(Version.NONE, 0).about();

    private final Long2LongHashMap latest = new Long2LongHashMap(0);
    private final LongHashSet skipped = new LongHashSet();
    private final LongHashSet inForce = new LongHashSet();
    private Version version = Version.FIRST;

    /**
     * A decision is chosen.
     *
     * @param at its slot
     * @return whether it is in force, and was not known before
     */
    public boolean adopt(long at, Decision decision) {
        if (!isNews(at, decision)) {
            return false;
        }
        recover(at, decision);
        return true;
    }

    /** Whether it would come into force, and is not known yet. */
    boolean isNews(long at, Decision decision) {
        return !isVoid(decision) && at > latest.get(decision.about());
    }

    /**
     * Genesis is chosen, and says what its founders agreed on: that is a decision at its slot.
     *
     * @return the decision, or null when nothing is agreed anew
     */
    public Decision founded(long at, Membership genesis) {
        if (genesis.foundedAt().equals(Version.NONE)) {
            return null;
        }
        Decision decision = Decision.version(genesis.foundedAt(), latestVersion());
        return adopt(at, decision) ? decision : null;
    }

    /**
     * A journal or a snapshot says that a decision is in force; what it followed need not be there
     * any more.
     */
    public void recover(long at, Decision decision) {
        inForce.add(at);
        if (decision.kind() == Decision.Kind.VERSION && at >= latestVersion()) {
            version = decision.version();
        }
        latest.put(decision.about(), Math.max(at, latest.get(decision.about())));
        if (decision.kind() == Decision.Kind.SKIP) {
            skipped.add(decision.slot());
        }
    }

    /**
     * A skip is the last word about a slot, as some may have passed it since; what is agreed is
     * never taken back.
     */
    private boolean isVoid(Decision decision) {
        boolean isLower =
                decision.kind() == Decision.Kind.VERSION && !decision.version().covers(version);
        return latest.get(decision.about()) != decision.previous()
                || isLower
                || (decision.kind().isAboutSlot() && isSkipped(decision.slot()));
    }

    /** What is agreed: the first version until the log says otherwise. */
    public Version version() {
        return version;
    }

    /** Slot of the entry that says what is agreed; 0 when none does. */
    public long latestVersion() {
        return latest.get(VERSION);
    }

    /** Slot of the latest decision about a slot; 0 when there is none. */
    long latestAbout(long slot) {
        return latest.get(slot);
    }

    /** Slot of the latest decision about limits; 0 when there is none. */
    public long latestLimits() {
        return latest.get(LIMITS);
    }

    /** Whether the command at a slot takes no effect. */
    boolean isSkipped(long slot) {
        return skipped.contains(slot);
    }

    /** Whether a decision chosen at a slot came into force. */
    boolean isInForce(long at) {
        return inForce.contains(at);
    }

    /** Whether one more slot can be decided about. */
    boolean hasRoomFor(long slot) {
        return latest.containsKey(slot) || latest.size() < MAX_SLOTS;
    }
}
