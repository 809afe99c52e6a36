package io.paxoslog.testkit.sim;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A stranger who speaks under the names of members, and knows all that goes over the network but
 * what is on its way: ballots, identities, the cluster, numbers of questions once they are
 * answered. Forges no values: those only authentication keeps out.
 */
final class Forger {
    /** No history of the simulator has elections for so many rounds. */
    private static final long FAR_ROUND = 1L << 40;

    private static final int MOST_ANSWERS = 20;
    private static final int STEPS = 100;
    private static final int STEP_ROUNDS = 16;

    private final World cluster;
    private final SimRandom random;
    private final Totals totals;
    private final List<Message.Vouch> answered = new ArrayList<>();
    private boolean hasStruck;

    Forger(World cluster, SimRandom random, Totals totals) {
        this.cluster = cluster;
        this.random = random;
        this.totals = totals;
    }

    /** A node heard an answer: its number is of no use any more, or should be. */
    void hears(Message message) {
        if (message instanceof Message.Vouch vouch && answered.size() < MOST_ANSWERS) {
            answered.add(vouch);
        }
    }

    /** Whether there is anything forged in this history. */
    boolean hasStruck() {
        return hasStruck;
    }

    /** Forges messages to one node, if it is up to hear them. */
    void bring(Fault fault, SimulatedNode victim) {
        if (!victim.isUp()) {
            return;
        }
        hasStruck = true;
        totals.count(fault);
        List<SimulatedNode> names = cluster.started();
        SimulatedNode name = names.get(random.below(names.size()));
        Consumer<Message> letter = message -> cluster.forged(envelope(name, victim, message));
        switch (fault) {
            case FORGED_BALLOT -> farBallots(name, letter);
            case FORGED_STEPS -> smallSteps(name, letter);
            case FORGED_ANSWER -> answers(name, letter);
            default -> throw new IllegalArgumentException("not a forgery: " + fault);
        }
    }

    private static Envelope envelope(SimulatedNode name, SimulatedNode victim, Message message) {
        long clusterId = victim.replica().spokenCluster();
        return new Envelope(name.node(), victim.node(), clusterId, name.run(), message);
    }

    private void farBallots(SimulatedNode name, Consumer<Message> letter) {
        long ballot = Ballot.of(FAR_ROUND + random.below(1_000), name.node());
        Batch noOp = new Batch().slots(ballot, 1, 1).value(Batch.NO_OP, ballot, 0).noBytes();
        letter.accept(new Message.Canvass(name.member(), ballot, 0));
        letter.accept(new Message.Canvassed(name.member(), ballot, false, ballot, 0));
        letter.accept(new Message.Nack(name.member(), ballot));
        letter.accept(new Message.Returning(name.member(), ballot));
        letter.accept(
                new Message.Heartbeat(name.member(), ballot, 1, 0, true, 0, Long.MAX_VALUE, 0, 0));
        letter.accept(new Message.Accept(name.member(), BatchCopy.of(noOp), 1));
        letter.accept(new Message.Prepare(name.member(), ballot, 1));
    }

    private void smallSteps(SimulatedNode name, Consumer<Message> letter) {
        for (int i = 0; i < STEPS; i++) {
            int step = random.between(1, STEP_ROUNDS * cluster.nodes().size());
            long ballot = Ballot.of(cluster.highestRound() + step, name.node());
            letter.accept(
                    switch (random.below(4)) {
                        case 0 -> new Message.Prepare(name.member(), ballot, 1);
                        case 1 -> new Message.Nack(name.member(), ballot);
                        case 2 ->
                                new Message.Heartbeat(
                                        name.member(),
                                        ballot,
                                        1,
                                        0,
                                        false,
                                        0,
                                        Long.MAX_VALUE,
                                        0,
                                        0);
                        default -> new Message.Canvassed(name.member(), ballot, false, ballot, 0);
                    });
            letter.accept(new Message.Returning(name.member(), ballot));
        }
    }

    /** Asks, answers what nobody asked him, and says again what was answered once. */
    private void answers(SimulatedNode name, Consumer<Message> letter) {
        long ballot = Ballot.of(FAR_ROUND, name.node());
        letter.accept(new Message.Question(name.member(), random.next()));
        letter.accept(new Message.Prepare(name.member(), ballot, 1));
        letter.accept(new Message.Vouch(name.member(), 0, ballot));
        letter.accept(new Message.Vouch(name.member(), random.next(), ballot));
        for (Message.Vouch old : List.copyOf(answered)) {
            letter.accept(new Message.Vouch(name.member(), old.nonce(), ballot));
        }
        letter.accept(new Message.Prepare(name.member(), ballot, 1));
    }
}
