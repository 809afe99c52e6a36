package io.paxoslog.client;

/** A {@link ClientError} met by a call that cannot return one; the message says what to do. */
public final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ClientError error;
    private final transient OutcomeToken token;

    ClientException(ClientError error) {
        this(error, (OutcomeToken) null);
    }

    ClientException(ClientError error, OutcomeToken token) {
        super(error.advice());
        this.error = error;
        this.token = token;
    }

    ClientException(ClientError error, String about) {
        this(error, about, null);
    }

    ClientException(ClientError error, String about, OutcomeToken token) {
        super(about + ": " + error.advice());
        this.error = error;
        this.token = token;
    }

    /**
     * By what {@link PaxosOutcome#ask} tells later what became of the command; null when nothing of
     * it was sent under a session. Not kept when this exception is serialized.
     */
    public OutcomeToken token() {
        return token;
    }

    /** What stood in the way. */
    public ClientError error() {
        return error;
    }
}
