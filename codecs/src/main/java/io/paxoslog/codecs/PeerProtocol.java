package io.paxoslog.codecs;

/** What nodes must agree on and a schema cannot say. */
public final class PeerProtocol {
    private static final int BITS_THAT_ADD = 8;

    private PeerProtocol() {}

    /**
     * Whether a frame of one version of {@code peer.xml} can be heard by who knows another.
     * Versions that differ in their lowest eight bits alone only add to one another: fields behind
     * those that were there, and messages that were not. Another number above these says that what
     * was there means something else.
     */
    public static boolean areCompatible(int version, int known) {
        return version >>> BITS_THAT_ADD == known >>> BITS_THAT_ADD;
    }
}
