package io.paxoslog.cli;

import io.paxoslog.service.MapFormat;
import java.util.List;

/** One line of the map shell: a command and its words. */
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
        List<byte[]> words = ShellWords.of(line);
        return words.isEmpty() ? null : read(words);
    }

    /**
     * Reads the words of a line.
     *
     * @throws IllegalArgumentException as above
     */
    static MapLine read(List<byte[]> words) {
        String name = ShellWords.text(words.get(0));
        for (Op op : Op.values()) {
            if (op.text().equals(name)) {
                return read(op, words);
            }
        }
        throw new IllegalArgumentException(
                "'%s' is none of put, get, cas and del".formatted(ShellWords.shown(words.get(0))));
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

    Op op() {
        return op;
    }

    String key() {
        return ShellWords.text(words.get(1));
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
