package io.paxoslog.testkit.sim;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientCore;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.ReplyListener;
import io.paxoslog.client.SessionToken;
import java.util.ArrayDeque;
import java.util.Deque;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One client from its first word to its last: the production client with a user who keeps asking.
 * Its time runs so that its time-outs stand to those of the nodes as they do by default.
 */
final class SimulatedClient implements ReplyListener {
    private static final int DEFAULT_HEARTBEAT_MS = 50;

    private record Waiting(long sequence, History.Asked asked) {}

    private final int id;
    private final Swarm swarm;
    private final SimRandom random;
    private final Application application;
    private final Reference reference;
    private final History history;
    private final ClientCore core;
    private final ClientReadings readings;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long wantedCommands = Long.MAX_VALUE;
    private long asked;
    private int eventsHeard;
    private boolean isSilent;
    private boolean isGone;

    /**
     * @param random where it draws from, its nonce included
     * @param history what it does and sees; null to keep none
     * @param before the client whose session it takes up and whose commands it sends again; null: a
     *     new one
     */
    SimulatedClient(
            int id,
            Swarm swarm,
            SimRandom random,
            Application application,
            Reference reference,
            History history,
            ClientNetwork network,
            Totals totals,
            SimulatedClient before) {
        this.id = id;
        this.swarm = swarm;
        this.random = random;
        this.application = application;
        this.reference = reference;
        this.history = history;
        SimRandom draws = random.split();
        SessionToken token = before == null ? null : before.core.sessionToken();
        core = new ClientCore(network.linesOf(this), configOf(swarm), token, draws, this);
        if (before != null) {
            inherit(before);
        }
        readings =
                swarm.reads.isOn
                        ? new ClientReadings(
                                swarm.reads,
                                swarm.leases.isOn(),
                                ClientNetwork.addresses(swarm.places()),
                                application,
                                reference,
                                history,
                                totals,
                                core)
                        : null;
    }

    /** What it wrote down, the other one is dead and this one knows. */
    private void inherit(SimulatedClient before) {
        eventsHeard = before.eventsHeard;
        for (Waiting left : before.waiting) {
            byte[] command = left.asked.command();
            long sequence = core.offer(new UnsafeBuffer(command), 0, command.length);
            if (sequence != left.sequence) {
                throw new SafetyViolation(this + " sends another command as " + left.sequence);
            }
            waiting.add(left);
            asked++;
        }
        before.waiting.clear();
    }

    private static ClientConfig configOf(Swarm swarm) {
        return ClientConfig.of(ClientNetwork.addresses(swarm.places()))
                .withWindow(swarm.commandsInFlight)
                .withWindowBytes(windowBytes(swarm))
                .withTimeouts(swarm.silenceMs, swarm.resendMs, 10_000);
    }

    /** A power of two with room for a few of the largest commands. */
    private static int windowBytes(Swarm swarm) {
        return BitUtil.findNextPositivePowerOfTwo(4 * swarm.sessionLimits.maxReplyBytes());
    }

    private long clientMs(long nowMs) {
        return nowMs * DEFAULT_HEARTBEAT_MS / swarm.heartbeatMs;
    }

    /** How long so much of a client's time is. */
    static long nodeMs(Swarm swarm, long clientMs) {
        return clientMs * swarm.heartbeatMs / DEFAULT_HEARTBEAT_MS;
    }

    /** Asks for more, if it may, and does what a client does between. */
    void step(long nowMs) {
        if (isSilent || isGone) {
            return;
        }
        if (readings == null || isFinishing() || readings.mayWrite()) {
            askSome();
        }
        if (readings != null) {
            readings.step(asked < wantedCommands, clientMs(nowMs));
        }
        core.tick(clientMs(nowMs));
    }

    /** From now on one node is asked what any may answer; null: any of them. */
    void readFrom(String address) {
        readings.readFrom(address);
    }

    private void askSome() {
        for (int i = 0; i < swarm.commandsPerRequest && asked < wantedCommands; i++) {
            if (!ask()) {
                break;
            }
        }
    }

    private boolean isFinishing() {
        return wantedCommands < Long.MAX_VALUE;
    }

    /** Is to read once more in each mode. */
    void readEach() {
        readings.readEach();
    }

    /** Whether no read of it waits. */
    boolean hasRead() {
        return isGone || readings.hasFinished();
    }

    private boolean ask() {
        if (core.unanswered() >= swarm.commandsInFlight) {
            return false;
        }
        byte[] command = application.command(random);
        long sequence = core.offer(new UnsafeBuffer(command), 0, command.length);
        if (sequence < 0) {
            return false;
        }
        asked++;
        waiting.add(
                new Waiting(
                        sequence,
                        history == null ? new History.Asked(command, 0) : history.asks(command)));
        return true;
    }

    /** A message came by some stream. */
    void hear(int image, byte[] message, long nowMs) {
        if (isGone) {
            return;
        }
        core.hear(image, new UnsafeBuffer(message), 0, message.length);
        if (!isSilent) {
            core.tick(clientMs(nowMs));
        }
    }

    /** The stream by which a member answered is gone. */
    void responseImageLost(int image) {
        if (!isGone) {
            core.responseImageLost(image);
        }
    }

    @Override
    public void onReply(long sequence, long slot, DirectBuffer reply, int offset, int length) {
        Waiting next = waiting.poll();
        if (next == null || next.sequence != sequence) {
            throw new SafetyViolation(
                    this + " gets a reply to command " + sequence + " out of order");
        }
        byte[] command = next.asked.command();
        reference.acknowledges(core.sessionId(), sequence, slot, command, reply, offset, length);
        if (history != null) {
            history.answered(next.asked, reply, offset);
        }
        if (readings != null) {
            readings.saw(slot);
        }
    }

    @Override
    public void onEvent(long slot, int index, DirectBuffer event, int offset, int length) {
        long hash = Fingerprint.of(event, offset, length);
        reference.hears(core.sessionId(), eventsHeard, slot, index, hash);
        eventsHeard++;
    }

    @Override
    public void onEventsLost(long slot, int index) {
        throw new SafetyViolation(this + " is told that events up to " + slot + " are lost");
    }

    /** Whether it has all events that its session was sent, or there is none to hear them. */
    boolean hasHeardAll() {
        return isGone || core.hasEnded() || eventsHeard == reference.sentTo(core.sessionId());
    }

    @Override
    public void onRead(long read, long slot, DirectBuffer answer, int offset, int length) {
        readings.answered(read, slot, answer, offset, length);
    }

    @Override
    public void onReadFailed(long read, ClientError why, String about) {
        readings.failed(read, why, about);
    }

    @Override
    public void onUnknown(long firstSequence, long lastSequence, ClientError why) {
        boolean isAllowed =
                why == ClientError.SESSION_REFUSED
                        || why == ClientError.CLOSED
                        || (why == ClientError.SESSION_EXPIRED
                                && reference.hasEndedSilent(core.sessionId()));
        if (!isAllowed) {
            throw new SafetyViolation(this + " ends for no reason: " + why);
        }
    }

    /** Stops in the middle of what it does, or gives its session back and says good-bye. */
    void leave(boolean isOrderly) {
        if (isOrderly) {
            core.beginClose();
            wantedCommands = 0;
        } else {
            beGone();
        }
    }

    /** Everything ends here; what is unanswered stays unknown. */
    void beGone() {
        isGone = true;
        core.abandon();
        if (history != null) {
            waiting.forEach(left -> history.unanswered(left.asked));
        }
        waiting.clear();
    }

    boolean isGone() {
        return isGone;
    }

    /** Whether its session has ended, so that nothing more comes of it. */
    boolean hasEnded() {
        return core.hasEnded();
    }

    /** Whether it has a session. */
    boolean isOpen() {
        return core.isOpen();
    }

    /** Whether it has ended because there was no room for its session. */
    boolean wasRefused() {
        return core.endedBy() == ClientError.SESSION_REFUSED;
    }

    /** From now on it asks for this many commands more, no further ones. */
    void finishAfter(int more) {
        wantedCommands = asked + more;
    }

    /** While it is silent it asks for nothing. */
    void beSilent(boolean silent) {
        isSilent = silent;
    }

    /** Whether all it wanted is answered; without a session where the table has no room for one. */
    boolean hasFinished() {
        if (isGone || core.hasEnded()) {
            return true;
        }
        return core.isOpen() && asked >= wantedCommands && core.unanswered() == 0;
    }

    int id() {
        return id;
    }

    /** Commands asked for and not answered yet. */
    int unanswered() {
        return core.unanswered();
    }

    @Override
    public String toString() {
        return "client "
                + id
                + ": session "
                + core.sessionId()
                + ", asked "
                + asked
                + ", unanswered "
                + core.unanswered();
    }
}
