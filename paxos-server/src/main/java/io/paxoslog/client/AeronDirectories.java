package io.paxoslog.client;

import java.io.File;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.IoUtil;
import org.agrona.SystemUtil;

/**
 * The directories in which the embedded drivers of clients keep their buffers: one for each client,
 * named after its process, so that those of dead processes can be told and cleaned up.
 */
final class AeronDirectories {
    private static final String PREFIX = "paxoslog-client-";
    private static final AtomicInteger NEXT = new AtomicInteger();

    private AeronDirectories() {}

    /** Memory-backed where the system has such a place. */
    private static File parent() {
        File memory = new File("/dev/shm");
        return memory.canWrite() ? memory : new File(SystemUtil.tmpDirName());
    }

    /** A name that no living client has. */
    static String next() {
        long process = ProcessHandle.current().pid();
        return new File(parent(), PREFIX + process + "-" + NEXT.incrementAndGet()).getPath();
    }

    /** Removes what clients left behind whose processes are dead. */
    static void cleanUp() {
        cleanUp(parent());
    }

    static void cleanUp(File parent) {
        File[] found = parent.listFiles((dir, name) -> name.startsWith(PREFIX));
        if (found == null) {
            return;
        }
        for (File directory : found) {
            if (isOfDeadProcess(directory.getName())) {
                IoUtil.delete(directory, true);
            }
        }
    }

    private static boolean isOfDeadProcess(String name) {
        String numbers = name.substring(PREFIX.length());
        int dash = numbers.indexOf('-');
        try {
            long process = Long.parseLong(numbers.substring(0, Math.max(dash, 0)));
            return ProcessHandle.of(process).isEmpty();
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
