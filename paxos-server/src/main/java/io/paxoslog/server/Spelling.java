package io.paxoslog.server;

import java.util.Comparator;
import java.util.List;

/** Finds the word that somebody meant. */
final class Spelling {
    private static final int MOST_SLIPS = 3;

    private Spelling() {}

    /** Asks for the nearest of the known words, or lists them all when none is near. */
    static String advice(String word, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(other -> distance(word, other)))
                .filter(
                        nearest ->
                                distance(word, nearest) <= Math.min(MOST_SLIPS, word.length() / 3))
                .map(nearest -> "did you mean " + nearest + "?")
                .orElseGet(() -> "there are " + String.join(", ", known));
    }

    /** Letters to put in, take out or change to make one word of the other. */
    static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int k = 0; k <= to.length(); k++) {
            row[k] = k;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int k = 1; k <= to.length(); k++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(k - 1) ? 0 : 1);
                diagonal = row[k];
                row[k] = Math.min(changed, 1 + Math.min(row[k], row[k - 1]));
            }
        }
        return row[to.length()];
    }
}
