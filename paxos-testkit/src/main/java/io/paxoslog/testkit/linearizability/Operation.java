package io.paxoslog.testkit.linearizability;

/**
 * One operation as its client saw it.
 *
 * @param input what was asked for
 * @param output what came back; null when nothing did
 * @param invoked when it was asked for; any clock that all clients share
 * @param returned when the output came; {@link #NEVER} when the client does not know what became of
 *     it: it may have taken effect at any time after it was asked for, or never
 */
public record Operation<I, O>(I input, O output, long invoked, long returned) {
    /** The client has no reply and waits for none. */
    public static final long NEVER = Long.MAX_VALUE;

    /**
     * Checks the times.
     *
     * @throws IllegalArgumentException when it returned before it was invoked, or has an output but
     *     no time of return, or the other way round
     */
    public Operation {
        if (returned < invoked) {
            throw new IllegalArgumentException("returned " + returned + " before " + invoked);
        }
        if ((returned == NEVER) != (output == null)) {
            throw new IllegalArgumentException("an output belongs to each time of return");
        }
    }

    /** An operation whose client knows no outcome. */
    public static <I, O> Operation<I, O> unknown(I input, long invoked) {
        return new Operation<>(input, null, invoked, NEVER);
    }

    boolean isUnknown() {
        return returned == NEVER;
    }
}
