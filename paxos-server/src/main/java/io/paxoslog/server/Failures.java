package io.paxoslog.server;

/** Puts into one line what only a developer can repair. */
final class Failures {
    private Failures() {}

    /** What it was, what it said, and where. */
    static String inOneLine(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        String where = trace.length == 0 ? "" : " at " + trace[0];
        return failure.toString().replace('\n', ' ') + where;
    }
}
