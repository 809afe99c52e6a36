package io.paxoslog.client;

/**
 * What was asked for did not happen and never will: nothing of it took effect. It may be asked for
 * again, as {@link #error} advises; {@link ClientError#SKIPPED} alone must not.
 */
public final class RefusedException extends ClientException {
    private static final long serialVersionUID = 1L;

    RefusedException(ClientError error) {
        super(error);
    }

    RefusedException(ClientError error, String about) {
        super(error, about);
    }

    @Override
    RefusedException from(Throwable cause) {
        RefusedException same = new RefusedException(error(), about());
        same.initCause(cause);
        return same;
    }
}
