package io.paxoslog.testkit.sim;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Room;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.agrona.collections.Long2LongHashMap;

/**
 * Watches one node for {@link Safety}: what it writes, what is forced, and whether what it says is
 * covered by that. Says of a wiped node nothing to the oracles of agreement, because its word does
 * not count.
 */
final class Observer implements SimulatedDisk.Listener {
    private static final long NO_FLOOR = -1;

    /** What a node that may have forgotten votes must not say. */
    private static final Set<Class<? extends Message>> TAKES_PART =
            Set.of(
                    Message.Prepare.class,
                    Message.Promise.class,
                    Message.PromisedSlots.class,
                    Message.Accepted.class,
                    Message.Surveyed.class);

    private final SimulatedNode node;
    private final Safety safety;
    private final boolean valuesWait;
    private final NodeHost host;
    private final Long2LongHashMap floors = new Long2LongHashMap(NO_FLOOR);
    private long writtenPromise;
    private long forcedPromise;
    private long forcedCampaign;
    private long committedUpTo;
    private int life;
    private boolean isReturning;
    private final List<BatchCopy> notVotedFor = new ArrayList<>();

    Observer(SimulatedNode node, Safety safety, boolean valuesWait, NodeHost host) {
        this.node = node;
        this.safety = safety;
        this.valuesWait = valuesWait;
        this.host = host;
    }

    /** Its disk is read, and writes for itself: what was written and not forced may be gone. */
    void recovers() {
        writtenPromise = node.runsOnOldCopy() ? Ballot.NONE : forcedPromise;
    }

    /** The node starts: what it knew without its disk is gone. */
    void starts() {
        life = safety.newLife();
        floors.clear();
        committedUpTo = node.firstAppliedAbove();
        safety.jumps(node.node(), committedUpTo);
        writtenPromise = 0;
        forcedPromise = 0;
        forcedCampaign = 0;
        isReturning = false;
        notVotedFor.clear();
        node.disk().forEach(this::remember);
    }

    private void remember(JournalRecord entry) {
        if (entry instanceof JournalRecord.Promised promised) {
            writtenPromise = promised.ballot();
            forcedPromise = promised.ballot();
        } else if (entry instanceof JournalRecord.Campaigned campaigned) {
            forcedCampaign = campaigned.ballot();
        } else if (entry instanceof JournalRecord.Accepted accepted && isReturning) {
            notVotedFor.add(accepted.slots());
        } else if (entry instanceof JournalRecord.Returning) {
            isReturning = true;
        } else if (entry instanceof JournalRecord.Returned) {
            isReturning = false;
            notVotedFor.clear();
        }
    }

    @Override
    public void written(JournalRecord entry) {
        if (entry instanceof JournalRecord.Promised promised) {
            require(
                    promised.ballot() >= writtenPromise,
                    "lets its promise fall to",
                    promised.ballot());
            writtenPromise = promised.ballot();
        } else if (entry instanceof JournalRecord.Accepted accepted) {
            require(
                    accepted.slots().ballot() >= writtenPromise,
                    "accepts below its promise, under",
                    accepted.slots().ballot());
            requireRoomFor(accepted.slots());
            if (!isVotedForOnceForced(accepted.slots())) {
                notVotedFor.add(accepted.slots());
                holdWhatMayBeVotedFor();
            }
        } else if (entry instanceof JournalRecord.Chosen chosen) {
            require(
                    chosen.slots().kind() != Batch.COMMANDS || node.room() == Room.COMMANDS,
                    "learns commands without room, chosen under",
                    chosen.slots().originBallot());
            safety.claimsChosen(node.node(), chosen.slots());
        } else if (entry instanceof JournalRecord.Returned returned && node.isOriginal()) {
            safety.returns(node.member(), returned.ballot(), this::isKnown);
        }
        host.written(node, entry);
    }

    /** Below the floor nothing new of others is written down, and then nothing at all. */
    private void requireRoomFor(BatchCopy slots) {
        boolean isNew = slots.kind() == Batch.COMMANDS && slots.originBallot() == slots.ballot();
        boolean isOwn = Ballot.owner(slots.ballot()) == node.node();
        boolean hasRoom =
                switch (node.room()) {
                    case COMMANDS -> true;
                    case REPORTED -> !isNew || isOwn;
                    case BALLOTS -> false;
                };
        require(hasRoom, "accepts without room, under", slots.ballot());
    }

    private boolean isVotedForOnceForced(BatchCopy slots) {
        return valuesWait || slots.kind() == Batch.MEMBERSHIP;
    }

    /** What no vote can have rested on may be lost without harm. */
    private void holdWhatMayBeVotedFor() {
        if (!isReturning) {
            notVotedFor.removeIf(
                    slots -> {
                        boolean mayBe = slots.ballot() <= forcedPromise;
                        if (mayBe) {
                            holds(slots);
                        }
                        return mayBe;
                    });
        }
    }

    private boolean isKnown(long slot, long value) {
        BatchCopy here = slot <= committedUpTo ? null : node.disk().valueAt(slot);
        return slot <= committedUpTo || (here != null && here.value(slot) == value);
    }

    @Override
    public void forced(JournalRecord entry) {
        if (entry instanceof JournalRecord.Promised promised) {
            forcedPromise = promised.ballot();
            holdWhatMayBeVotedFor();
        } else if (entry instanceof JournalRecord.Campaigned campaigned) {
            forcedCampaign = campaigned.ballot();
        } else if (entry instanceof JournalRecord.Accepted accepted
                && isVotedForOnceForced(accepted.slots())) {
            holds(accepted.slots());
        } else if (entry instanceof JournalRecord.Returned returned) {
            isReturning = false;
            notVotedFor.removeIf(slots -> slots.ballot() < returned.ballot());
            holdWhatMayBeVotedFor();
            node.returned();
        }
    }

    private void holds(BatchCopy slots) {
        if (node.isOriginal()) {
            safety.holds(node.node(), slots);
        }
    }

    /** The node let a message in. */
    void hears(Message message) {
        if (message instanceof Message.Accept accept) {
            raiseFloor(accept.slots().ballot(), accept.floor());
        } else if (message instanceof Message.Heartbeat heartbeat) {
            raiseFloor(heartbeat.ballot(), heartbeat.floor());
        } else if (message instanceof Message.AllChosen all) {
            raiseFloor(all.ballot(), all.lastSlot() + 1);
        }
    }

    private void raiseFloor(long ballot, long floor) {
        if (floor > floors.get(ballot)) {
            floors.put(ballot, floor);
        }
    }

    /** A message leaves the node. */
    void says(Message message) {
        if (isReturning && TAKES_PART.contains(message.getClass())) {
            throw new SafetyViolation(
                    "node "
                            + node.node()
                            + " takes part before it is back: it says "
                            + message.text());
        }
        if (node.runsOnOldCopy()) {
            // It goes by what it forgot; nobody may hear it.
            return;
        }
        if (message instanceof Message.Prepare prepare) {
            require(
                    forcedCampaign >= prepare.ballot(),
                    "prepares before the disk holds its ballot",
                    prepare.ballot());
            safety.usesBallot(node.node(), life, prepare.ballot());
        } else if (message instanceof Message.Accept accept) {
            // That the founding is chosen a disk may remember, and not that it was committed.
            long founding = node.knowsOfFounding() ? Terms.FOUNDING_SLOT : 0;
            long known = Math.max(accept.floor() - 1, founding);
            safety.proposes(node.node(), life, accept.slots(), known);
            safety.announcesFloor(node.node(), accept.slots().ballot(), accept.floor());
        } else if (message instanceof Message.Heartbeat heartbeat) {
            safety.usesBallot(node.node(), life, heartbeat.ballot());
            safety.announcesFloor(node.node(), heartbeat.ballot(), heartbeat.floor());
        } else if (message instanceof Message.AllChosen all) {
            safety.announcesFloor(node.node(), all.ballot(), all.lastSlot() + 1);
        } else if (message instanceof Message.Promise promise) {
            answers(promise.ballot());
            safety.claimsChosen(node.node(), promise.commitIndex());
            if (node.isOriginal()) {
                safety.promises(node.node(), promise.ballot());
            }
        } else if (message instanceof Message.PromisedSlots promised) {
            answers(promised.ballot());
        } else if (message instanceof Message.Accepted accepted) {
            answers(accepted.ballot());
            checkVote(accepted);
            safety.votesByKnowledge(node.node(), Math.min(accepted.upTo(), committedUpTo));
        } else if (message instanceof Message.Chosen chosen) {
            safety.claimsChosen(node.node(), chosen.slots());
        } else if (message instanceof Message.HeartbeatHeard heard) {
            safety.claimsChosen(node.node(), heard.commitIndex());
        }
    }

    private void answers(long ballot) {
        require(forcedPromise >= ballot, "answers before the disk holds its promise of", ballot);
        safety.answers(node.member(), ballot);
    }

    private void checkVote(Message.Accepted vote) {
        long floor = floors.get(vote.ballot());
        require(floor != NO_FLOOR, "votes before it heard a floor under", vote.ballot());
        for (long slot = floor; slot <= vote.upTo(); slot++) {
            boolean isCovered =
                    slot <= committedUpTo
                            || safety.hasHeld(node.node(), slot, vote.ballot())
                            || !node.isOriginal();
            require(
                    isCovered,
                    "votes for slot " + slot + ", which it does not hold under",
                    vote.ballot());
        }
    }

    /** The node commits slots, in order. */
    void commits(BatchCopy batch) {
        if (batch.firstSlot() != committedUpTo + 1) {
            throw new SafetyViolation(
                    "node "
                            + node.node()
                            + " commits slot "
                            + batch.firstSlot()
                            + " right after "
                            + committedUpTo);
        }
        committedUpTo = batch.lastSlot();
        safety.commits(node.node(), batch);
    }

    /** All up to here is known chosen, and its records are lost to damage. */
    void lacks(long slot) {
        committedUpTo = slot;
    }

    /** A snapshot took the place of slots. */
    void jumps(long slot) {
        if (slot <= committedUpTo && node.disk().damage().isDone()) {
            // In the place of those that were lost.
            return;
        }
        if (slot <= committedUpTo) {
            throw new SafetyViolation(
                    "node "
                            + node.node()
                            + " takes a snapshot of slot "
                            + slot
                            + ", though it has committed "
                            + committedUpTo);
        }
        committedUpTo = slot;
        safety.jumps(node.node(), slot);
    }

    private void require(boolean holds, String what, long ballot) {
        if (!holds) {
            throw new SafetyViolation(
                    "node " + node.node() + " " + what + " " + Ballot.text(ballot));
        }
    }
}
