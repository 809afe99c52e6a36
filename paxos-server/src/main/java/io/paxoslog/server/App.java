package io.paxoslog.server;

import io.paxoslog.service.LogStateMachine;
import io.paxoslog.service.MapStateMachine;
import io.paxoslog.service.SequencerStateMachine;
import io.paxoslog.service.StateMachine;
import java.util.Optional;
import java.util.ServiceLoader;

/** The state machines that come with PaxosLog. */
public enum App {
    /** Each command is an entry; the reply is its slot. */
    LOG,
    /** Stamps each command with a number without gaps and the agreed time, and echoes it. */
    SEQUENCER,
    /** A small map of keys to values, which answers queries; {@code paxos map} speaks to it. */
    MAP,
    /**
     * A key-value store with etcd's data model, of module paxos-kv; {@code paxos kv} speaks to it.
     */
    KV;

    /**
     * Makes one that another module brings along, which is found on the class path as a service of
     * this type.
     */
    public interface Maker {
        /** Which one it makes. */
        App app();

        /** A new one, in its initial state. */
        StateMachine create();
    }

    /** Whether its module is there. */
    boolean isThere() {
        return this != KV || maker().isPresent();
    }

    private Optional<Maker> maker() {
        return ServiceLoader.load(Maker.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(maker -> maker.app() == this)
                .findFirst();
    }

    /**
     * A new one, in its initial state.
     *
     * @throws java.util.NoSuchElementException when its module is not on the class path
     */
    public StateMachine create() {
        return switch (this) {
            case LOG -> new LogStateMachine();
            case SEQUENCER -> new SequencerStateMachine();
            case MAP -> new MapStateMachine();
            case KV -> maker().orElseThrow().create();
        };
    }
}
