package io.paxoslog.server;

/**
 * A setting is missing, wrong or at odds with another: which, what it was, and what would be right.
 */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final char LINE_SEPARATOR = '\u2028';
    private static final char PARAGRAPH_SEPARATOR = '\u2029';

    ConfigException(String message) {
        super(inOneLine(message));
    }

    /** What was given may hold anything; what ends a line or moves a cursor is shown by number. */
    private static String inOneLine(String message) {
        StringBuilder line = new StringBuilder(message.length());
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            boolean isShown =
                    !Character.isISOControl(c) && c != LINE_SEPARATOR && c != PARAGRAPH_SEPARATOR;
            line.append(isShown ? String.valueOf(c) : "\\u%04x".formatted((int) c));
        }
        return line.toString();
    }
}
