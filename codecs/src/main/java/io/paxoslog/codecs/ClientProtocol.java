package io.paxoslog.codecs;

/** What client and node must agree on and a schema cannot say. */
public final class ClientProtocol {
    /**
     * Version of the rules by which the messages are used; a node refuses a client that speaks
     * another. 2: sessions are known by a secret.
     */
    public static final int VERSION = 2;

    /** Aeron stream of what clients say, at the ingress port of a node. */
    public static final int INGRESS_STREAM = 10;

    /** Aeron stream of what nodes answer, at the port a client named in its Hello. */
    public static final int RESPONSE_STREAM = 11;

    /** Distance from the port of a node, which is the one its peers use, to its client ingress. */
    public static final int INGRESS_PORT_OFFSET = 1;

    /**
     * A client that has taken events of so many bytes says so at once, else with its next sign of
     * life: a part of what nodes keep for a session.
     */
    public static final int TAKEN_EVENT_BYTES = 128 * 1024;

    private ClientProtocol() {}
}
