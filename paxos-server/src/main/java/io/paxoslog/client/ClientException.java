package io.paxoslog.client;

/** A {@link ClientError} met by a call that cannot return one; the message says what to do. */
public final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ClientError error;

    ClientException(ClientError error) {
        super(error.advice());
        this.error = error;
    }

    ClientException(ClientError error, String about) {
        super(about + ": " + error.advice());
        this.error = error;
    }

    /** What stood in the way. */
    public ClientError error() {
        return error;
    }
}
