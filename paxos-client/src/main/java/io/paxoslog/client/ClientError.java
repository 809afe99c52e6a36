package io.paxoslog.client;

import io.paxoslog.codecs.client.FailureCode;

/** What can stand in the way of a command, and what to do then. */
public enum ClientError {
    /** As much is unanswered as the window holds. Poll until replies come, then offer again. */
    WINDOW_FULL(1, "the window is full: poll until replies come, then offer again"),

    /**
     * The command is larger than the cluster takes ({@code command-bytes} of its nodes), or than
     * {@link ClientConfig#windowBytes} holds. Nothing was sent; make it smaller, or these larger.
     */
    TOO_LARGE(
            2,
            "the command is larger than the cluster takes (its command-bytes), or than this"
                    + " client's windowBytes holds: make it smaller"),

    /**
     * No member said in time that it leads. Nothing was sent under a session; try again, and look
     * at the status of the nodes: more than half of them must be up.
     */
    NO_LEADER(3, "no leader answered in time: see that more than half of the nodes are up"),

    /**
     * No member that was given answers at all. Check the addresses, and that the nodes run. When
     * the message says that one hears this client, its answers do not find the way back: see {@link
     * ClientConfig#withAdvertisedPort}.
     */
    NO_ANSWER(4, "no member answered in time: check the addresses and that the nodes run"),

    /**
     * The cluster holds as many sessions as it may. Close clients that are not needed, then connect
     * again.
     */
    SESSION_REFUSED(5, "the cluster holds as many sessions as it may: close other clients first"),

    /** A node has as many clients as it may. Close some, or connect again later. */
    CLIENT_REFUSED(6, "a node has as many clients as it may: close some, or try later"),

    /** The nodes speak another version of the protocol. Use a client of their release. */
    WRONG_VERSION(
            7, "the nodes speak another version of the protocol: use a client of their release"),

    /**
     * The session is gone. What was unanswered may have taken effect or not: find out by reading
     * before sending any of it under a new session.
     */
    SESSION_EXPIRED(8, "the session is gone: what was unanswered may have taken effect or not"),

    /**
     * No reply came in time. The command stays in flight and may take effect, now or later; its
     * reply, if it comes, goes to the listener. Do not send it again as a new command: ask what
     * became of it, {@link PaxosOutcome}.
     */
    TIMED_OUT(9, "no reply came in time: the command may have taken effect or not"),

    /** This client was closed. Connect a new one. */
    CLOSED(10, "this client was closed: connect a new one"),

    /**
     * The thread was interrupted while it waited. A command that was sent stays in flight, as with
     * {@link #TIMED_OUT}; the client can be used on.
     */
    INTERRUPTED(11, "the thread was interrupted while it waited"),

    /**
     * None of the members given can read the next slot of a tail back from its disk. Give more
     * members, and look at the logs of these: they name the damaged file.
     */
    UNREADABLE(
            12,
            "no member given can read the next slot back from its disk: give more members, and see"
                    + " the logs of the nodes"),

    /**
     * There is no room for the buffers of streams, neither in /dev/shm nor in the directory for
     * temporary files; the message says how much there is and how much is needed.
     */
    NO_ROOM(13, "give more memory to share (a container: --shm-size), or room for temporary files"),

    /**
     * The state machine could not take the command, and operators had the log skip it. It took no
     * effect and never will; do not send it again.
     */
    SKIPPED(14, "the log skips the command: it took no effect, and must not be sent again"),

    /**
     * A leader is there, but its state machine could not take some command and stands still, and no
     * other node's goes on. Nothing was sent. The message names the slot; operators have to decide
     * about it.
     */
    HALTED(
            15,
            "an operator has to decide about it: see paxos skip and paxos retry, or restart the"
                    + " nodes with a state machine that can take the command, then retry"),

    /**
     * None of the members given has the next slot of a tail in its log any more: it is in their
     * snapshots only. {@link PaxosTail#firstKept} says where their logs begin.
     */
    COMPACTED(16, "no member given keeps that slot any more: begin at a later one"),

    /**
     * So many disks of the cluster are short of room that no new command can be chosen. The command
     * was not taken: it did not happen, and nothing was sent. Try again later; the cluster goes on
     * by itself once there is room, and what was in flight before is answered then.
     */
    DISK_FULL(
            17,
            "disks of the cluster are short of room: nothing was sent; make room on the nodes that"
                    + " status names, then offer again"),

    /**
     * A read was not answered within its time; the message says what it waited for last. It had no
     * effect: ask again, or in a mode that needs less, or with more time.
     */
    READ_TIMED_OUT(
            40,
            "the read was not answered in time and had no effect: ask again, or with more time"),

    /** The state machine of this cluster answers no queries. Send a command that replies. */
    NO_QUERIES(41, "the state machine answers no queries: its nodes need one that does"),

    /**
     * The state machine threw at this query, and goes on; the message holds what it threw. Asked
     * again it will most likely do so again: look at the query.
     */
    QUERY_FAILED(42, "the state machine could not answer this query: look at the query"),

    /**
     * The node holds as many reads as it may. Nothing was asked: read less at a time, or from other
     * nodes, and ask again.
     */
    READS_FULL(43, "the node holds as many reads as it may: read less at a time, ask again later"),

    /** The nodes do not read in that mode; the message says why. Take another one. */
    READ_NOT_OFFERED(44, "this cluster does not read that way: take another mode"),

    /**
     * The members given are of another cluster than the one whose slots were asked for: it was made
     * anew, by restore or recover, and its history need not be the one that was read. Begin with
     * the first slot kept.
     */
    OTHER_CLUSTER(
            80,
            "the members are of another cluster than the position: begin with the first slot that"
                    + " they keep"),

    /**
     * Where this client is to listen for answers it cannot: the message names the place. Another
     * client has it, or it is none of this machine.
     */
    PORT_TAKEN(
            60,
            "answers cannot be heard there: another client has that port, or the address is none of"
                    + " this machine");

    private static final ClientError[] ALL = values();

    private final int code;
    private final String advice;

    ClientError(int code, String advice) {
        this.code = code;
        this.advice = advice;
    }

    /** Why a node does not serve somebody who reads its log. */
    static ClientError refusal(FailureCode code) {
        return code == FailureCode.WRONG_VERSION ? WRONG_VERSION : CLIENT_REFUSED;
    }

    /** What happened and what to do, in one line. */
    public String advice() {
        return advice;
    }

    /** The negative number by which {@link PaxosClient#offer} reports this error. */
    long asResult() {
        return -code;
    }

    /**
     * The error behind a result of {@link PaxosClient#offer}.
     *
     * @param offerResult a negative result
     * @throws IllegalArgumentException when it is a sequence
     */
    public static ClientError of(long offerResult) {
        for (ClientError error : ALL) {
            if (error.asResult() == offerResult) {
                return error;
            }
        }
        throw new IllegalArgumentException("no error: " + offerResult);
    }
}
