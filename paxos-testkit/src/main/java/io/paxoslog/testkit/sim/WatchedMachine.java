package io.paxoslog.testkit.sim;

import io.paxoslog.service.CloseReason;
import io.paxoslog.service.Cluster;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Moment;
import io.paxoslog.service.Query;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import io.paxoslog.service.StateView;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

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

    @Override
    public void begin(Cluster cluster) {
        machine.begin(cluster);
    }

    @Override
    public void sessionOpened(Moment at, long session) {
        machine.sessionOpened(at, session);
    }

    @Override
    public void sessionClosed(Moment at, long session, CloseReason why) {
        machine.sessionClosed(at, session, why);
    }

    @Override
    public void timer(Moment at, long timer) {
        machine.timer(at, timer);
        application.inspect(machine);
    }

    @Override
    public void query(Query query, Reply answer) {
        machine.query(query, answer);
    }

    /** The machine's own view behind the number of commands, which must be right, too. */
    @Override
    public StateView view() {
        StateView view = machine.view();
        int count = applied;
        if (view == null) {
            return null;
        }
        return new StateView() {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                new DataOutputStream(out).writeInt(view.isFrozen() ? count : applied);
                view.writeTo(out);
            }

            @Override
            public boolean isFrozen() {
                return view.isFrozen();
            }

            @Override
            public void close() {
                view.close();
            }
        };
    }

    @Override
    public void restore(InputStream in) throws IOException {
        applied = new DataInputStream(in).readInt();
        machine.restore(in);
        application.inspect(machine);
    }

    /** Fingerprint of its state. */
    @Override
    public long stateHash() {
        return application.stateHash(machine);
    }

    /** Commands it has applied. */
    int applied() {
        return applied;
    }
}
