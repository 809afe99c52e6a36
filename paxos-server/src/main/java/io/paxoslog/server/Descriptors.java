package io.paxoslog.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;

/**
 * Whether the operating system lets this process have as many files and sockets open as a node
 * needs. One that runs out of them hears nobody who is new, and cannot even say why.
 */
final class Descriptors {
    /** Files of the journal, the lock, the directory of buffers, and what sockets are waited by. */
    private static final int OWN = 18;

    /** Both ports, and a socket towards each member. */
    private static final int PORTS = Member.PORTS;

    /** What is open for a moment: new files and streams, names that are looked up, classes. */
    private static final int SPARE = 16;

    private Descriptors() {}

    /**
     * Looks at this process.
     *
     * @param warning told when not all clients that are allowed have room
     * @throws StartException when not even one has
     */
    static void require(NodeConfig config, Consumer<String> warning) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os) {
            int members = config.members().size() + config.join().size();
            require(
                    os.getMaxFileDescriptorCount(),
                    os.getOpenFileDescriptorCount() + OWN + PORTS + members + SPARE,
                    config.get(Settings.CLIENTS),
                    warning);
        }
    }

    /**
     * The rule by itself.
     *
     * @param limit descriptors that this process may have
     * @param needed those it needs without any client
     * @param clients clients that the settings allow, each of which takes one
     */
    static void require(long limit, long needed, int clients, Consumer<String> warning) {
        long room = limit - needed;
        if (room < 1) {
            throw new StartException(
                    StartException.Reason.LIMIT,
                    "this process may have %d files and sockets open, and a node needs %d and one more for each client: raise the limit, as with ulimit -n %d"
                            .formatted(limit, needed, needed + clients),
                    null);
        }
        if (room < clients) {
            warning.accept(
                    "warning: clients is %d, and there is room for %d: this process may have %d files and sockets open; raise the limit, as with ulimit -n %d"
                            .formatted(clients, room, limit, needed + clients));
        }
    }
}
