package io.paxoslog.core;

import java.util.ArrayList;
import java.util.List;

/** The roles of node 1 of three that do not need time, with their world recorded. */
final class Roles {
    static final long B1 = Ballot.of(1, 1);
    static final long B2 = Ballot.of(2, 2);
    static final long B3 = Ballot.of(3, 3);

    final ReplicaConfig config;

    /** What was said and written, in order. */
    final List<String> deeds = new ArrayList<>();

    final RecordingPeers peers = new RecordingPeers(deeds::add);
    final RecordingJournal journal = new RecordingJournal(deeds::add);
    final List<String> committed = new ArrayList<>();
    final OpenSlots openSlots;
    final Memberships memberships;
    final Decisions decisions = new Decisions();
    final Holds holds;
    final Learner learner;
    final OwnRoom room;
    final Acceptor acceptor;

    /** Why the node stopped. */
    final List<String> stops = new ArrayList<>();

    private final class Stops implements ReplicaEvents {
        @Override
        public void role(Role role, long ballot, int leader, String why) {}

        @Override
        public void mustStop(String why) {
            stops.add(why);
        }

        @Override
        public void warning(String what) {}
    }

    Roles() {
        this(1 << 20);
    }

    Roles(long memoryBytes) {
        config = HandCluster.configOf(1, 3, 2, 2, 100);
        openSlots = new OpenSlots(memoryBytes);
        memberships = new Memberships(config);
        holds = new Holds(journal, decisions);
        learner =
                new Learner(
                        openSlots,
                        journal,
                        this::onCommitted,
                        memberships,
                        decisions,
                        holds,
                        new Admission(config, peers, new Stops(), memberships));
        room = new OwnRoom(config.self());
        acceptor =
                new Acceptor(
                        config.self(),
                        config.knows().newest().told(),
                        peers,
                        journal,
                        peers,
                        openSlots,
                        learner,
                        memberships,
                        new WayBack(journal, openSlots, learner),
                        room);
    }

    private void onCommitted(Batch batch) {
        List<String> words = Batches.words(batch);
        for (int i = 0; i < words.size(); i++) {
            committed.add(batch.firstSlot() + i + ":" + words.get(i));
        }
    }

    Membership genesis() {
        return genesis(config);
    }

    static Membership genesis(ReplicaConfig config) {
        return Membership.genesis(
                config,
                config.members().stream()
                        .mapToLong(voter -> MemberId.of(voter.node(), 100 + voter.node()))
                        .toArray());
    }

    /** Slots up to this one are chosen, with values that do not matter. */
    void chosenUpTo(long slot) {
        long first = learner.commitIndex() + 1;
        learner.chosen(Batches.noOps(Ballot.NONE, first, (int) (slot - first + 1)));
    }
}
