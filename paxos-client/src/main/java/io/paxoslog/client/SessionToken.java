package io.paxoslog.client;

import java.util.HexFormat;

/**
 * All that a client needs to take its session up again in another process: which one it is, by what
 * it shows that it is its own, the first command that is not answered, and the last event that it
 * has. Written down together with what a reply or an event did, nothing of it is done twice and
 * nothing left out. Whoever has it has the session, so keep it as you keep a password.
 *
 * @param clusterId the cluster that the session is of
 * @param session the session's id
 * @param secretHigh first half of the session's secret
 * @param secretLow second half of the session's secret
 * @param nextSequence the first command whose reply is lacking, from 1: what is offered first under
 *     the token is that command
 * @param eventSlot slot of the last event; 0: there was none yet
 * @param eventIndex which event of that slot it is
 */
public record SessionToken(
        long clusterId,
        long session,
        long secretHigh,
        long secretLow,
        long nextSequence,
        long eventSlot,
        int eventIndex) {
    private static final int PARTS = 7;

    /**
     * Checks what is no matter of secrets.
     *
     * @throws IllegalArgumentException when it is no token that a client gave
     */
    public SessionToken {
        if (session < 1 || nextSequence < 1 || eventSlot < 0 || eventIndex < 0) {
            throw new IllegalArgumentException(
                    "no session %d with command %d and event %d.%d next"
                            .formatted(session, nextSequence, eventSlot, eventIndex));
        }
    }

    /** As one word of letters, digits and dashes; {@link #parse} reads it. */
    public String text() {
        return String.join(
                "-",
                hex(clusterId),
                Long.toString(session),
                hex(secretHigh),
                hex(secretLow),
                Long.toString(nextSequence),
                Long.toString(eventSlot),
                Integer.toString(eventIndex));
    }

    private static String hex(long part) {
        return HexFormat.of().toHexDigits(part);
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static SessionToken parse(String text) {
        String[] parts = text.split("-", -1);
        try {
            if (parts.length == PARTS) {
                SessionToken token =
                        new SessionToken(
                                Long.parseUnsignedLong(parts[0], 16),
                                Long.parseLong(parts[1]),
                                Long.parseUnsignedLong(parts[2], 16),
                                Long.parseUnsignedLong(parts[3], 16),
                                Long.parseLong(parts[4]),
                                Long.parseLong(parts[5]),
                                Integer.parseInt(parts[6]));
                if (token.text().equals(text)) {
                    return token;
                }
            }
        } catch (IllegalArgumentException e) {
            // Said below, for all that can be wrong with it.
        }
        throw new IllegalArgumentException(
                "no session token: CLUSTER-SESSION-SECRET-SECRET-NEXT-SLOT-INDEX is needed, as a"
                        + " client gave it");
    }

    /** The same with another first command that is not answered. */
    public SessionToken withNext(long sequence) {
        return new SessionToken(
                clusterId, session, secretHigh, secretLow, sequence, eventSlot, eventIndex);
    }

    /** The same with another last event. */
    public SessionToken behind(long slot, int index) {
        return new SessionToken(
                clusterId, session, secretHigh, secretLow, nextSequence, slot, index);
    }

    /** Without the secret, which belongs in no log. */
    @Override
    public String toString() {
        return "session %d in cluster %s, command %d next, behind event %d.%d"
                .formatted(session, hex(clusterId), nextSequence, eventSlot, eventIndex);
    }
}
