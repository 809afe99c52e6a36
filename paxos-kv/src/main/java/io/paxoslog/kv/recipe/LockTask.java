package io.paxoslog.kv.recipe;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Holds a lock while a command runs, or until it is to end. */
final class LockTask extends LineTask {
    /** What a shell says of a command that cannot be run. */
    private static final int NOT_RUN = 127;

    private static final int LOST = 1;
    private static final byte[] NOTHING = {};

    private final List<String> command;

    LockTask(String name, Duration ttl, List<String> command) {
        super("lock", name, NOTHING, ttl);
        this.command = command;
    }

    @Override
    int hold(KvSession session, Contender contender, Host host) {
        if (command.isEmpty()) {
            host.say(text(contender), json(contender));
            return holdUntilStopped(session, host);
        }
        host.warn(text(contender));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("LOCK_KEY", keyOf(contender));
        builder.environment().put("LOCK_TOKEN", Long.toString(contender.revision()));
        try {
            return await(builder.start(), session, host);
        } catch (IOException e) {
            host.warn(e.getMessage());
            return NOT_RUN;
        }
    }

    /** Asks it to end when it is to, or when somebody else may have the lock. */
    private static int await(Process process, KvSession session, Host host) {
        boolean isAsked = false;
        boolean isLost = false;
        try {
            while (!process.waitFor(LOOK.toMillis() / 10, TimeUnit.MILLISECONDS)) {
                if (!isLost && !session.isAlive()) {
                    isLost = true;
                    host.warn("the lock is lost; the command is asked to end");
                }
                if (!isAsked && (isLost || host.isStopping())) {
                    isAsked = true;
                    process.destroy();
                }
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
        return isLost ? LOST : process.exitValue();
    }
}
