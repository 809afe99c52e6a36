package io.paxoslog.core.planted;

import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs one JUnit test method, named {@code package.Class#method}. That it found a port taken shows
 * nothing, neither that a bug is found nor that it survives: it is run again.
 */
final class TestKiller implements Killer {
    private static final int ATTEMPTS = 5;
    private static final String PORT_TAKEN = "Address already in use";

    @Override
    public String run(ClassLoader classes, String method) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(classes);
        try {
            String verdict = PORT_TAKEN;
            for (int i = 0; i < ATTEMPTS && verdict.contains(PORT_TAKEN); i++) {
                verdict = verdict(method, play(classes, method));
            }
            if (verdict.contains(PORT_TAKEN)) {
                throw new IllegalStateException(
                        method + " found its ports taken " + ATTEMPTS + " times: " + verdict);
            }
            return verdict;
        } finally {
            thread.setContextClassLoader(before);
        }
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
