package io.paxoslog.transport;

import org.agrona.concurrent.status.AtomicCounter;

/**
 * What the transport counts.
 *
 * @param framesRefused frames that were no messages
 * @param framesNotAdmitted frames whose sender is not to be heard
 * @param framesDropped messages that a listener never heard: it was gone, or too slow
 */
public record PeerCounters(
        AtomicCounter framesRefused,
        AtomicCounter framesNotAdmitted,
        AtomicCounter framesDropped) {}
