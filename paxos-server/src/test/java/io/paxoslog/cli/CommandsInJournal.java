package io.paxoslog.cli;

import io.paxoslog.core.Batch;
import io.paxoslog.service.CommandApplier;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Reply;
import io.paxoslog.service.SessionLimits;
import io.paxoslog.service.StateMachine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Applies what one journal holds as chosen, and notes where each numbered command took effect. */
final class CommandsInJournal implements StateMachine {
    private final Map<Long, Long> slots = new HashMap<>();
    private final List<String> repeated = new ArrayList<>();
    private final CommandApplier applier = new CommandApplier(this, SessionLimits.DEFAULT);

    void take(Batch batch) {
        applier.committed(batch);
    }

    @Override
    public void apply(Entry entry, Reply reply) {
        long number = NumberedCommand.numberIn(entry.buffer(), entry.offset(), entry.length());
        if (number >= 0 && slots.put(number, entry.slot()) != null) {
            repeated.add("command " + number + " took effect twice");
        }
    }

    /** What is not as the replies said. */
    List<String> problemsWith(Map<Long, Long> acknowledged, String where) {
        List<String> problems = new ArrayList<>();
        repeated.forEach(line -> problems.add(where + ": " + line));
        long missing = 0;
        long misplaced = 0;
        for (Map.Entry<Long, Long> command : acknowledged.entrySet()) {
            Long slot = slots.get(command.getKey());
            if (slot == null) {
                missing++;
            } else if (!slot.equals(command.getValue())) {
                misplaced++;
            }
        }
        if (missing + misplaced > 0) {
            problems.add(
                    where
                            + ": of "
                            + acknowledged.size()
                            + " acknowledged commands "
                            + missing
                            + " are missing, "
                            + misplaced
                            + " are in another slot than their reply said");
        }
        return problems;
    }
}
