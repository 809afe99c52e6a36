package io.paxoslog.testkit.sim;

import io.paxoslog.service.Entry;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;

/** Runs a machine and shows the {@link Reference} what each command left behind. */
final class WatchedMachine implements StateMachine {
    private final String name;
    private final Application application;
    private final Reference reference;
    private final StateMachine machine;
    private int applied;

    /**
     * @param name tells where it runs, in messages
     */
    WatchedMachine(String name, Application application, Reference reference) {
        this.name = name;
        this.application = application;
        this.reference = reference;
        machine = application.machine();
    }

    @Override
    public void apply(Entry entry, Reply reply) {
        machine.apply(entry, reply);
        applied++;
        reference.applied(
                name,
                entry.slot(),
                entry.session(),
                entry.sequence(),
                Fingerprint.of(reply.buffer(), 0, reply.length()),
                application.stateHash(machine));
        application.inspect(machine);
    }

    /** Commands it has applied. */
    int applied() {
        return applied;
    }
}
