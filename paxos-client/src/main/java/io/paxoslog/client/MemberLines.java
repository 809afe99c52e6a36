package io.paxoslog.client;

/** Opens the ways between a client and members. */
public interface MemberLines {
    /**
     * HOST:PORT where a member is to answer; the host is a number. Asked for whenever a way was
     * opened, once it is: where the member is may be known by now.
     */
    String responseEndpoint(String member);

    /**
     * Begins to open a way to a member; it tells itself when it is there, and that it is broken
     * when nobody knows where the member is.
     *
     * @param largestMessageBytes what it should be able to carry, as far as anything can
     */
    MemberLine connect(String member, int largestMessageBytes);
}
