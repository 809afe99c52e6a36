package io.paxoslog.bench.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What the processes of a run say to each other. */
final class Words {
    /** A node takes part. */
    static final String READY = "ready";

    /** The measured part of a load begins. */
    static final String BEGIN = "begin";

    /** What the client measured since the sample before, as JSON. */
    static final String SAMPLE = "sample";

    /** The node at this place leads, and is to be killed. */
    static final String KILL = "kill";

    /** The measured part ends. */
    static final String END = "end";

    /** What the client measured, as JSON. */
    static final String RESULT = "result";

    private Words() {}

    /** Tells the parent of this process. */
    static void say(String word) {
        System.out.println(ChildProcess.MARK + word);
    }

    /** Waits until the parent lets go of this process. */
    static void awaitLeave(InputStream in) {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // The pipe broke: the parent is gone.
            return;
        }
    }
}
