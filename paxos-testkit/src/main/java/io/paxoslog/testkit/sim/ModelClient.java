package io.paxoslog.testkit.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * A client with one session: many commands in flight, each sent again, with the same sequence,
 * until its reply has come. Goes from node to node until it finds the leader.
 */
final class ModelClient {
    /** How a request gets to a node. */
    interface Requests {
        void send(ModelClient client, int node, List<Command> commands);
    }

    private static final int MOST_REDIRECTS = 2;

    private final int id;
    private final Swarm swarm;
    private final SimRandom random;
    private final Safety safety;
    private final Requests requests;
    private final List<Boolean> isAcknowledged = new ArrayList<>();
    private long session;
    private long openAttempt;
    private long acknowledgedUpTo;
    private long lastSequence;
    private int target;
    private int redirects;
    private boolean hasGap;
    private boolean isSilent;
    private long patienceEndMs;
    private long wantedCommands = Long.MAX_VALUE;

    ModelClient(int id, Swarm swarm, SimRandom random, Safety safety, Requests requests) {
        this.id = id;
        this.swarm = swarm;
        this.random = random;
        this.safety = safety;
        this.requests = requests;
        this.target = random.between(1, swarm.nodes);
    }

    @Override
    public String toString() {
        return "client "
                + id
                + ": session "
                + session
                + ", sent "
                + lastSequence
                + ", acknowledged "
                + acknowledgedUpTo
                + ", asks "
                + target;
    }

    int id() {
        return id;
    }

    long session() {
        return session;
    }

    /** From now on it asks for this many commands more, no further ones. */
    void finishAfter(int more) {
        wantedCommands = lastSequence + more;
    }

    /** While it is silent it asks for nothing. */
    void beSilent(boolean silent) {
        isSilent = silent;
    }

    boolean hasFinished() {
        return session != 0 && acknowledgedUpTo >= wantedCommands;
    }

    /** Sends what may be sent; again what was not answered for long. */
    void step(long nowMs) {
        if (isSilent) {
            return;
        }
        if (session == 0) {
            openSession(nowMs);
            return;
        }
        boolean isOverdue = nowMs >= patienceEndMs;
        if ((isOverdue || hasGap) && acknowledgedUpTo < lastSequence) {
            if (isOverdue) {
                chooseAnyNode();
            }
            sendFrom(acknowledgedUpTo + 1, nowMs);
            return;
        }
        long first = lastSequence + 1;
        long most = Math.min(acknowledgedUpTo + swarm.commandsInFlight, wantedCommands);
        lastSequence =
                Math.max(lastSequence, Math.min(most, lastSequence + swarm.commandsPerRequest));
        if (first <= lastSequence) {
            sendFrom(first, nowMs);
        }
    }

    private void openSession(long nowMs) {
        if (nowMs < patienceEndMs) {
            return;
        }
        chooseAnyNode();
        sendOpening(nowMs);
    }

    private void chooseAnyNode() {
        target = random.between(1, swarm.nodes);
        redirects = 0;
    }

    private void sendOpening(long nowMs) {
        openAttempt++;
        waitForReply(nowMs);
        requests.send(
                this, target, List.of(new Command(Command.OPEN_SESSION, id, openAttempt, 0, 0)));
    }

    private void sendFrom(long first, long nowMs) {
        hasGap = false;
        List<Command> commands = new ArrayList<>();
        for (long sequence = first; sequence <= lastSequence; sequence++) {
            int padding = swarm.paddingBytes == 0 ? 0 : (int) (sequence % swarm.paddingBytes);
            commands.add(
                    new Command(Command.COMMAND, session, sequence, acknowledgedUpTo + 1, padding));
        }
        waitForReply(nowMs);
        requests.send(this, target, commands);
    }

    private void waitForReply(long nowMs) {
        patienceEndMs = nowMs + swarm.electionTimeoutMs;
    }

    /** The node it asked does not lead; another one does, if {@code leader} is not 0. */
    void redirected(int leader, long nowMs) {
        if (leader == 0 || leader == target || redirects++ >= MOST_REDIRECTS) {
            return;
        }
        target = leader;
        if (session == 0) {
            sendOpening(nowMs);
        } else if (acknowledgedUpTo < lastSequence) {
            sendFrom(acknowledgedUpTo + 1, nowMs);
        }
    }

    /** A reply came, perhaps not for the first time. */
    void replied(ModelApplier.Reply reply) {
        switch (reply.outcome()) {
            case OPENED -> opened(reply);
            case DONE -> done(reply);
            case GAP -> hasGap = true;
            case UNKNOWN -> requireForgotten(reply);
        }
    }

    private void opened(ModelApplier.Reply reply) {
        if (session == 0) {
            session = reply.slot();
            patienceEndMs = 0;
        }
    }

    private void done(ModelApplier.Reply reply) {
        long sequence = reply.command().sequence();
        safety.acknowledges(session, sequence, reply.slot());
        while (isAcknowledged.size() <= lastSequence) {
            isAcknowledged.add(false);
        }
        isAcknowledged.set((int) sequence, true);
        while (acknowledgedUpTo < lastSequence && isAcknowledged.get((int) acknowledgedUpTo + 1)) {
            acknowledgedUpTo++;
        }
    }

    private void requireForgotten(ModelApplier.Reply reply) {
        if (reply.command().sequence() > acknowledgedUpTo) {
            throw new SafetyViolation(
                    "session "
                            + session
                            + " lost the reply to command "
                            + reply.command().sequence()
                            + ", which its client still waits for");
        }
    }
}
