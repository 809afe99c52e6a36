package io.paxoslog.testkit.sim;

import io.paxoslog.core.Batch;
import java.util.HashMap;
import java.util.Map;

/**
 * The rule of sessions, as a model: a command takes effect only if its sequence is the last one +
 * 1; a higher one is answered with a gap, a lower one with the reply it had.
 */
public final class ModelApplier {
    /** How a command was answered. */
    public enum Outcome {
        /** The session is open; its number is the slot. */
        OPENED,
        /** It took effect, now or before; the slot says where. */
        DONE,
        /**
         * Nothing happened: one before it is missing; the slot says the last sequence that is not.
         */
        GAP,
        /** Nothing happened: there is no such session, or its reply was asked to be forgotten. */
        UNKNOWN
    }

    /** The reply to a command. */
    public record Reply(Command command, Outcome outcome, long slot) {}

    /** Hears of replies, and whether this one is the first. */
    public interface Replies {
        /** One for each command, in slot order. */
        void replied(Reply reply, boolean tookEffect);
    }

    private static final class Session {
        private final Map<Long, Long> effects = new HashMap<>();
        private long last;
        private long awaited;
    }

    private final Map<Long, Session> sessions = new HashMap<>();
    private final Replies replies;
    private long appliedIndex;

    /** Begins right above a slot; what came before is of no interest. */
    public ModelApplier(long appliedIndex, Replies replies) {
        this.appliedIndex = appliedIndex;
        this.replies = replies;
    }

    /** Applies the next slots. */
    public void apply(BatchCopy batch) {
        if (batch.firstSlot() != appliedIndex + 1) {
            throw new SafetyViolation(
                    "applies slot " + batch.firstSlot() + " right after " + appliedIndex);
        }
        if (batch.kind() == Batch.COMMANDS) {
            long slot = batch.firstSlot();
            for (byte[] entry : batch.entries()) {
                apply(slot++, entry);
            }
        }
        appliedIndex = batch.lastSlot();
    }

    private void apply(long slot, byte[] entry) {
        if (!Command.isCommand(entry)) {
            return;
        }
        Command command = Command.decode(entry);
        if (command.kind() == Command.OPEN_SESSION) {
            sessions.put(slot, new Session());
            replies.replied(new Reply(command, Outcome.OPENED, slot), true);
            return;
        }
        Session session = sessions.get(command.session());
        if (session == null) {
            replies.replied(new Reply(command, Outcome.UNKNOWN, slot), false);
            return;
        }
        apply(slot, command, session);
    }

    private void apply(long slot, Command command, Session session) {
        if (command.sequence() > session.last + 1) {
            replies.replied(new Reply(command, Outcome.GAP, session.last), false);
            return;
        }
        boolean isNext = command.sequence() == session.last + 1;
        if (isNext) {
            session.last++;
            session.effects.put(session.last, slot);
        }
        Long effect = session.effects.get(command.sequence());
        forget(session, command.awaited());
        replies.replied(
                effect == null
                        ? new Reply(command, Outcome.UNKNOWN, slot)
                        : new Reply(command, Outcome.DONE, effect),
                isNext);
    }

    private static void forget(Session session, long awaited) {
        for (; session.awaited < awaited; session.awaited++) {
            session.effects.remove(session.awaited);
        }
    }

    /** Every slot up to it has gone through here. */
    public long appliedIndex() {
        return appliedIndex;
    }
}
