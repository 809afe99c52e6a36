package io.paxoslog.client;

/** Hears that ways to and from members are gone. */
interface LineLosses {
    /** The stream by which a member answered is gone. */
    void responseImageLost(int image);

    /** All ways are gone at once: each member is sought anew by another one. */
    void linesLost();
}
