package io.paxoslog.client;

import java.util.function.Consumer;
import org.agrona.LangUtil;

/**
 * Where user code is called from within a client. What it throws goes to the error handler that was
 * set; without one it waits until the client is whole again, and then leaves the method that
 * polled.
 */
final class UserCode {
    private final Guard guard;
    private final Consumer<Throwable> errorHandler;

    /**
     * @param errorHandler null: there is none
     */
    UserCode(Guard guard, Consumer<Throwable> errorHandler) {
        this.guard = guard;
        this.errorHandler = errorHandler;
    }

    void begin() {
        guard.beforeUserCode();
    }

    void end() {
        guard.afterUserCode();
    }

    /** Between {@link #begin} and {@link #end}: what a listener threw. */
    void threw(Throwable thrown) {
        if (errorHandler == null) {
            throw new Failure(thrown);
        }
        try {
            errorHandler.accept(thrown);
        } catch (Throwable e) {
            throw new Failure(e);
        }
    }

    /** Tells what user code threw from what a client stumbled over itself. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure(Throwable thrown) {
            super(null, thrown, false, false);
        }

        /** Throws what user code threw, as it was. */
        void rethrow() {
            LangUtil.rethrowUnchecked(getCause());
        }
    }
}
