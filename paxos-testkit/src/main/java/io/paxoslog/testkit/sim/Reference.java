package io.paxoslog.testkit.sim;

import io.paxoslog.service.SessionLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/**
 * What the state must be at each slot, on every node and at every start: the oracles of sessions,
 * replies and equal states. The model comes first; where an application has none, the first node
 * that applies a slot sets what all others must show.
 */
public final class Reference {
    private static final String MODEL = "the model";

    /** What one command left behind, and on whom that was seen first. */
    private record Effect(
            long session, long sequence, String who, long replyHash, long stateHash) {}

    private final boolean isStrict;
    private final Application application;
    private final Application.Model model;
    private final Map<Long, Effect> effects = new HashMap<>();
    private final Map<Long, Map<Long, Long>> slotOfCommand = new HashMap<>();
    private final SessionLimits limits;
    private ModelApplier applier;
    private long base;
    private long[] sessionsHash = new long[1024];
    private int[] effectsUpTo = new int[1024];
    private long[] lastEffect = new long[1024];
    private final Map<Long, Long> appliedHash = new HashMap<>();
    private final Map<Long, Long> snapshotIds = new HashMap<>();
    private long lastEffectSlot;
    private boolean isSessionHeard;
    private int effectCount;
    private final List<BatchCopy> log = new ArrayList<>();
    private long acknowledged;

    Reference(Application application, SessionLimits limits) {
        this(application, limits, true);
    }

    /**
     * @param isStrict whether it objects to what it sees; if not, others have to find it
     */
    Reference(Application application, SessionLimits limits, boolean isStrict) {
        this.isStrict = isStrict;
        this.application = application;
        this.limits = limits;
        model = application.model();
        jumpTo(0);
    }

    /** The story goes on far above: every slot up to this one counts as applied. */
    void jumpTo(long slot) {
        base = slot;
        applier = new ModelApplier(slot, limits, new Effects());
        if (model != null) {
            model.begin(applier.cluster());
        }
    }

    /** Somebody is the first to commit these slots. */
    void apply(BatchCopy batch) {
        log.add(batch);
        applier.apply(batch);
    }

    private final class Effects implements ModelApplier.Effects {
        @Override
        public void tookEffect(long slot, long originBallot, long timeNs, Command command) {
            effectCount++;
            lastEffectSlot = slot;
            Long before =
                    slotOfCommand
                            .computeIfAbsent(command.session(), s -> new HashMap<>())
                            .put(command.sequence(), slot);
            if (before != null) {
                throw new SafetyViolation(
                        "command " + command.text() + " takes effect twice, again at slot " + slot);
            }
            if (model != null) {
                model.apply(slot, originBallot, timeNs, command);
                effects.put(
                        slot,
                        new Effect(
                                command.session(),
                                command.sequence(),
                                MODEL,
                                model.replyHash(),
                                model.stateHash()));
            }
        }

        /** Where there is no model whoever fires them first shows what state they leave behind. */
        @Override
        public void mayFire(long slot) {
            if (model == null) {
                lastEffectSlot = slot;
            }
        }

        @Override
        public void fired(long slot, long originBallot, long timeNs, long timer) {
            lastEffectSlot = slot;
            if (model != null) {
                model.timer(slot, originBallot, timeNs, timer);
                effects.put(slot, new Effect(0, 0, MODEL, 0, model.stateHash()));
            }
        }

        @Override
        public void opened(long session) {
            if (model != null) {
                model.sessionOpened(session);
            }
            isSessionHeard = true;
        }

        @Override
        public void closed(long session) {
            if (model != null) {
                model.sessionClosed(session);
            }
            isSessionHeard = true;
        }

        /** Machines may change where they hear of a session, too. */
        @Override
        public void applied(long slot) {
            if (model == null && isSessionHeard) {
                lastEffectSlot = slot;
            }
            isSessionHeard = false;
            int index = (int) (slot - base);
            if (index >= sessionsHash.length) {
                sessionsHash = Arrays.copyOf(sessionsHash, 2 * index);
                effectsUpTo = Arrays.copyOf(effectsUpTo, 2 * index);
                lastEffect = Arrays.copyOf(lastEffect, 2 * index);
            }
            sessionsHash[index] = applier.sessionsHash();
            effectsUpTo[index] = effectCount;
            lastEffect[index] = lastEffectSlot;
        }
    }

    /** A machine has applied a command: it was its turn, and what it shows is what all show. */
    void applied(
            String who, long slot, long session, long sequence, long replyHash, long stateHash) {
        if (!isStrict) {
            return;
        }
        Long due = slotOf(session, sequence);
        if (due == null || due != slot) {
            throw new SafetyViolation(
                    String.format(
                            "%s applies command %d#%d at slot %d, where it has no effect",
                            who, session, sequence, slot));
        }
        Effect seen = new Effect(session, sequence, who, replyHash, stateHash);
        Effect first = effects.putIfAbsent(slot, seen);
        if (first == null) {
            return;
        }
        if (first.replyHash != replyHash) {
            throw differs("reply", who, first, slot);
        }
        if (first.stateHash != stateHash) {
            throw differs("state", who, first, slot);
        }
    }

    private static SafetyViolation differs(String what, String who, Effect first, long slot) {
        return new SafetyViolation(
                String.format(
                        "slot %d: the %s of %s differs from that of %s (command %d#%d)",
                        slot, what, who, first.who, first.session, first.sequence));
    }

    private Long slotOf(long session, long sequence) {
        Map<Long, Long> ofSession = slotOfCommand.get(session);
        return ofSession == null ? null : ofSession.get(sequence);
    }

    /** A node has applied everything up to a slot. */
    void appliedUpTo(
            String who,
            long slot,
            int effectsOfNode,
            long sessionsHashOfNode,
            long hashOfNode,
            long stateHashOfNode) {
        if (!isStrict) {
            return;
        }
        int index = (int) (slot - base);
        if (effectsUpTo[index] != effectsOfNode) {
            throw new SafetyViolation(
                    String.format(
                            "slot %d: %s has applied %d commands instead of %d",
                            slot, who, effectsOfNode, effectsUpTo[index]));
        }
        if (sessionsHash[index] != sessionsHashOfNode) {
            throw new SafetyViolation(
                    String.format(
                            "slot %d: the session table of %s differs from that of the model",
                            slot, who));
        }
        Long hashBefore = appliedHash.putIfAbsent(slot, hashOfNode);
        if (hashBefore != null && hashBefore != hashOfNode) {
            throw new SafetyViolation(
                    String.format(
                            "slot %d: the hash of all that %s applied differs from that of another"
                                    + " node or start",
                            slot, who));
        }
        Effect seen = new Effect(0, 0, who, 0, stateHashOfNode);
        Effect last = effects.putIfAbsent(lastEffect[index], seen);
        if (last != null && last.stateHash != stateHashOfNode) {
            throw differs("state", who, last, slot);
        }
    }

    /** A node has taken a snapshot: all that are of a slot are the same, byte for byte. */
    void snapshot(String who, long slot, long id) {
        Long before = snapshotIds.putIfAbsent(slot, id);
        if (isStrict && before != null && before != id) {
            throw new SafetyViolation(
                    String.format(
                            "the snapshot of slot %d of %s is another one than that of another"
                                    + " node or start",
                            slot, who));
        }
    }

    /** A node keeps this reply for a client. */
    void keeps(String who, long session, long sequence, long slot, long replyHash) {
        Long effect = slotOf(session, sequence);
        boolean isRight = effect != null && effect == slot && hashOf(slot) == replyHash;
        if (isStrict && !isRight) {
            throw new SafetyViolation(
                    String.format(
                            "%s keeps a wrong reply to command %d#%d of slot %d",
                            who, session, sequence, slot));
        }
    }

    private long hashOf(long slot) {
        Effect effect = effects.get(slot);
        return effect == null ? 0 : effect.replyHash;
    }

    /** A client has its reply: the command took effect once, in the slot that the reply names. */
    void acknowledges(
            long session,
            long sequence,
            long slot,
            byte[] command,
            DirectBuffer reply,
            int offset,
            int length) {
        if (isStrict) {
            requireReply(session, sequence, slot, Fingerprint.of(reply, offset, length));
        }
        acknowledged++;
        byte[] bytes = new byte[length];
        reply.getBytes(offset, bytes);
        application.replied(command, bytes);
    }

    private void requireReply(long session, long sequence, long slot, long replyHash) {
        Long effect = slotOf(session, sequence);
        if (effect == null || effect != slot) {
            throw new SafetyViolation(
                    String.format(
                            "command %d#%d is acknowledged for slot %d, where it has no effect",
                            session, sequence, slot));
        }
        if (hashOf(slot) != replyHash) {
            throw new SafetyViolation(
                    String.format(
                            "command %d#%d of slot %d is acknowledged with another reply than the"
                                    + " machine gave",
                            session, sequence, slot));
        }
    }

    /** A client is shown this as the answer of the state machine at a slot. */
    void shows(long slot, byte[] query, DirectBuffer answer, int offset, int length) {
        if (!isStrict) {
            return;
        }
        boolean isRight =
                slot <= applier.appliedIndex()
                        && model.answerHash(slot, query) == Fingerprint.of(answer, offset, length);
        if (!isRight) {
            throw new SafetyViolation(
                    String.format(
                            "a client is shown as of slot %d what the machine does not hold there"
                                    + " (slot %d is the last)",
                            slot, applier.appliedIndex()));
        }
    }

    /**
     * A client hears an event of its session.
     *
     * @param before how many it has heard so far
     */
    void hears(long session, int before, long slot, int index, long hash) {
        if (!isStrict) {
            return;
        }
        List<ModelEvents.Sent> sent = applier.events().everSentTo(session);
        ModelEvents.Sent due = before < sent.size() ? sent.get(before) : null;
        boolean isRight =
                due != null && due.slot() == slot && due.index() == index && due.hash() == hash;
        if (!isRight) {
            throw new SafetyViolation(
                    "session %d hears an event of %d.%d where %s was next"
                            .formatted(session, slot, index, due));
        }
    }

    /** Whether it knows by itself what machines send; if not, the first one shows it. */
    boolean knowsEvents() {
        return model != null;
    }

    /** A node keeps an event for a client. */
    void keepsEvent(String who, long session, long slot, int index, long hash) {
        if (!knowsEvents()) {
            applier.events().shown(session, slot, index, hash);
        }
        boolean isRight =
                applier.events().everSentTo(session).stream()
                        .filter(sent -> sent.slot() == slot && sent.index() == index)
                        .anyMatch(sent -> sent.hash() == hash);
        if (isStrict && !isRight) {
            throw new SafetyViolation(
                    "the event %d.%d of session %d at %s differs from that of %s"
                            .formatted(
                                    slot,
                                    index,
                                    session,
                                    who,
                                    knowsEvents() ? MODEL : "another node or start"));
        }
    }

    /** Events that were ever sent to a session, as far as it could keep them. */
    int sentTo(long session) {
        return applier.events().everSentTo(session).size();
    }

    /** Events that were sent. */
    int events() {
        return applier.events().count();
    }

    /** Sessions that ended as they kept more events than they may. */
    int slow() {
        return applier.slow();
    }

    /** Whether it objects to what it sees. */
    boolean isStrict() {
        return isStrict;
    }

    /** Everything that was committed, in order. */
    List<BatchCopy> log() {
        return log;
    }

    /** All sessions that were ever opened, by rising id. */
    List<Long> everOpened() {
        return applier.everOpened();
    }

    /** Whether a session ended as nothing was heard of it. */
    boolean hasEndedSilent(long session) {
        return applier.hasEndedSilent(session);
    }

    /** Timers that fired. */
    int fired() {
        return applier.fired();
    }

    /** Timers that a leader must have fired before long, as far as there is a model. */
    int timersOwed() {
        return applier.timersOwed();
    }

    /** Sessions that ended as nothing was heard of them for their time-out. */
    int expired() {
        return applier.expired();
    }

    /** Sessions that ended as nothing was heard of them and another one wanted to come in. */
    int evicted() {
        return applier.evicted();
    }

    /** Whether no further session can be opened. */
    boolean isFull() {
        return applier.isFull();
    }

    /** Highest slot up to which somebody has committed. */
    long appliedIndex() {
        return applier.appliedIndex();
    }

    /** Commands acknowledged to clients. */
    long acknowledged() {
        return acknowledged;
    }
}
