package io.paxoslog.cli;

import io.paxoslog.service.Entry;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import java.util.BitSet;
import java.util.function.IntToLongFunction;

/**
 * A state machine that holds the commands of a journal against what a client was told: each
 * acknowledged command must take effect once, in the slot of its reply.
 */
final class HeldCommands implements StateMachine {
    private final int acknowledged;
    private final IntToLongFunction slotOf;
    private final BitSet seen;
    private long repeated;
    private long misplaced;

    /**
     * @param acknowledged how many commands were; they have the numbers below this
     * @param slotOf the slot in the reply to a command
     */
    HeldCommands(int acknowledged, IntToLongFunction slotOf) {
        this.acknowledged = acknowledged;
        this.slotOf = slotOf;
        seen = new BitSet(acknowledged);
    }

    @Override
    public void apply(Entry entry, Reply reply) {
        long number = NumberedCommand.numberIn(entry.buffer(), entry.offset(), entry.length());
        if (number < 0 || number >= acknowledged) {
            return;
        }
        if (seen.get((int) number)) {
            repeated++;
        }
        seen.set((int) number);
        if (slotOf.applyAsLong((int) number) != entry.slot()) {
            misplaced++;
        }
    }

    /** Acknowledged commands that did not take effect. */
    long missing() {
        return (long) acknowledged - seen.cardinality();
    }

    /** How often an acknowledged command took effect a second time. */
    long repeated() {
        return repeated;
    }

    /** How often an acknowledged command took effect in another slot than its reply said. */
    long misplaced() {
        return misplaced;
    }
}
