package io.paxoslog.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes one JSON object, field by field, on one line. Not thread-safe. */
public final class Json {
    private final StringBuilder text = new StringBuilder("{");

    public Json put(String name, long value) {
        return raw(name, Long.toString(value));
    }

    public Json put(String name, boolean value) {
        return raw(name, Boolean.toString(value));
    }

    public Json put(String name, String value) {
        return raw(name, quoted(value));
    }

    /** Puts a number with three decimals. */
    public Json put(String name, double value) {
        return raw(name, String.format(Locale.ROOT, "%.3f", value));
    }

    public Json put(String name, Json value) {
        return raw(name, value.toString());
    }

    public Json put(String name, List<Json> values) {
        return raw(
                name,
                values.stream().map(Json::toString).collect(Collectors.joining(",", "[", "]")));
    }

    public Json putNumbers(String name, List<Long> values) {
        return raw(
                name,
                values.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]")));
    }

    public Json putTexts(String name, List<String> values) {
        return raw(
                name, values.stream().map(Json::quoted).collect(Collectors.joining(",", "[", "]")));
    }

    public Json putNull(String name) {
        return raw(name, "null");
    }

    private Json raw(String name, String value) {
        if (text.length() > 1) {
            text.append(',');
        }
        text.append(quoted(name)).append(':').append(value);
        return this;
    }

    private static String quoted(String value) {
        StringBuilder quoted = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            appendEscaped(quoted, value.charAt(i));
        }
        return quoted.append('"').toString();
    }

    private static void appendEscaped(StringBuilder quoted, char c) {
        if (c == '"' || c == '\\') {
            quoted.append('\\').append(c);
        } else if (c < ' ' || Character.isSurrogate(c) || c == 0x7F) {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
        } else {
            quoted.append(c);
        }
    }

    /** The object so far. */
    @Override
    public String toString() {
        return text + "}";
    }
}
