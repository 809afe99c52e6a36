package io.paxoslog.bench.contender;

import io.paxoslog.service.Entry;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/** The work all contenders do, as a state machine of PaxosLog. */
final class EchoSequencer implements StateMachine {
    private long lastNumber;

    long lastNumber() {
        return lastNumber;
    }

    /** Goes on behind a number. */
    void restart(long number) {
        lastNumber = number;
    }

    @Override
    public void apply(Entry entry, Reply reply) {
        lastNumber++;
        MutableDirectBuffer target = reply.resize(Contender.NUMBER_BYTES + entry.length());
        target.putLong(0, lastNumber, ByteOrder.LITTLE_ENDIAN);
        target.putBytes(Contender.NUMBER_BYTES, entry.buffer(), entry.offset(), entry.length());
    }
}
