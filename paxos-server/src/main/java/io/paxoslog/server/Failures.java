package io.paxoslog.server;

import io.aeron.exceptions.AeronException;
import io.paxoslog.log.JournalException;

/** Puts into one line why a node ends. */
final class Failures {
    /** What the virtual machine throws where a signal would end another process. */
    private static final String MAPPED_FILE = "unsafe memory access";

    private Failures() {}

    /** Why a node ends that met this, as far as it is told by what it met. */
    static String cause(Throwable failure) {
        if (failure instanceof JournalException) {
            return failure.getMessage();
        }
        if (failure instanceof OutOfMemoryError) {
            return "out of memory (%s): give the process more, with -Xmx for the heap"
                    .formatted(String.valueOf(failure.getMessage()).replace('\n', ' '));
        }
        if (failure instanceof InternalError
                && String.valueOf(failure.getMessage()).contains(MAPPED_FILE)) {
            return "a mapped file could not be read or written: the disk or the memory that holds"
                    + " it"
                    + " is full or failing (%s)".formatted(inOneLine(failure));
        }
        if (failure instanceof AeronException) {
            return "the media driver failed: " + inOneLine(failure);
        }
        return "a rule of the node was broken: " + inOneLine(failure);
    }

    /** What it said, as far as that says something. */
    static String message(Throwable failure) {
        return failure instanceof Error || failure.getMessage() == null
                ? cause(failure)
                : failure.getMessage().replace('\n', ' ');
    }

    /** What it was, what it said, and where. */
    static String inOneLine(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        String where = trace.length == 0 ? "" : " at " + trace[0];
        return failure.toString().replace('\n', ' ') + where;
    }
}
