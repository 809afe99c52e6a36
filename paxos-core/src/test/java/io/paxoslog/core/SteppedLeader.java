package io.paxoslog.core;

import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** The leadership of node 1 of three, without a replica around it. */
final class SteppedLeader {
    static final long BALLOT = Ballot.of(9, 1);
    static final int TIMEOUT = 300;
    static final int MEMBERS = 3;
    static final long FIRST_NONCE = 1_000;
    static final long WALL_CLOCK_NS = 1_234;

    private final Roles roles = new Roles();
    private final PromiseTally promises = new PromiseTally();
    private final ElectionTimer timer = new ElectionTimer(TIMEOUT / 2, 1);
    private final AgreedTime time =
            new AgreedTime(roles.config, roles.memberships, timer, FIRST_NONCE);
    private final Leadership leadership = speakingTo(roles.peers);

    SteppedLeader() {
        promises.begin(1);
        time.onTick(0, WALL_CLOCK_NS);
        time.known(WALL_CLOCK_NS);
    }

    Roles roles() {
        return roles;
    }

    PromiseTally promises() {
        return promises;
    }

    Leadership leadership() {
        return leadership;
    }

    /** Another leadership of the same node that others hear of its proposals. */
    Leadership speakingTo(Peers peers) {
        return new Leadership(
                roles.config,
                peers,
                roles.learner,
                roles.openSlots,
                roles.memberships,
                time,
                roles.room,
                timer);
    }

    /** Genesis is chosen, and this node leads. */
    void lead() {
        roles.learner.chosen(Batches.membership(Ballot.NONE, roles.genesis()));
        begin();
    }

    /** Leads with the promises that are there, whatever is chosen. */
    void begin() {
        for (int i = 0; i < MEMBERS; i++) {
            promises.promise(i, MemberId.of(i + 1, 101 + i), 0, 0, 0);
        }
        leadership.begin(BALLOT, promises, 0);
    }

    /** Proposes commands as one batch; whether they were taken. */
    boolean propose(String... commands) {
        UnsafeBuffer entries = Batches.entries(commands);
        return leadership.propose(commands.length, entries, 0, entries.capacity());
    }

    /** This node and another hold and accept all that was proposed. */
    void choose(String... words) {
        roles.openSlots.put(
                Batches.commands(BALLOT, leadership.lastSlot() - words.length + 1, words));
        leadership.accepted(0, leadership.lastSlot(), 0);
        leadership.accepted(1, leadership.lastSlot(), 0);
    }

    /** The Accepts said since somebody asked what was said. */
    List<String> accepts() {
        return roles.peers.said().stream().filter(line -> line.contains(" Accept ")).toList();
    }
}
