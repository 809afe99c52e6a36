package io.paxoslog.client;

/**
 * A {@link ClientError} met by a call that cannot return one; the message says what to do. For a
 * command it is a {@link RefusedException}, when it did not happen, or an {@link
 * UnknownOutcomeException}, when nobody knows.
 */
public class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ClientError error;
    private final String about;
    private final transient OutcomeToken token;

    ClientException(ClientError error) {
        this(error, null, null);
    }

    ClientException(ClientError error, String about) {
        this(error, about, null);
    }

    /**
     * @param about what is known besides; null: nothing
     */
    ClientException(ClientError error, String about, OutcomeToken token) {
        super(about == null ? error.advice() : about + ": " + error.advice());
        this.error = error;
        this.about = about;
        this.token = token;
    }

    /** COMPACTED, of a slot, where the logs of members begin with a later one. */
    static ClientException compacted(long slot, long firstKept) {
        return new ClientException(
                ClientError.COMPACTED,
                "slot %d is no longer kept; the first kept slot is %d".formatted(slot, firstKept));
    }

    /** The same, thrown by another thread than the one that met it. */
    ClientException from(Throwable cause) {
        ClientException same = new ClientException(error, about, token);
        same.initCause(cause);
        return same;
    }

    /**
     * By what {@link PaxosOutcome#ask} tells later what became of the command; null when nothing of
     * it was sent under a session. Not kept when this exception is serialized.
     */
    public final OutcomeToken token() {
        return token;
    }

    /** What stood in the way. */
    public final ClientError error() {
        return error;
    }

    final String about() {
        return about;
    }
}
