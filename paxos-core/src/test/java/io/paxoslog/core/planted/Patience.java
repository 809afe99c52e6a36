package io.paxoslog.core.planted;

/**
 * How long a test waits for what must come in the end. Where a bug is planted what never comes is
 * waited for in vain, and a test need not be as patient as on a busy machine.
 */
public final class Patience {
    private static final int MS = 60_000;
    private static final int SHORT_MS = 4_000;

    private static volatile int ms = MS;

    private Patience() {}

    /** Milliseconds; the same for all tests of one class loader. */
    public static int ms() {
        return ms;
    }

    /** From now on tests of this class loader are less patient. */
    public static void beShort() {
        ms = SHORT_MS;
    }
}
