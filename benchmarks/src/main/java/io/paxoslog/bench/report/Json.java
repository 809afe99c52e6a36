package io.paxoslog.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads and writes JSON. Objects are maps in the order of their fields, arrays lists, numbers longs
 * where they are whole and doubles else.
 */
public final class Json {
    private static final int HEX = 16;
    private static final int HEX_DIGITS = 4;

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** Writes a value on one line. */
    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    private static void append(StringBuilder out, Object value) {
        if (value instanceof Map<?, ?> map) {
            out.append('{');
            map.forEach(
                    (name, field) -> {
                        appendComma(out, '{');
                        appendText(out, name.toString());
                        out.append(':');
                        append(out, field);
                    });
            out.append('}');
        } else if (value instanceof List<?> list) {
            out.append('[');
            list.forEach(
                    element -> {
                        appendComma(out, '[');
                        append(out, element);
                    });
            out.append(']');
        } else if (value instanceof Double || value instanceof Float) {
            appendNumber(out, ((Number) value).doubleValue());
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else {
            appendText(out, value.toString());
        }
    }

    private static void appendComma(StringBuilder out, char opening) {
        if (out.charAt(out.length() - 1) != opening) {
            out.append(',');
        }
    }

    private static void appendNumber(StringBuilder out, double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            out.append((long) number);
        } else {
            out.append(Double.isFinite(number) ? String.format(Locale.ROOT, "%.6g", number) : null);
        }
    }

    private static void appendText(StringBuilder out, String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /**
     * Reads one value.
     *
     * @throws IllegalArgumentException saying where the text is not JSON
     */
    public static Object read(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.skipBlanks();
        if (json.at < text.length()) {
            throw json.wrong("the end");
        }
        return value;
    }

    private Object value() {
        skipBlanks();
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> map = new LinkedHashMap<>();
        take('{');
        while (isNotAtEnd('}', map.isEmpty())) {
            skipBlanks();
            String name = string();
            skipBlanks();
            take(':');
            map.put(name, value());
        }
        return map;
    }

    private List<Object> array() {
        List<Object> list = new ArrayList<>();
        take('[');
        while (isNotAtEnd(']', list.isEmpty())) {
            list.add(value());
        }
        return list;
    }

    /** Takes the closing character if it is next, and the comma before another element if not. */
    private boolean isNotAtEnd(char closing, boolean isFirst) {
        skipBlanks();
        if (peek() == closing) {
            at++;
            return false;
        }
        if (!isFirst) {
            take(',');
        }
        return true;
    }

    private String string() {
        take('"');
        StringBuilder read = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            read.append(c == '\\' ? escaped() : c);
        }
        at++;
        return read.toString();
    }

    private char escaped() {
        char c = peek();
        at++;
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> unicode();
            case '"', '\\', '/' -> c;
            default -> throw wrong("an escape");
        };
    }

    private char unicode() {
        if (at + HEX_DIGITS > text.length()) {
            throw wrong("four digits");
        }
        at += HEX_DIGITS;
        return (char) Integer.parseInt(text.substring(at - HEX_DIGITS, at), HEX);
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw wrong(word);
        }
        at += word.length();
        return value;
    }

    private Object number() {
        int start = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String read = text.substring(start, at);
        try {
            return isWhole(read) ? (Object) Long.valueOf(read) : (Object) Double.valueOf(read);
        } catch (NumberFormatException e) {
            at = start;
            throw wrong("a value");
        }
    }

    private static boolean isWhole(String read) {
        return read.indexOf('.') < 0 && read.indexOf('e') < 0 && read.indexOf('E') < 0;
    }

    private void take(char c) {
        if (peek() != c) {
            throw wrong("'" + c + "'");
        }
        at++;
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong("more");
        }
        return text.charAt(at);
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException("not JSON: expected " + expected + " at " + at);
    }
}
