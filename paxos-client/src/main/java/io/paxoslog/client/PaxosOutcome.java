package io.paxoslog.client;

import io.paxoslog.codecs.client.CommandFate;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.OutcomeRequestEncoder;
import java.security.SecureRandom;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Asks what became of a command whose client got no answer. The answer comes from the log: it holds
 * as of a slot that was chosen after it was asked. A client that still uses the session keeps it.
 * Any thread may ask, from within listeners too; each question has a media driver of its own.
 */
public final class PaxosOutcome {
    private static final int ASK_AGAIN_MS = 500;

    /** What can be known of a command. */
    public enum Fate {
        /** It took effect; the reply is there. */
        APPLIED,
        /** An operator had the log skip it: it took no effect and never will. */
        SKIPPED,
        /**
         * It took effect, unless an operator had the log skip it; its client has had the reply, or
         * its session has ended, so that it is kept no longer.
         */
        REPLY_GONE,
        /** It took no effect so far, and may still: its session is open. Ask again. */
        NOT_YET,
        /** It took no effect and never will: its session ended before. */
        NEVER,
        /**
         * Nothing is known of that session: it ended long ago, the secret is not its own, or the
         * cluster is another one. Read the log.
         */
        NOT_KNOWN
    }

    /**
     * The answer.
     *
     * @param slot where the command stands for APPLIED and SKIPPED; else 0
     * @param reply what the state machine answered for APPLIED; else empty
     */
    @SuppressWarnings("ArrayRecordComponent") // The caller's own copy; nobody compares outcomes.
    public record Outcome(Fate fate, long slot, byte[] reply) {}

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final OutcomeRequestEncoder request = new OutcomeRequestEncoder();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[128]);
    private final long correlation = new SecureRandom().nextLong(1, Long.MAX_VALUE);
    private final OutcomeToken token;
    private MemberLink askedFrom;
    private long askedMs;
    private Outcome answer;

    private PaxosOutcome(OutcomeToken token) {
        this.token = token;
    }

    /**
     * Asks the leader and waits for its answer.
     *
     * @param members HOST:PORT of one or more members
     * @param token of the command, as {@link ClientException#token} or {@link PaxosClient#tokenOf}
     *     gave it
     * @param timeoutMs how long to wait for a leader and its answer
     * @throws ClientException NO_ANSWER or NO_LEADER when nobody answered in time; INTERRUPTED
     */
    public static Outcome ask(List<String> members, OutcomeToken token, int timeoutMs) {
        ClientConfig config = ClientConfig.of(members);
        PaxosOutcome asking = new PaxosOutcome(token);
        try (Inquiry inquiry = new Inquiry("PaxosOutcome", config, asking.new Answers())) {
            return inquiry.answerTo(asking::ask, () -> asking.answer, timeoutMs);
        }
    }

    private void ask(MemberLinks links, long nowMs) {
        links.tick(nowMs, true);
        askIfDue(links.leader(), nowMs);
    }

    private void askIfDue(MemberLink leader, long nowMs) {
        boolean isDue = leader != askedFrom || nowMs - askedMs >= ASK_AGAIN_MS;
        if (leader == null || !isDue) {
            return;
        }
        request.wrapAndApplyHeader(message, 0, header)
                .correlation(correlation)
                .clusterId(token.clusterId())
                .session(token.session())
                .sequence(token.sequence())
                .secretHigh(token.secretHigh())
                .secretLow(token.secretLow());
        if (leader.send(message, MessageHeaderEncoder.ENCODED_LENGTH + request.encodedLength())) {
            askedFrom = leader;
            askedMs = nowMs;
        }
    }

    private final class Answers implements NodeMessages {
        @Override
        public void outcome(
                long about, CommandFate fate, long slot, DirectBuffer buffer, int at, int length) {
            if (about != correlation) {
                return;
            }
            byte[] reply = new byte[length];
            buffer.getBytes(at, reply);
            answer = new Outcome(fateOf(fate), slot, reply);
        }
    }

    private static Fate fateOf(CommandFate fate) {
        return switch (fate) {
            case APPLIED -> Fate.APPLIED;
            case SKIPPED -> Fate.SKIPPED;
            case REPLY_GONE -> Fate.REPLY_GONE;
            case NOT_YET -> Fate.NOT_YET;
            case NEVER -> Fate.NEVER;
            default -> Fate.NOT_KNOWN;
        };
    }
}
