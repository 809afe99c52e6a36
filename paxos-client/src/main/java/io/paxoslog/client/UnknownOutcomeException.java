package io.paxoslog.client;

/**
 * A command was sent, and nobody said what became of it: it may have taken effect, may never do so,
 * or may still. Never send it again as a new command; ask {@link PaxosOutcome} with {@link #token}
 * instead. {@link #error} says why no answer came.
 */
public final class UnknownOutcomeException extends ClientException {
    private static final long serialVersionUID = 1L;

    UnknownOutcomeException(ClientError error, OutcomeToken token) {
        this(error, null, token);
    }

    UnknownOutcomeException(ClientError error, String about, OutcomeToken token) {
        super(error, about, token);
    }

    @Override
    UnknownOutcomeException from(Throwable cause) {
        UnknownOutcomeException same = new UnknownOutcomeException(error(), about(), token());
        same.initCause(cause);
        return same;
    }
}
