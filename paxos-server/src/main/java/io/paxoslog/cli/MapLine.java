package io.paxoslog.cli;

import io.paxoslog.service.MapFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of the map shell: a command and its words, which blanks part; a word with blanks, or an
 * empty one, stands in double quotes, where a backslash takes what follows as it is.
 */
final class MapLine {
    /** What a line asks for. */
    enum Op {
        PUT("put KEY VALUE", 3),
        GET("get KEY", 2),
        CAS("cas KEY OLD NEW", 4),
        DEL("del KEY", 2);

        private final String usage;
        private final int words;

        Op(String usage, int words) {
            this.usage = usage;
            this.words = words;
        }

        String text() {
            return usage.substring(0, usage.indexOf(' '));
        }
    }

    private final Op op;
    private final List<byte[]> words;

    private MapLine(Op op, List<byte[]> words) {
        this.op = op;
        this.words = words;
    }

    /**
     * Reads a line; null when it is blank.
     *
     * @throws IllegalArgumentException saying in one line what is wrong with it
     */
    static MapLine read(byte[] line) {
        // One character for each byte: what is no text stays as it is.
        List<byte[]> words = new ArrayList<>();
        for (String word : split(new String(line, StandardCharsets.ISO_8859_1).strip())) {
            words.add(word.getBytes(StandardCharsets.ISO_8859_1));
        }
        return words.isEmpty() ? null : read(words);
    }

    private static MapLine read(List<byte[]> words) {
        String name = text(words.get(0));
        for (Op op : Op.values()) {
            if (op.text().equals(name)) {
                return read(op, words);
            }
        }
        throw new IllegalArgumentException(
                "'%s' is none of put, get, cas and del".formatted(shortened(name)));
    }

    private static MapLine read(Op op, List<byte[]> words) {
        if (words.size() != op.words) {
            throw new IllegalArgumentException(
                    "%s, not %d words; a word with blanks stands in double quotes"
                            .formatted(op.usage, words.size()));
        }
        int keyBytes = words.get(1).length;
        if (keyBytes < 1 || keyBytes > MapFormat.MOST_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a key has 1 to %d bytes, not %d"
                            .formatted(MapFormat.MOST_KEY_BYTES, keyBytes));
        }
        for (byte[] value : words.subList(2, words.size())) {
            if (value.length > MapFormat.MOST_VALUE_BYTES) {
                throw new IllegalArgumentException(
                        "a value has up to %d bytes, not %d"
                                .formatted(MapFormat.MOST_VALUE_BYTES, value.length));
            }
        }
        return new MapLine(op, words);
    }

    private static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            if (isBlank(line.charAt(at))) {
                at++;
            } else {
                StringBuilder word = new StringBuilder();
                at = takeWord(line, at, word);
                words.add(word.toString());
            }
        }
        return words;
    }

    private static int takeWord(String line, int begin, StringBuilder word) {
        boolean isQuoted = false;
        int at = begin;
        for (; at < line.length() && (isQuoted || !isBlank(line.charAt(at))); at++) {
            char c = line.charAt(at);
            if (c == '"') {
                isQuoted = !isQuoted;
            } else if (isQuoted && c == '\\' && at + 1 < line.length()) {
                word.append(line.charAt(++at));
            } else {
                word.append(c);
            }
        }
        if (isQuoted) {
            throw new IllegalArgumentException("a double quote is not closed");
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r';
    }

    private static String text(byte[] word) {
        return new String(word, StandardCharsets.UTF_8);
    }

    private static String shortened(String word) {
        return word.length() <= 40 ? word : word.substring(0, 40) + "...";
    }

    Op op() {
        return op;
    }

    String key() {
        return text(words.get(1));
    }

    /** What the map is asked or told. */
    byte[] bytes() {
        return switch (op) {
            case PUT -> MapFormat.put(words.get(1), words.get(2));
            case GET -> MapFormat.get(words.get(1));
            case CAS -> MapFormat.swap(words.get(1), words.get(2), words.get(3));
            case DEL -> MapFormat.delete(words.get(1));
        };
    }
}
