package io.paxoslog.core.planted;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs one JUnit test method, named {@code package.Class#method}. That it found a port taken shows
 * nothing, neither that a bug is found nor that it survives: it is run again. That it does not come
 * to an end shows that it does not pass.
 *
 * <p>A test runs on a thread of its own. A thread of JUnit's pool that waited for one would take
 * other bugs meanwhile, with the locks of this one in its hands, and two of them could wait for one
 * another for ever.
 */
final class TestKiller implements Killer {
    private static final int ATTEMPTS = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String PORT_TAKEN = "Address already in use";
    private static final String PROJECT = "io.paxoslog.";

    @Override
    public String run(ClassLoader classes, String method) {
        FutureTask<String> verdict = new FutureTask<>(() -> verdict(classes, method));
        Thread thread = new Thread(verdict, "test " + method);
        thread.setDaemon(true);
        thread.setContextClassLoader(classes);
        thread.start();
        try {
            thread.join(PATIENCE.toMillis());
            return verdict.isDone() ? verdict.get() : neverEnds(method);
        } catch (ExecutionException e) {
            throw new IllegalStateException(method + " could not be run", e.getCause());
        } catch (InterruptedException e) {
            thread.interrupt();
            throw new IllegalStateException("interrupted beside " + method, e);
        }
    }

    /** Prints where the project's threads stand. */
    private static String neverEnds(String method) {
        String how = "does not end within " + PATIENCE.toMinutes() + " minutes";
        System.out.println(method + " " + how);
        for (Map.Entry<Thread, StackTraceElement[]> stack : Thread.getAllStackTraces().entrySet()) {
            String frames = Arrays.toString(stack.getValue());
            if (frames.contains(PROJECT)) {
                System.out.println(stack.getKey() + ": " + frames.replace(", ", "\n    "));
            }
        }
        return how;
    }

    private static String verdict(ClassLoader classes, String method) {
        String verdict = PORT_TAKEN;
        for (int i = 0; i < ATTEMPTS && verdict.contains(PORT_TAKEN); i++) {
            verdict = verdict(method, play(classes, method));
        }
        if (verdict.contains(PORT_TAKEN)) {
            throw new IllegalStateException(
                    method + " found its ports taken " + ATTEMPTS + " times: " + verdict);
        }
        return verdict;
    }

    private static TestExecutionSummary play(ClassLoader classes, String method) {
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(DiscoverySelectors.selectMethod(classes, method))
                        .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        return listener.getSummary();
    }

    private static String verdict(String method, TestExecutionSummary summary) {
        if (summary.getTestsFoundCount() == 0) {
            throw new IllegalStateException("there is no test " + method);
        }
        return summary.getTotalFailureCount() == 0
                ? FOUND_NOTHING
                : firstLine(summary.getFailures().get(0).getException());
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure).lines().findFirst().orElse("");
    }
}
