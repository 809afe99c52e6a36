package io.paxoslog.testkit.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The clients of a world: they work, leave with or without a word, and others come. */
final class ClientCrowd {
    private final Swarm swarm;
    private final SimRandom random;
    private final Timeline timeline;
    private final Totals totals;
    private final Pauses pauses;
    private final BooleanSupplier isCalm;
    private final Application application;
    private final Reference reference;
    private final History history;
    private final ClientNetwork network;
    private final List<SimulatedClient> clients = new ArrayList<>();

    /**
     * @param history what the clients saw, or null when instead the log is replayed elsewhere
     * @param isCalm whether nothing goes wrong by chance now
     */
    ClientCrowd(
            Swarm swarm,
            SimRandom random,
            Timeline timeline,
            Totals totals,
            Pauses pauses,
            BooleanSupplier isCalm,
            Application application,
            Reference reference,
            History history,
            ClientNetwork network) {
        this.swarm = swarm;
        this.random = random;
        this.timeline = timeline;
        this.totals = totals;
        this.pauses = pauses;
        this.isCalm = isCalm;
        this.application = application;
        this.reference = reference;
        this.history = history;
        this.network = network;
    }

    /** Adds a client, which works until it is told to finish. */
    SimulatedClient add() {
        return add(null);
    }

    private SimulatedClient add(SimulatedClient before) {
        SimulatedClient client =
                new SimulatedClient(
                        clients.size(),
                        swarm,
                        random.split(),
                        application,
                        reference,
                        history,
                        network,
                        totals,
                        before);
        clients.add(client);
        timeline.after(random.below(swarm.thinkMs + 1), () -> step(client));
        return client;
    }

    private void step(SimulatedClient client) {
        if (client.isGone()) {
            return;
        }
        client.step(timeline.nowMs());
        if (client.hasEnded()) {
            replaceEnded(client);
            return;
        }
        if (!isCalm.getAsBoolean() && client.isOpen() && random.chance(swarm.leavePerMille)) {
            leave(client);
        }
        timeline.after(
                1 + random.below(swarm.thinkMs) + pauses.everybodySleepsForMs(),
                () -> step(client));
    }

    private void leave(SimulatedClient client) {
        boolean isOrderly = random.chance(500);
        totals.count(isOrderly ? Fault.CLIENT_LEFT : Fault.CLIENT_GAVE_UP);
        if (!isOrderly && swarm.hasEvents) {
            totals.count(Deed.SESSION_TAKEN_UP);
            add(client);
            client.beGone();
            return;
        }
        client.leave(isOrderly);
        if (!isOrderly) {
            add();
        }
    }

    private void replaceEnded(SimulatedClient client) {
        client.beGone();
        if (client.wasRefused()) {
            totals.count(Fault.SESSION_REFUSED);
        }
        if (!isCalm.getAsBoolean()) {
            timeline.after(random.below(swarm.downMs), this::addUnlessCalm);
        }
    }

    private void addUnlessCalm() {
        if (!isCalm.getAsBoolean()) {
            add();
        }
    }

    /** Everybody who ever came. */
    List<SimulatedClient> all() {
        return clients;
    }

    /** Ends them all and judges what they saw; the number of keys whose check was given up. */
    int check() {
        clients.stream().filter(client -> !client.isGone()).forEach(SimulatedClient::beGone);
        if (history != null) {
            return history.check();
        }
        Elsewhere.replay(reference.log(), application, swarm.sessionLimits, reference);
        return 0;
    }
}
