package io.paxoslog.server;

import io.paxoslog.service.LogStateMachine;
import io.paxoslog.service.MapStateMachine;
import io.paxoslog.service.SequencerStateMachine;
import io.paxoslog.service.StateMachine;

/** The state machines that come with PaxosLog. */
public enum App {
    /** Each command is an entry; the reply is its slot. */
    LOG,
    /** Stamps each command with a number without gaps and the agreed time, and echoes it. */
    SEQUENCER,
    /** A small map of keys to values, which answers queries; {@code paxos map} speaks to it. */
    MAP;

    /** A new one, in its initial state. */
    public StateMachine create() {
        return switch (this) {
            case LOG -> new LogStateMachine();
            case SEQUENCER -> new SequencerStateMachine();
            case MAP -> new MapStateMachine();
        };
    }
}
