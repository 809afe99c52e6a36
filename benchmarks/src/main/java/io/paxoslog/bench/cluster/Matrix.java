package io.paxoslog.bench.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is to be played: groups of cells that differ only in who plays. A matrix is text: lines of
 * {@code key = value, value}, and every combination of the values is a cell; a blank line begins
 * another block of the same kind; # begins a comment. A contender may name its profile: {@code
 * aeron-cluster:best-32k}.
 */
final class Matrix {
    private Matrix() {}

    /**
     * Reads a matrix.
     *
     * @param overruling values that hold instead of those of the matrix
     * @throws CompareException saying which line is wrong
     */
    static List<List<Cell>> read(List<String> lines, Map<Key, String> overruling) {
        List<List<Cell>> groups = new ArrayList<>();
        Map<Key, String> block = new LinkedHashMap<>();
        for (String line : lines) {
            String text = line.replaceFirst("#.*", "").strip();
            if (!text.isEmpty()) {
                put(text, block);
            } else if (line.isBlank() && !block.isEmpty()) {
                groups.addAll(groups(block, overruling));
                block.clear();
            }
        }
        if (!block.isEmpty() || groups.isEmpty()) {
            groups.addAll(groups(block, overruling));
        }
        return groups;
    }

    private static void put(String text, Map<Key, String> block) {
        int sign = text.indexOf('=');
        String name = text.substring(0, Math.max(sign, 0)).strip();
        Key key =
                Key.named(name)
                        .orElseThrow(
                                () ->
                                        CompareException.wrongUse(
                                                "matrix: \"%s\" is not a line like window = 1, 256"
                                                        .formatted(text)));
        block.put(key, text.substring(sign + 1));
    }

    private static List<List<Cell>> groups(Map<Key, String> block, Map<Key, String> overruling) {
        Map<Key, String> lists = new LinkedHashMap<>(block);
        lists.putAll(overruling);
        String contenders = lists.getOrDefault(Key.CONTENDER, Key.CONTENDER.standard());
        lists.remove(Key.CONTENDER);
        List<List<Cell>> groups = new ArrayList<>();
        for (Map<Key, String> shared : combinations(lists)) {
            groups.add(values(contenders).stream().map(name -> cell(shared, name)).toList());
        }
        return groups;
    }

    private static Cell cell(Map<Key, String> shared, String contender) {
        Map<Key, String> chosen = new EnumMap<>(Key.class);
        chosen.putAll(shared);
        int colon = contender.indexOf(':');
        if (colon < 0) {
            chosen.put(Key.CONTENDER, contender);
        } else {
            chosen.put(Key.CONTENDER, contender.substring(0, colon));
            chosen.put(Key.PROFILE, contender.substring(colon + 1));
        }
        return new Cell(chosen);
    }

    /** Every combination of one value for each key; the last key changes fastest. */
    private static List<Map<Key, String>> combinations(Map<Key, String> lists) {
        List<Map<Key, String>> all = List.of(Map.of());
        for (Map.Entry<Key, String> list : lists.entrySet()) {
            List<Map<Key, String>> longer = new ArrayList<>();
            for (Map<Key, String> shorter : all) {
                for (String value : values(list.getValue())) {
                    Map<Key, String> chosen = new LinkedHashMap<>(shorter);
                    chosen.put(list.getKey(), value);
                    longer.add(chosen);
                }
            }
            all = longer;
        }
        return all;
    }

    private static List<String> values(String list) {
        return Arrays.stream(list.split(",", -1)).map(String::strip).toList();
    }
}
