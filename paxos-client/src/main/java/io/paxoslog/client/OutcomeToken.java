package io.paxoslog.client;

import java.util.HexFormat;

/**
 * By what somebody can ask later what became of one command: {@link PaxosOutcome#ask}. Whoever has
 * it can also end the session that it is about, so keep it as you keep a password.
 *
 * @param clusterId the cluster that the session is of
 * @param session the session's id
 * @param sequence the command's number in it, from 1
 * @param secretHigh first half of the session's secret
 * @param secretLow second half of the session's secret
 */
public record OutcomeToken(
        long clusterId, long session, long sequence, long secretHigh, long secretLow) {
    private static final int PARTS = 5;

    /** As one word of letters, digits and dashes; {@link #parse} reads it. */
    public String text() {
        return String.join(
                "-",
                hex(clusterId),
                Long.toString(session),
                Long.toString(sequence),
                hex(secretHigh),
                hex(secretLow));
    }

    private static String hex(long part) {
        return HexFormat.of().toHexDigits(part);
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static OutcomeToken parse(String text) {
        String[] parts = text.split("-", -1);
        try {
            if (parts.length == PARTS) {
                OutcomeToken token =
                        new OutcomeToken(
                                Long.parseUnsignedLong(parts[0], 16),
                                Long.parseLong(parts[1]),
                                Long.parseLong(parts[2]),
                                Long.parseUnsignedLong(parts[3], 16),
                                Long.parseUnsignedLong(parts[4], 16));
                if (token.text().equals(text) && token.session > 0 && token.sequence > 0) {
                    return token;
                }
            }
        } catch (NumberFormatException e) {
            // Said below, for all that can be wrong with it.
        }
        throw new IllegalArgumentException(
                "no outcome token: CLUSTER-SESSION-SEQUENCE-SECRET-SECRET is needed, as a client"
                        + " gave it");
    }

    /** Without the secret, which belongs in no log. */
    @Override
    public String toString() {
        return "command %d of session %d in cluster %s"
                .formatted(sequence, session, hex(clusterId));
    }
}
