package io.paxoslog.log;

import net.openhft.posix.PosixAPI;
import org.agrona.SystemUtil;

/**
 * Advice to the operating system about mapped pages. Only ever a matter of speed: a kernel that
 * does not know a piece of advice goes on without.
 */
final class Pages {
    /** The smallest piece of memory that is written and forced by itself. */
    static final int BYTES = 4 << 10;

    private static final int DONT_NEED = 4;

    /** From Linux 5.14 on. */
    private static final int POPULATE_READ = 22;

    /** From Linux 5.14 on. */
    private static final int POPULATE_WRITE = 23;

    /** From Linux 5.4 on. */
    private static final int PAGEOUT = 21;

    private Pages() {}

    /** Lets pages be written to without a fault. Changes no byte. */
    static void makeWritable(long address, int bytes) {
        advise(address, bytes, POPULATE_WRITE);
    }

    /**
     * Takes pages out of this process's view, which sees them again when it looks; they stay in
     * memory, changed as they are. Forcing a page that a process sees makes every core on which it
     * runs forget the page first, each page by itself; here they forget all at once.
     */
    static void unmap(long address, int bytes) {
        advise(address, bytes, DONT_NEED);
    }

    /**
     * Lets memory go that holds nothing but what the disk holds too. Only pages in view can be let
     * go, so they are brought there first.
     */
    static void drop(long address, int bytes) {
        advise(address, bytes, POPULATE_READ);
        advise(address, bytes, PAGEOUT);
    }

    private static void advise(long address, int bytes, int advice) {
        if (SystemUtil.isLinux()) {
            PosixAPI.posix().madvise(address, bytes, advice);
        }
    }
}
