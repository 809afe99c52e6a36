package io.paxoslog.cli;

/** One line that was read: what is sent for it, and how its answer is said. */
public interface ShellRequest {
    /** Whether it changes nothing, and is asked rather than appended. */
    boolean isRead();

    /** What is asked or appended next. */
    byte[] bytes();

    /**
     * Takes what came back.
     *
     * @return null: there is more to be asked
     */
    Outcome take(long slot, byte[] reply);

    /** Puts what was asked for in front of an answer. */
    void describe(Json json);

    /** Puts what came of it, once it was done, behind what was asked for. */
    void answer(Json json);

    /** What came of it, once it was done, for people. */
    String text();

    /**
     * What the state machine said.
     *
     * @param error null: it was done
     * @param message one line on it
     */
    record Outcome(String error, String message) {
        /** It was done. */
        public static final Outcome DONE = new Outcome(null, "");

        boolean isDone() {
            return error == null;
        }
    }
}
