package io.paxoslog.kv.recipe;

import io.paxoslog.cli.Json;
import io.paxoslog.cli.ShellTask;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.SharedClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Stands in line from the command line, and holds what it gets until it is done. */
abstract class LineTask implements ShellTask {
    /** So often it is looked whether it is to end. */
    static final Duration LOOK = Duration.ofSeconds(1);

    private static final int FAILED = 1;

    private final String op;
    private final String name;
    private final byte[] value;
    private final Duration ttl;

    LineTask(String op, String name, byte[] value, Duration ttl) {
        this.op = op;
        this.name = name;
        this.value = value;
        this.ttl = ttl;
    }

    @Override
    public final int run(SharedClient client, Host host) {
        try (KvSession session = KvSession.open(client, ttl)) {
            Contender contender = new Contender(session, name);
            if (!awaitTurn(client, contender, host)) {
                host.warn("stopped before its turn came");
                return FAILED;
            }
            return hold(session, contender, host);
        } catch (KvLostException e) {
            host.warn(e.getMessage());
            return FAILED;
        }
    }

    /** Whatever gets no answer meanwhile, its lease says when it is over. */
    private boolean awaitTurn(SharedClient client, Contender contender, Host host) {
        while (!host.isStopping()) {
            try {
                if (contender.revision() == 0) {
                    contender.join(value);
                }
                if (contender.awaitTurn(LOOK)) {
                    return true;
                }
            } catch (ClientException e) {
                if (client.endedBy() != null) {
                    throw e;
                }
            }
        }
        return false;
    }

    /** Holds it; what is tied to the session's lease goes with it. */
    abstract int hold(KvSession session, Contender contender, Host host);

    /** Waits until it is to end. */
    static int holdUntilStopped(KvSession session, Host host) {
        while (!host.isStopping()) {
            if (!session.isAlive()) {
                throw new KvLostException("lease " + session.lease() + " is lost");
            }
            pause();
        }
        return 0;
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK.toMillis() / 10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String keyOf(Contender contender) {
        return new String(contender.key(), StandardCharsets.UTF_8);
    }

    static String text(Contender contender) {
        return "key %s, token %d".formatted(keyOf(contender), contender.revision());
    }

    final Json json(Contender contender) {
        return new Json()
                .put("op", op)
                .put("key", keyOf(contender))
                .put("ok", true)
                .put("token", contender.revision());
    }
}
