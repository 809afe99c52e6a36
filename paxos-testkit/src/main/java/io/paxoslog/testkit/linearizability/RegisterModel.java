package io.paxoslog.testkit.linearizability;

/** A register that is read, written and compared and set; 0 at first. */
public final class RegisterModel
        implements SequentialModel<Long, RegisterModel.Input, RegisterModel.Output> {
    /** What is asked of it. */
    public enum Kind {
        READ,
        WRITE,
        COMPARE_AND_SET
    }

    /**
     * One request.
     *
     * @param expected what must be there for a COMPARE_AND_SET
     * @param value what is to be there after a WRITE or COMPARE_AND_SET
     */
    public record Input(Kind kind, long expected, long value) {
        /** Asks what is there. */
        public static Input read() {
            return new Input(Kind.READ, 0, 0);
        }

        /** Puts a value. */
        public static Input write(long value) {
            return new Input(Kind.WRITE, 0, value);
        }

        /** Puts a value if another one is there. */
        public static Input compareAndSet(long expected, long value) {
            return new Input(Kind.COMPARE_AND_SET, expected, value);
        }
    }

    /** One reply: what was there before. */
    public record Output(long before) {}

    @Override
    public Long initial() {
        return 0L;
    }

    @Override
    public Long apply(Long state, Input input) {
        return switch (input.kind) {
            case READ -> state;
            case WRITE -> input.value;
            case COMPARE_AND_SET -> state == input.expected ? Long.valueOf(input.value) : state;
        };
    }

    @Override
    public boolean isPossible(Long state, Input input, Output output) {
        // A plain write says nothing of what was there.
        return input.kind == Kind.WRITE || state == output.before;
    }
}
