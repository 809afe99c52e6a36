package io.paxoslog.testkit.disk;

/** The machine lost power in the middle of a call: the process is gone, whatever it would catch. */
public final class PowerLost extends Error {
    private static final long serialVersionUID = 1L;

    PowerLost(String what) {
        super(what, null, false, false);
    }
}
