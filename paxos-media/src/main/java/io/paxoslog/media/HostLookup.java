package io.paxoslog.media;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Asks who has a name. May take as long as it likes; any thread, several at once. */
@FunctionalInterface
public interface HostLookup {
    /** The operating system's. */
    HostLookup SYSTEM = InetAddress::getByName;

    /**
     * Finds the address of a host.
     *
     * @throws UnknownHostException when nobody has the name now
     */
    InetAddress find(String host) throws UnknownHostException;
}
