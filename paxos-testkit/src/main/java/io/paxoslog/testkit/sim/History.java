package io.paxoslog.testkit.sim;

import io.paxoslog.testkit.linearizability.CounterModel;
import io.paxoslog.testkit.linearizability.LinearizabilityChecker;
import io.paxoslog.testkit.linearizability.ListModel;
import io.paxoslog.testkit.linearizability.Operation;
import io.paxoslog.testkit.linearizability.RegisterModel;
import io.paxoslog.testkit.linearizability.SequentialModel;
import io.paxoslog.testkit.linearizability.Verdict;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What clients of {@link KitMachine} asked for and saw, key by key: checked for linearizability at
 * the end, from replies and the order of events alone.
 */
final class History {
    private static final int MOST_CONFIGURATIONS = 20_000;

    /** A command on its way: what was asked, and when. */
    static final class Asked {
        private final byte[] command;
        private final long invoked;

        Asked(byte[] command, long invoked) {
            this.command = command;
            this.invoked = invoked;
        }

        byte[] command() {
            return command;
        }
    }

    private final List<List<Operation<RegisterModel.Input, RegisterModel.Output>>> registers =
            lists();
    private final List<List<Operation<Long, Long>>> counters = lists();
    private final List<List<Operation<Long, ListModel.State>>> lists = lists();
    private long now;

    private static <T> List<List<T>> lists() {
        List<List<T>> result = new ArrayList<>();
        for (int key = 0; key < KitMachine.KEYS; key++) {
            result.add(new ArrayList<>());
        }
        return result;
    }

    /** A client asks. */
    Asked asks(byte[] command) {
        return new Asked(command, ++now);
    }

    /** A client has its reply. */
    void answered(Asked asked, DirectBuffer reply, int offset) {
        long first = reply.getLong(offset, ByteOrder.LITTLE_ENDIAN);
        long second = reply.getLong(offset + Long.BYTES, ByteOrder.LITTLE_ENDIAN);
        add(asked, ++now, first, second);
    }

    /** A client will never know. */
    void unanswered(Asked asked) {
        if (asked.command[0] == KitMachine.READ) {
            // It changed nothing, and nobody saw what it saw.
            return;
        }
        add(asked, Operation.NEVER, 0, 0);
    }

    private void add(Asked asked, long returned, long first, long second) {
        boolean isKnown = returned != Operation.NEVER;
        int key = asked.command[1];
        if (key < KitMachine.FIRST_COUNTER) {
            RegisterModel.Output output = isKnown ? new RegisterModel.Output(first) : null;
            registers
                    .get(key)
                    .add(new Operation<>(register(asked), output, asked.invoked, returned));
        } else if (key < KitMachine.FIRST_LIST) {
            Long output = isKnown ? first : null;
            counters.get(key).add(new Operation<>(counter(asked), output, asked.invoked, returned));
        } else {
            ListModel.State output = isKnown ? new ListModel.State(first, second) : null;
            lists.get(key).add(new Operation<>(element(asked), output, asked.invoked, returned));
        }
    }

    private static long argument(Asked asked, int index) {
        return new UnsafeBuffer(asked.command)
                .getLong(2 + index * Long.BYTES, ByteOrder.LITTLE_ENDIAN);
    }

    private static RegisterModel.Input register(Asked asked) {
        return switch (asked.command[0]) {
            case KitMachine.WRITE -> RegisterModel.Input.write(argument(asked, 0));
            case KitMachine.COMPARE_AND_SET ->
                    RegisterModel.Input.compareAndSet(argument(asked, 0), argument(asked, 1));
            default -> RegisterModel.Input.read();
        };
    }

    private static long counter(Asked asked) {
        return asked.command[0] == KitMachine.ADD ? argument(asked, 0) : 0;
    }

    private static long element(Asked asked) {
        return asked.command[0] == KitMachine.APPEND ? argument(asked, 0) : ListModel.NOTHING;
    }

    /**
     * Checks all keys.
     *
     * @return the number of keys whose search was given up
     */
    int check() {
        return check("register", new RegisterModel(), registers)
                + check("counter", new CounterModel(), counters)
                + check("list", new ListModel(), lists);
    }

    private static <S, I, O> int check(
            String what, SequentialModel<S, I, O> model, List<List<Operation<I, O>>> histories) {
        int undecided = 0;
        for (int key = 0; key < histories.size(); key++) {
            List<Operation<I, O>> history = histories.get(key);
            Verdict verdict =
                    new LinearizabilityChecker<>(model, MOST_CONFIGURATIONS).check(history);
            if (verdict == Verdict.VIOLATED) {
                throw new SafetyViolation(
                        "what clients saw of " + what + " " + key + " is not linearizable");
            }
            undecided += verdict == Verdict.UNDECIDED ? 1 : 0;
        }
        return undecided;
    }
}
