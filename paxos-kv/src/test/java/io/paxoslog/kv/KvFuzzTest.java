package io.paxoslog.kv;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/** Whatever comes as a command is answered, does nothing where it is refused, and reads back. */
@Tag("fuzz")
class KvFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void anyCommandIsAnswered(byte[] command) {
        Store store = new Store();
        store.set("a", "1");
        store.set("b", "2");
        long before = store.machine.stateHash();
        store.query(command);
        if (store.machine.stateHash() != before) {
            throw new AssertionError("a query changed something");
        }
        byte[] said = store.apply(command);
        boolean isRefused = said.length < 2 || said[1] != 0;
        if (isRefused && store.machine.stateHash() != before && !store.status().isAlarmed()) {
            throw new AssertionError("what was refused changed something");
        }
        if (said.length < KvFormat.REPLY_HEADER_BYTES) {
            throw new AssertionError("no answer");
        }
    }

    @FuzzTest(maxDuration = "10m")
    void anyReplyIsReadOrNone(byte[] reply) {
        for (int kind = 0; kind <= KvFormat.DISARM; kind++) {
            KvReply.of(kind, reply);
        }
    }
}
