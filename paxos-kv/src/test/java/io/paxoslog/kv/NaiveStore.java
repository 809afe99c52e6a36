package io.paxoslog.kv;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the store is held against: every change of every key in lists, searched from the front. */
final class NaiveStore {
    record Change(long revision, String value, long created, long version) {}

    final TreeMap<String, List<Change>> keys = new TreeMap<>();
    long revision = 1;
    long compacted = -1;
    private boolean isChanged;

    Change at(String key, long when) {
        Change found = null;
        for (Change change : keys.getOrDefault(key, List.of())) {
            found = change.revision <= when ? change : found;
        }
        return found == null || found.value == null ? null : found;
    }

    Change now(String key) {
        return at(key, Long.MAX_VALUE);
    }

    void put(String key, String value) {
        Change before = now(key);
        long main = revision + 1;
        keys.computeIfAbsent(key, k -> new ArrayList<>())
                .add(
                        new Change(
                                main,
                                value,
                                before == null ? main : before.created,
                                before == null ? 1 : before.version + 1));
        isChanged = true;
    }

    /** Returns how many. */
    int delete(String from, String end) {
        List<String> gone =
                keys.keySet().stream()
                        .filter(key -> isWithin(key, from, end) && now(key) != null)
                        .toList();
        gone.forEach(key -> keys.get(key).add(new Change(revision + 1, null, 0, 0)));
        isChanged |= !gone.isEmpty();
        return gone.size();
    }

    void endWrite() {
        revision += isChanged ? 1 : 0;
        isChanged = false;
    }

    /** Null as end: the one key. */
    static boolean isWithin(String key, String from, String end) {
        return end == null ? key.equals(from) : key.compareTo(from) >= 0 && key.compareTo(end) < 0;
    }

    List<String> range(String from, String end, long when) {
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, List<Change>> key : keys.entrySet()) {
            Change change = isWithin(key.getKey(), from, end) ? at(key.getKey(), when) : null;
            if (change != null) {
                found.add(text(key.getKey(), change));
            }
        }
        return found;
    }

    List<String> byModification(long when) {
        return keys.keySet().stream()
                .filter(key -> at(key, when) != null)
                .sorted(
                        Comparator.comparing((String key) -> at(key, when).revision)
                                .thenComparing(key -> key))
                .toList();
    }

    private static String text(String key, Change change) {
        return "%s=%s c%d m%d v%d l0"
                .formatted(key, change.value, change.created, change.revision, change.version);
    }
}
