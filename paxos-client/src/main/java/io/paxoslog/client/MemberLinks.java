package io.paxoslog.client;

import io.paxoslog.codecs.ClientProtocol;
import io.paxoslog.codecs.client.HelloEncoder;
import io.paxoslog.codecs.client.MembersRequestEncoder;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.media.TermLength;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The members a client talks to: says Hello, and knows by their answers who leads. While it is
 * searching, all to whom a way was opened are asked; else only the leader is, to show that this
 * client lives. The first ways are opened one after the other, and at once to whom a member names
 * as leader: a way costs the member as much as the client, and most who stay for a moment need no
 * other. Whoever has found a leader and stays has a way to each soon after.
 */
final class MemberLinks implements LineLosses {
    private static final int MAX_LINKS = 64;
    private static final int REOPEN_MS = 500;
    private static final int SEARCH_HELLO_MS = 25;
    private static final int LIFE_HELLO_MS = 100;

    /** After so many times the silence that counts as one, a member is taken for gone. */
    static final int ABANDON_SILENCES = 4;

    /** So long a member has to answer before another one is asked, too. */
    static final int NEXT_WAY_MS = 200;

    /** Whoever has had a leader for so long stays, and is to find the next one at once. */
    static final int SETTLED_MS = 1_000;

    /** So long whoever did not answer a read is not asked instead of the leader. */
    static final int LEFT_MS = 2_000;

    private static final int MEMBERS_MS = 5_000;
    private static final int MISSED_HELLOS = 4;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final HelloEncoder hello = new HelloEncoder();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[256]);
    private final List<MemberLink> links = new ArrayList<>();
    private final MemberLines lines;
    private final RandomGenerator random;
    private final int silenceMs;
    private final int first;
    private MemberLink leader;
    private MemberLink lastFound;
    private final MembersRequestEncoder membersRequest = new MembersRequestEncoder();
    private final int configured;
    private boolean isFollowing;
    private long nextAskMs = Long.MIN_VALUE;
    private int maxCommandBytes = Integer.MAX_VALUE;
    private long nowMs;
    private long lastWayMs = MemberLink.NEVER;
    private boolean hasFoundLeader;
    private long foundLeaderMs;
    private MemberLink reader;
    private MemberLink near;
    private String readFrom;
    private boolean isReading;
    private long leftReaderMs = MemberLink.NEVER;

    MemberLinks(MemberLines lines, ClientConfig config, RandomGenerator random) {
        this.lines = lines;
        this.random = random;
        silenceMs = config.silenceMs();
        config.members().forEach(member -> links.add(new MemberLink(member, lines)));
        configured = links.size();
        first = random.nextInt(configured);
    }

    /** Asks leaders now and then who the members are, as none of those given may be one later. */
    void followMembers() {
        isFollowing = true;
    }

    /**
     * Lets time pass.
     *
     * @param isAwaiting whether the leader owes something, so that its silence means something
     */
    void tick(long newNowMs, boolean isAwaiting) {
        nowMs = newNowMs;
        boolean isSilent = isAwaiting && leader != null && isOverdue(silenceMs);
        if (isSilent && isOverdue(ABANDON_SILENCES * silenceMs)) {
            open(leader);
            leader = null;
        }
        boolean isSearching = isSilent || leader == null;
        for (int i = 0; i < links.size(); i++) {
            MemberLink link = links.get((first + i) % links.size());
            if (link.wasOpened() || isItsTurn(link, isSearching)) {
                boolean isReader =
                        isReading && (isReaderSought() || link == reader || link == near);
                tick(link, isSearching || link == leader || isReader, isSearching);
            }
        }
    }

    /** Whether a way is to be opened to a member to which none was yet. */
    private boolean isItsTurn(MemberLink link, boolean isSearching) {
        if (isReading) {
            return true;
        }
        if (hasFoundLeader) {
            return isSearching || nowMs - foundLeaderMs >= SETTLED_MS;
        }
        return nowMs - lastWayMs >= NEXT_WAY_MS || isNamed(link);
    }

    /** Whether a member said that this one leads. */
    private boolean isNamed(MemberLink link) {
        for (int i = 0; i < links.size(); i++) {
            if (links.get(i).otherLeaderAddress().equals(link.address)) {
                return true;
            }
        }
        return false;
    }

    /** As {@link #tick(long, boolean)} for those who talk to every member. */
    void tickAll(long newNowMs) {
        nowMs = newNowMs;
        for (int i = 0; i < links.size(); i++) {
            tick(links.get(i), true, !links.get(i).isWelcomed());
        }
    }

    /**
     * Nobody had this client listen for so long until now, as its user polls seldom: of that, only
     * so much counts as makes one silence of each member. Else it would leave every leader it
     * finds.
     */
    void wasDeaf(long ms) {
        long uncountedMs = ms - silenceMs;
        for (int i = 0; i < links.size() && uncountedMs > 0; i++) {
            links.get(i).wasNotListenedTo(uncountedMs);
        }
    }

    private boolean isOverdue(int timeoutMs) {
        return nowMs - leader.lastHeardMs() > timeoutMs && nowMs - leader.openedMs() > timeoutMs;
    }

    private void tick(MemberLink link, boolean isToHear, boolean isUrgent) {
        if (link.isBroken() && nowMs - link.openedMs() >= REOPEN_MS) {
            open(link);
            if (link == leader) {
                // By a fresh way nothing can be said before it is there.
                leader = null;
            }
        }
        int helloMs = isUrgent ? link.patienceMs(SEARCH_HELLO_MS) : LIFE_HELLO_MS;
        if (isToHear && nowMs - link.lastHelloMs() >= helloMs && link.isOpen()) {
            sayHello(link);
        }
    }

    private void open(MemberLink link) {
        lastWayMs = nowMs;
        link.open(random.nextLong(), nowMs, largestMessageBytes());
        if (link.isNear()) {
            near = link;
        }
    }

    /** As large as a message with the largest command, as far as any member has said it. */
    private int largestMessageBytes() {
        if (maxCommandBytes == Integer.MAX_VALUE) {
            return 0;
        }
        int command = Math.min(maxCommandBytes, TermLength.LARGEST_MESSAGE_BYTES);
        int head = ClientSession.COMMANDS_BYTES + CommandRing.LENGTH_BYTES;
        int bytes = command + Math.max(head, ClientReads.OVERHEAD_BYTES);
        return Math.min(bytes, TermLength.LARGEST_MESSAGE_BYTES);
    }

    private void sayHello(MemberLink link) {
        hello.wrapAndApplyHeader(message, 0, header)
                .link(link.link())
                .protocolVersion(ClientProtocol.VERSION)
                .responseEndpoint(link.responseEndpoint());
        int bytes = MessageHeaderEncoder.ENCODED_LENGTH + hello.encodedLength();
        if (link.send(message, bytes)) {
            link.helloSent(nowMs);
        }
    }

    /** The member behind a link id, or null when it is none of this client. */
    MemberLink byLink(long link) {
        if (lastFound != null && lastFound.link() == link) {
            return lastFound;
        }
        for (int i = 0; i < links.size(); i++) {
            if (links.get(i).link() == link) {
                lastFound = links.get(i);
                return lastFound;
            }
        }
        return null;
    }

    void heard(MemberLink from, int image) {
        from.heard(nowMs, image);
    }

    /** A member said who leads; it has noted itself what it said. */
    void welcomed(MemberLink from, int newMaxCommandBytes, String leaderAddress) {
        maxCommandBytes = newMaxCommandBytes;
        from.leaderIsAt(leaderAddress);
        learn(from.leader(), leaderAddress);
        if (!from.carries(largestMessageBytes())) {
            // Found by a way that is too narrow for what may have to be said.
            open(from);
        } else if (from.takesCommands()) {
            follow(from);
            return;
        }
        if (from == leader) {
            leader = null;
        }
    }

    /** A member that takes commands has answered, and would understand the question. */
    void askMembers(MemberLink of) {
        if (!isFollowing || of != leader || nowMs < nextAskMs) {
            return;
        }
        membersRequest.wrapAndApplyHeader(message, 0, header).correlation(of.link());
        int bytes = MessageHeaderEncoder.ENCODED_LENGTH + membersRequest.encodedLength();
        if (of.send(message, bytes)) {
            nextAskMs = nowMs + MEMBERS_MS;
        }
    }

    /** The leader said who the members are: those that it was not told of otherwise go. */
    void membersAre(MemberLink from, List<String> addresses) {
        if (!isFollowing || from != leader || addresses.isEmpty()) {
            return;
        }
        for (int i = links.size() - 1; i >= configured; i--) {
            MemberLink link = links.get(i);
            if (link != leader && link != reader && !addresses.contains(link.address)) {
                links.remove(i).close();
                lastFound = null;
            }
        }
        for (String address : addresses) {
            learn(address);
        }
    }

    private void learn(String address) {
        boolean isKnown = links.stream().anyMatch(link -> link.address.equals(address));
        if (!isKnown && links.size() < MAX_LINKS && MemberAddress.isRight(address)) {
            links.add(new MemberLink(address, lines));
        }
    }

    private void follow(MemberLink found) {
        if (leader == found || (leader != null && leader.ballot() >= found.ballot())) {
            return;
        }
        if (leader != null && isOverdue(silenceMs)) {
            // What was sent there must not arrive when it comes back.
            open(leader);
        }
        leader = found;
        if (!hasFoundLeader) {
            hasFoundLeader = true;
            foundLeaderMs = nowMs;
        }
        // Whoever led before may have led other members, and this one may be gone soon.
        nextAskMs = nowMs;
    }

    void redirected(MemberLink from, int leaderNode, String leaderAddress) {
        from.redirected();
        if (from == leader) {
            leader = null;
        }
        learn(leaderNode, leaderAddress);
    }

    private void learn(int leaderNode, String address) {
        if (leaderNode == 0 || address.isEmpty() || links.size() >= MAX_LINKS) {
            return;
        }
        for (int i = 0; i < links.size(); i++) {
            MemberLink known = links.get(i);
            if (known.address.equals(address)
                    || (known.isWelcomed() && known.node() == leaderNode)) {
                return;
            }
        }
        links.add(new MemberLink(address, lines));
    }

    @Override
    public void responseImageLost(int image) {
        for (int i = 0; i < links.size(); i++) {
            MemberLink link = links.get(i);
            if (link.responseImage() == image) {
                link.renew(random.nextLong());
                if (link == leader) {
                    leader = null;
                }
            }
        }
    }

    @Override
    public void linesLost() {
        leader = null;
        links.forEach(link -> link.refuse(nowMs - REOPEN_MS));
    }

    /** A member will not have this client now: it is asked again later. */
    void refused(MemberLink from) {
        from.refuse(nowMs);
        if (from == leader) {
            leader = null;
        }
    }

    /** The member that leads and takes commands; null when none is known. */
    MemberLink leader() {
        return leader;
    }

    /**
     * Whether a member leads that takes no commands for want of room on disks, as it said lately.
     */
    boolean lacksRoom() {
        if (leader != null) {
            return false;
        }
        for (int i = 0; i < links.size(); i++) {
            MemberLink link = links.get(i);
            if (link.lacksRoomAsLeader() && nowMs - link.lastHeardMs() <= silenceMs) {
                return true;
            }
        }
        return false;
    }

    /**
     * Where the state machine of a member that leads stands still; 0: it goes on, or none leads.
     */
    long leaderHaltedAt() {
        return links.stream().mapToLong(MemberLink::haltedAsLeaderAt).max().orElse(0);
    }

    /** Has reads that any node may answer go to one of them; null: to whichever answers. */
    void readFrom(String address) {
        readFrom = address;
        reader = null;
        if (address != null) {
            learn(address);
        }
    }

    /** The member that such reads go to, sought from now on; null while none is known. */
    MemberLink reader() {
        isReading = true;
        if (reader != near && isNearFit()) {
            // Where it needs no network it takes none.
            reader = near;
        } else if (reader == null || !isFitToRead(reader)) {
            reader = chooseReader(reader);
        } else if (isReaderSought() && nowMs - leftReaderMs >= LEFT_MS) {
            MemberLink other = chooseReader(reader);
            reader = worthOf(other) > worthOf(reader) ? other : reader;
        }
        return reader;
    }

    /** The leader answers as long as no follower is heard, and no longer. */
    private boolean isReaderSought() {
        return reader == null || reader == leader;
    }

    private boolean isNearFit() {
        return near != null && near.isNear() && !near.isHalted() && isFitToRead(near);
    }

    /** One did not answer a read; false when another one is not to be had. */
    boolean readElsewhere(MemberLink than) {
        if (than == reader) {
            MemberLink other = chooseReader(than);
            reader = other == than ? reader : other;
            leftReaderMs = nowMs;
        }
        return than != reader;
    }

    /** Any one of those that are best for it. */
    private MemberLink chooseReader(MemberLink before) {
        MemberLink chosen = null;
        int seen = 0;
        for (int i = 0; i < links.size(); i++) {
            MemberLink link = links.get(i);
            if (link == before || !isFitToRead(link)) {
                continue;
            }
            int better = chosen == null ? 1 : Integer.compare(worthOf(link), worthOf(chosen));
            seen = better > 0 ? 1 : better == 0 ? seen + 1 : seen;
            if (better > 0 || (better == 0 && random.nextInt(seen) == 0)) {
                chosen = link;
            }
        }
        boolean isStillFit = before != null && isFitToRead(before);
        return chosen == null && isStillFit ? before : chosen;
    }

    /**
     * The leader has enough to do; who hears no leader may be cut off, or no member any more; and
     * whose state machine stands still answers nothing.
     */
    private int worthOf(MemberLink link) {
        if (link.isHalted()) {
            return -1;
        }
        if (link == leader) {
            return 1;
        }
        return link.leader() == 0 ? 0 : 2;
    }

    private boolean isFitToRead(MemberLink link) {
        boolean isWanted = readFrom == null || link.address.equals(readFrom);
        int patienceMs = Math.max(silenceMs, MISSED_HELLOS * LIFE_HELLO_MS);
        return isWanted && canRead(link) && nowMs - link.lastHeardMs() <= patienceMs;
    }

    /** Whether a member has answered, and is of a build that answers reads. */
    boolean canRead(MemberLink link) {
        return link.isWelcomed() && link.schemaVersion() >= ResponseShape.FIRST_WITH_READS;
    }

    /**
     * Says who leads by the word of a member that answers, where the leader itself does not: then
     * only the way to it is cut.
     *
     * @return one line for people; null when that is not so
     */
    String whoLeadsUnheard() {
        for (int i = 0; leader == null && i < links.size(); i++) {
            MemberLink told = links.get(i);
            String itsAddress = told.otherLeaderAddress();
            if (!itsAddress.isEmpty() && isHeard(told) && !isHeardAt(itsAddress)) {
                return "node %d at %s leads, as node %d says, and does not answer this client"
                        .formatted(told.leader(), itsAddress, told.node());
            }
        }
        return null;
    }

    /**
     * Says where answers do not arrive though members hear this client: the way back is cut.
     *
     * @return one line for people; null when that is not so
     */
    String whereNoAnswerArrives() {
        for (MemberLink link : links) {
            if (isAnyWelcomed() || !link.isHeardUnanswered()) {
                continue;
            }
            String where = link.responseEndpoint();
            return "the node at %s hears this client, and its answers do not arrive at %s"
                            .formatted(link.address, where)
                    + " (a firewall, or a translation of addresses? see docs/clients.md)";
        }
        return null;
    }

    private boolean isHeardAt(String address) {
        return links.stream().anyMatch(link -> link.address.equals(address) && isHeard(link));
    }

    private boolean isHeard(MemberLink link) {
        return nowMs - link.lastHeardMs() <= (long) ABANDON_SILENCES * silenceMs;
    }

    /** Whether any member has answered. */
    boolean isAnyWelcomed() {
        return links.stream().anyMatch(MemberLink::isWelcomed);
    }

    int count() {
        return links.size();
    }

    MemberLink get(int index) {
        return links.get(index);
    }

    /** Largest command that members take, as far as they have said. */
    int maxCommandBytes() {
        return maxCommandBytes;
    }

    void close() {
        links.forEach(MemberLink::close);
    }
}
