package io.paxoslog.client;

import org.agrona.DirectBuffer;

/** One member as a client knows it: the way there, and what it said of itself. */
final class MemberLink {
    static final long NEVER = Long.MIN_VALUE / 2;

    /** A member that has too much to do is not to have more of it. */
    static final int MOST_DOUBLINGS = 4;

    final String address;
    private final MemberLines lines;
    private String responseEndpoint;
    private MemberLine publication;
    private long link;
    private long openedMs = NEVER;
    private long lastHeardMs = NEVER;
    private long lastHelloMs = NEVER;
    private int responseImage;
    private int unanswered;

    private boolean isWelcomed;
    private long connection;
    private int node;
    private int leader;
    private String leaderAddress = "";
    private long ballot;
    private boolean takesCommands;
    private long haltedAt;
    private boolean lacksRoom;
    private int schemaVersion;

    MemberLink(String address, MemberLines lines) {
        this.address = address;
        this.lines = lines;
    }

    /** Opens a fresh way under a new link id; what the old one still carries means nothing now. */
    void open(long newLink, long nowMs, int largestMessageBytes) {
        close();
        link = newLink;
        openedMs = nowMs;
        lastHelloMs = NEVER;
        unanswered = 0;
        publication = lines.connect(address, largestMessageBytes);
        responseEndpoint = null;
        forget();
    }

    private void forget() {
        isWelcomed = false;
        takesCommands = false;
        connection = 0;
        leader = 0;
    }

    /** The way back broke: under a new link id the member opens another one. */
    void renew(long newLink) {
        link = newLink;
        lastHelloMs = NEVER;
        forget();
    }

    /** Which version of the schema it answers in. */
    void speaks(int version) {
        schemaVersion = version;
    }

    int schemaVersion() {
        return schemaVersion;
    }

    /** Counts as broken from now on, until it is opened again. */
    void refuse(long nowMs) {
        close();
        openedMs = nowMs;
        forget();
    }

    /** Whether a way to it was ever opened. */
    boolean wasOpened() {
        return openedMs != NEVER;
    }

    boolean isBroken() {
        return publication == null || publication.isBroken();
    }

    /** Whether the member takes what is sent and was not heard itself by this way. */
    boolean isHeardUnanswered() {
        return !isWelcomed && publication != null && publication.isHeard();
    }

    /** Whether the member is in this process, as long as that is the way to it. */
    boolean isNear() {
        return publication != null && publication.isNear();
    }

    boolean isOpen() {
        return publication != null && publication.isOpen();
    }

    /** Notes what a member said; true when it is another connection than before. */
    boolean welcome(long newConnection, int newNode, int newLeader, long newBallot, boolean takes) {
        boolean isNew = connection != newConnection;
        isWelcomed = true;
        connection = newConnection;
        node = newNode;
        leader = newLeader;
        ballot = newBallot;
        takesCommands = takes;
        return isNew;
    }

    void heard(long nowMs, int image) {
        lastHeardMs = nowMs;
        unanswered = 0;
        responseImage = image;
    }

    /** For so long it may have spoken. */
    void wasNotListenedTo(long ms) {
        lastHeardMs += ms;
    }

    void helloSent(long nowMs) {
        lastHelloMs = nowMs;
        unanswered++;
    }

    /** Pause before the next Hello: twice as long with each in a row that was not answered. */
    int patienceMs(int firstMs) {
        return firstMs << Math.min(MOST_DOUBLINGS, Math.max(0, unanswered - 1));
    }

    boolean send(DirectBuffer message, int length) {
        return publication != null && publication.send(message, length);
    }

    boolean send(DirectBuffer head, int headLength, DirectBuffer body, int offset, int length) {
        return publication != null && publication.send(head, headLength, body, offset, length);
    }

    int fragmentBytes() {
        return publication.fragmentBytes();
    }

    /** Whether this way, if there is one, can carry a message of such a size. */
    boolean carries(int messageBytes) {
        return publication == null || publication.maxMessageBytes() >= messageBytes;
    }

    void redirected() {
        takesCommands = false;
    }

    long link() {
        return link;
    }

    int responseImage() {
        return responseImage;
    }

    /** Asked for once the way is open: before, there may be no place to answer to yet. */
    String responseEndpoint() {
        if (responseEndpoint == null) {
            responseEndpoint = lines.responseEndpoint(address);
        }
        return responseEndpoint;
    }

    long openedMs() {
        return openedMs;
    }

    long lastHeardMs() {
        return lastHeardMs;
    }

    long lastHelloMs() {
        return lastHelloMs;
    }

    boolean isWelcomed() {
        return isWelcomed;
    }

    int node() {
        return node;
    }

    int leader() {
        return leader;
    }

    /** The member said where the leader is found; empty while it knows none. */
    void leaderIsAt(String itsAddress) {
        leaderAddress = itsAddress;
    }

    /** Where this member finds the leader, which is another one; empty when it said no such. */
    String otherLeaderAddress() {
        return isWelcomed && leader != 0 && leader != node ? leaderAddress : "";
    }

    /** Whether it says that it leads, also if it takes no commands. */
    boolean leads() {
        return isWelcomed && leader == node;
    }

    long ballot() {
        return ballot;
    }

    /** The member said where its state machine stands still; 0: it goes on. */
    void haltedAt(long slot) {
        haltedAt = slot;
    }

    /** Where the state machine of this member stands still, if it leads; else 0. */
    long haltedAsLeaderAt() {
        return isWelcomed && leader == node ? haltedAt : 0;
    }

    /** Whether the state machine of this member stands still, as it said last. */
    boolean isHalted() {
        return haltedAt != 0;
    }

    /** The member said whether it leads and has no room for commands. */
    void lacksRoom(boolean itDoes) {
        lacksRoom = itDoes;
    }

    /** Whether this member leads and takes no commands for want of room. */
    boolean lacksRoomAsLeader() {
        return isWelcomed && lacksRoom;
    }

    boolean takesCommands() {
        return takesCommands;
    }

    void close() {
        if (publication != null) {
            publication.close();
            publication = null;
        }
    }
}
