package io.paxoslog.core;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/**
 * Whatever peers say that fits on the wire, in any order, with time, commands and the state machine
 * in between: a replica throws nothing, keeps its promises, and says a bounded amount.
 */
@Tag("fuzz")
class ReplicaFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void anythingThatPeersSayIsHeardOrDropped(byte[] history) {
        FuzzedReplica replica = new FuzzedReplica(history);
        while (replica.hasMore()) {
            replica.step();
        }
    }
}
