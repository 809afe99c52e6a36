package io.paxoslog.gateway;

import io.paxoslog.media.DatagramSize;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.concurrent.NanoClock;

/**
 * How large datagrams to the hosts of clients may be. A client comes again by another link when one
 * is stuck; what was learned of the way to it must be known then. Used by one thread.
 */
final class ClientWays {
    private static final int MOST_HOSTS = 1024;

    private final NanoClock clock;
    private final Map<String, DatagramSize> sizes =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, DatagramSize> eldest) {
                    return size() > MOST_HOSTS;
                }
            };

    /**
     * @param clock monotonic
     */
    ClientWays(NanoClock clock) {
        this.clock = clock;
    }

    /** What is known of the way to where a client listens, HOST:PORT. */
    DatagramSize to(String endpoint) {
        String host = endpoint.substring(0, endpoint.lastIndexOf(':'));
        return sizes.computeIfAbsent(host, any -> new DatagramSize(clock));
    }
}
