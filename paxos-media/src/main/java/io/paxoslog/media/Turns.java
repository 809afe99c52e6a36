package io.paxoslog.media;

import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.AgentTerminationException;

/**
 * Gives an agent its turns on a thread that is somebody else's. An invoker by itself ends its agent
 * for good when that thread is interrupted; here an interrupt is its owner's business.
 */
record Turns(AgentInvoker invoker, ErrorHandler errors) {
    /** Null for an agent with a thread of its own, which has no invoker. */
    static Turns of(AgentInvoker invoker, ErrorHandler errors) {
        return invoker == null ? null : new Turns(invoker, errors);
    }

    int invoke() {
        if (hasEnded()) {
            return 0;
        }
        try {
            return invoker.agent().doWork();
        } catch (AgentTerminationException e) {
            invoker.close();
            errors.onError(e);
        } catch (Exception e) {
            errors.onError(e);
        } catch (Error e) {
            errors.onError(e);
            throw e;
        }
        return 0;
    }

    boolean hasEnded() {
        return !invoker.isRunning();
    }
}
