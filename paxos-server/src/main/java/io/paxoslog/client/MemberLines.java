package io.paxoslog.client;

/** Opens the ways between a client and members. */
public interface MemberLines {
    /** HOST:PORT where a member is to answer; the host is a number. */
    String responseEndpoint(String member);

    /** Begins to open a way to a member; it tells itself when it is there. */
    MemberLine connect(String member);
}
