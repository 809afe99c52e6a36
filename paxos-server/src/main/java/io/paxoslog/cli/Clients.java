package io.paxoslog.cli;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.ReplyListener;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Connects to clusters, and says the errors of clients the way the command line does. */
final class Clients {
    private Clients() {}

    /** Connects, or fails with one line and the exit code that belongs to it. */
    static PaxosClient connect(ClientConfig config, ReplyListener listener) {
        try {
            return PaxosClient.connect(config, listener);
        } catch (ClientException e) {
            throw failure(e, String.join(",", config.members()));
        }
    }

    /** A time-out given in seconds, in milliseconds. */
    static int toMs(String option, double seconds) {
        if (!(seconds > 0)) {
            throw CommandFailure.wrongUse(option + ": more than 0 seconds, not " + seconds);
        }
        double ms = Math.ceil(seconds * TimeUnit.SECONDS.toMillis(1));
        return (int) Math.min(ms, Integer.MAX_VALUE);
    }

    /** The usual settings with another time to find a leader. */
    static ClientConfig config(List<String> addresses, int timeoutMs) {
        try {
            ClientConfig config = ClientConfig.of(addresses);
            return config.withTimeouts(config.silenceMs(), config.resendMs(), timeoutMs);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUse(e.getMessage());
        }
    }

    /** The failure of a command whose client said what is wrong. */
    static CommandFailure failure(ClientException e, String about) {
        return failure(e.error(), about, e.getMessage());
    }

    /** The failure of a command that met an error about something. */
    static CommandFailure failure(ClientError error, String about) {
        return failure(error, about, error.advice());
    }

    private static CommandFailure failure(ClientError error, String about, String what) {
        String message = about + ": " + what;
        return switch (error) {
            case NO_LEADER, NO_ANSWER, TIMED_OUT, SESSION_EXPIRED, INTERRUPTED ->
                    CommandFailure.notInTime(message);
            default -> CommandFailure.failed(message);
        };
    }
}
