package io.paxoslog.core.planted;

import java.util.concurrent.Callable;

/**
 * How long a test waits for what must come in the end. Where a bug is planted what never comes is
 * waited for in vain, and a test need not be as patient as on a busy machine.
 */
public final class Patience {
    private static final String SHORT = "planted.patience.short";
    private static final int MS = 60_000;
    private static final int SHORT_MS = 15_000;

    private Patience() {}

    /** Milliseconds; the same for all tests of one class loader. */
    public static int ms() {
        return Boolean.getBoolean(SHORT) ? SHORT_MS : MS;
    }

    /** Does something in which tests that are loaded anew are less patient. */
    static <T> T whileShort(Callable<T> what) throws ReflectiveOperationException {
        System.setProperty(SHORT, "true");
        try {
            return what.call();
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            System.clearProperty(SHORT);
        }
    }
}
