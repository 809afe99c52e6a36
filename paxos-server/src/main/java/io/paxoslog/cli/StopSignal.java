package io.paxoslog.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command end in its own way when the process is told to stop (SIGINT, SIGTERM): the JVM
 * waits for the command and then exits with the command's exit code.
 *
 * <p>Commands ask {@link #isRaised()} or wait for {@link #await}; may be asked by any thread.
 */
final class StopSignal {
    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch raised = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile int exitCode = CommandFailure.FAILED;
    private volatile boolean exits;
    private volatile boolean isSignal;

    /** Listens for signals from now on. */
    void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::raiseAndWait, "stop-signal"));
    }

    private void raiseAndWait() {
        if (exits) {
            return;
        }
        isSignal = true;
        // Threads of libraries that were about to start fail from here on, which concerns nobody.
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {});
        raised.countDown();
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("paxos: did not stop within " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.out.flush();
        // A JVM that a signal stops exits with 128 + signal; the command has a code of its own.
        Runtime.getRuntime().halt(exitCode);
    }

    /** Exits the JVM with the code of a command that has ended. */
    void exit(int code) {
        exitCode = code;
        exits = !isSignal;
        ended.countDown();
        System.exit(code);
    }

    boolean isRaised() {
        return raised.getCount() == 0;
    }

    /** Tells the command to stop, as a signal would; the process goes on when it has. */
    void raise() {
        raised.countDown();
    }

    /** Waits until the command is to stop. */
    void await() throws InterruptedException {
        raised.await();
    }
}
