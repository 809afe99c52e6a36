package io.paxoslog.bench.cluster;

import io.paxoslog.bench.contender.Contenders;
import io.paxoslog.bench.contender.Idle;
import io.paxoslog.bench.contender.Threads;
import io.paxoslog.bench.load.LoadPlan;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** All settings of one run, checked. Immutable. */
final class Cell {
    private static final long KILL_AFTER_NS = TimeUnit.SECONDS.toNanos(2);

    private final EnumMap<Key, String> values;

    /**
     * @throws CompareException naming the setting that is wrong
     */
    Cell(Map<Key, String> chosen) {
        values = new EnumMap<>(Key.class);
        for (Key key : Key.values()) {
            String value = chosen.getOrDefault(key, key.standard());
            key.check(value);
            values.put(key, value);
        }
        if (hasKill() && (contender() == Contenders.FLOOR || nodes() < 3)) {
            throw CompareException.wrongUse(
                    "--kill: needs paxoslog or aeron-cluster on at least 3 nodes");
        }
        if (hasAway() && !canBeAway()) {
            throw CompareException.wrongUse(
                    "--away: needs paxoslog on at least 3 nodes, no --kill, and --sample");
        }
    }

    private boolean canBeAway() {
        return contender() == Contenders.PAXOSLOG
                && nodes() >= 3
                && !hasKill()
                && number(Key.SAMPLE) != 0;
    }

    /** Reads what {@link #arguments()} wrote. */
    static Cell parse(List<String> arguments) {
        Map<Key, String> chosen = new EnumMap<>(Key.class);
        for (String argument : arguments) {
            int sign = argument.indexOf('=');
            String name = argument.substring(0, Math.max(sign, 0));
            Key key =
                    Key.named(name)
                            .orElseThrow(
                                    () ->
                                            CompareException.wrongUse(
                                                    "there is no setting " + argument));
            chosen.put(key, argument.substring(sign + 1));
        }
        return new Cell(chosen);
    }

    /** Every setting as NAME=VALUE. */
    List<String> arguments() {
        return Arrays.stream(Key.values()).map(key -> key.text() + "=" + values.get(key)).toList();
    }

    /** Every setting by its name. */
    Map<String, Object> texts() {
        Map<String, Object> texts = new LinkedHashMap<>();
        values.forEach((key, value) -> texts.put(key.text(), value));
        return texts;
    }

    String get(Key key) {
        return values.get(key);
    }

    int number(Key key) {
        return Integer.parseInt(values.get(key));
    }

    private boolean isByProfile(Key key) {
        return values.get(key).equals(Key.BY_PROFILE);
    }

    private Profile profile() {
        return Profile.named(get(Key.PROFILE));
    }

    private static <E extends Enum<E>> E choice(Class<E> type, String text) {
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    Contenders contender() {
        return choice(Contenders.class, get(Key.CONTENDER));
    }

    int nodes() {
        return number(Key.NODES);
    }

    boolean isTuned() {
        return profile().isTuned();
    }

    /** Null for what the contender does by itself. */
    Idle idle() {
        return isByProfile(Key.IDLE) ? profile().idle() : choice(Idle.class, get(Key.IDLE));
    }

    /** Null for what the contender does by itself. */
    Threads threads() {
        return isByProfile(Key.THREADS)
                ? profile().threads()
                : choice(Threads.class, get(Key.THREADS));
    }

    /** 0 for what the contender does by itself. */
    int mtuBytes() {
        if (!isByProfile(Key.MTU)) {
            return number(Key.MTU);
        }
        // PaxosLog finds out by itself what the interface carries.
        return contender() == Contenders.PAXOSLOG ? 0 : profile().mtuBytes();
    }

    /** Which Java runs it. */
    String java() {
        return isByProfile(Key.JAVA) ? profile().java() : get(Key.JAVA);
    }

    boolean hasAway() {
        return number(Key.AWAY) != 0;
    }

    boolean hasKill() {
        return number(Key.KILL) != 0;
    }

    LoadPlan plan() {
        return new LoadPlan(
                number(Key.PAYLOAD),
                number(Key.WINDOW),
                Double.parseDouble(get(Key.RATE)),
                TimeUnit.SECONDS.toNanos(number(Key.WARMUP)),
                TimeUnit.SECONDS.toNanos(number(Key.SECONDS)),
                TimeUnit.SECONDS.toNanos(number(Key.SAMPLE)),
                hasKill() ? KILL_AFTER_NS : -1,
                hasKill() && contender() == Contenders.AERON_CLUSTER);
    }

    /** What people need to tell it from its neighbours, in one line. */
    String title() {
        StringBuilder title = new StringBuilder(get(Key.CONTENDER));
        values.forEach(
                (key, value) -> {
                    if (key != Key.CONTENDER && !value.equals(key.standard())) {
                        title.append(' ').append(key.text()).append('=').append(value);
                    }
                });
        return title.toString();
    }
}
