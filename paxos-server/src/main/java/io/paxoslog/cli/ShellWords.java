package io.paxoslog.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of a line, which blanks part; a word with blanks, or an empty one, stands in double
 * quotes, where a backslash takes what follows as it is.
 */
public final class ShellWords {
    private static final int LONGEST_SHOWN = 40;

    private ShellWords() {}

    /**
     * The words of a line; none where it is blank.
     *
     * @throws IllegalArgumentException saying in one line what is wrong with it
     */
    static List<byte[]> of(byte[] line) {
        // One character for each byte: what is no text stays as it is.
        List<byte[]> words = new ArrayList<>();
        for (String word : split(new String(line, StandardCharsets.ISO_8859_1).strip())) {
            words.add(word.getBytes(StandardCharsets.ISO_8859_1));
        }
        return words;
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

    /** A word as text. */
    public static String text(byte[] word) {
        return new String(word, StandardCharsets.UTF_8);
    }

    /** A word as it is shown to whoever typed it. */
    public static String shown(byte[] word) {
        String text = text(word);
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }
}
