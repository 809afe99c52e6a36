package io.paxoslog.testkit.sim;

import io.paxoslog.service.CommandApplier;
import io.paxoslog.service.SessionLimits;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.agrona.LangUtil;

/**
 * Feeds a whole log to a fresh machine once more: a moment later, on another thread, in another
 * time zone and locale. A machine that follows from its entries alone cannot tell.
 */
final class Elsewhere {
    private static final String NAME = "a replay in another thread, time zone and locale";
    private static final int LATER_MS = 3;

    private Elsewhere() {}

    static void replay(
            List<BatchCopy> log,
            Application application,
            SessionLimits limits,
            Reference reference) {
        long until = System.currentTimeMillis() + LATER_MS;
        while (System.currentTimeMillis() < until) {
            Thread.onSpinWait();
        }
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        Throwable[] failure = new Throwable[1];
        Thread thread = new Thread(() -> apply(log, application, limits, reference), "elsewhere");
        thread.setUncaughtExceptionHandler((t, thrown) -> failure[0] = thrown);
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Chatham"));
            thread.start();
            join(thread);
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
        if (failure[0] instanceof Error error) {
            throw error;
        }
        if (failure[0] instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private static void apply(
            List<BatchCopy> log,
            Application application,
            SessionLimits limits,
            Reference reference) {
        CommandApplier applier =
                new CommandApplier(new WatchedMachine(NAME, application, reference), limits);
        log.forEach(batch -> applier.committed(batch.view()));
        if (applier.halt() != null) {
            LangUtil.rethrowUnchecked(applier.halt().cause());
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
