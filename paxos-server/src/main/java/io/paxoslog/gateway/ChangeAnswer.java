package io.paxoslog.gateway;

import io.paxoslog.codecs.client.ChangeState;

/** How far a change of members was when it was asked for. */
record ChangeAnswer(long correlation, ChangeState state, long slot, long firstSlot, String reason) {
    static ChangeAnswer of(long correlation, Changing changing) {
        return new ChangeAnswer(
                correlation, changing.state, changing.slot, changing.firstSlot, changing.reason);
    }
}
