package io.paxoslog.server;

import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;

/**
 * One setting of a node: its name, unit, default, limits and meaning. Immutable once it is
 * declared.
 *
 * @param <T> what a value is read as
 */
public final class Setting<T> {
    /** Begins the names of all variables. */
    static final String VARIABLE_PREFIX = "PAXOSLOG_";

    private final String name;
    private final String unit;
    private final String defaultText;
    private final String limits;
    private final String description;
    private final Function<String, T> reader;
    private Setting<Integer> leader;
    private IntUnaryOperator needed;

    private Setting(
            String name,
            String unit,
            String defaultText,
            String limits,
            String description,
            Function<String, T> reader) {
        this.name = name;
        this.unit = unit;
        this.defaultText = defaultText;
        this.limits = limits;
        this.description = description;
        this.reader = reader;
    }

    static Setting<Integer> integer(
            String name, String unit, Integer standard, int min, int max, String description) {
        return new Setting<>(
                name,
                unit,
                standard == null ? null : standard.toString(),
                "a whole number from " + min + " to " + max,
                description,
                text -> inRange(Integer.parseInt(text), min, max));
    }

    static Setting<Long> large(
            String name, String unit, long standard, long min, long max, String description) {
        return new Setting<>(
                name,
                unit,
                Long.toString(standard),
                "a whole number from " + min + " to " + max,
                description,
                text -> inRange(Long.parseLong(text), min, max));
    }

    /**
     * A size that rises above its default where another one needs it.
     *
     * @param needed the least that goes with a value of the other
     */
    static Setting<Integer> following(
            Setting<Integer> leader, IntUnaryOperator needed, Setting<Integer> follower) {
        follower.leader = leader;
        follower.needed = needed;
        return follower;
    }

    private static Integer inRange(int value, int min, int max) {
        return (int) inRange((long) value, min, max);
    }

    private static long inRange(long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException();
        }
        return value;
    }

    static <E extends Enum<E>> Setting<E> choice(
            String name, E standard, Class<E> type, String description) {
        String choices =
                Arrays.stream(type.getEnumConstants())
                        .map(Setting::nameOf)
                        .collect(Collectors.joining(", "));
        return new Setting<>(
                name,
                "",
                nameOf(standard),
                "one of " + choices,
                description,
                text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_')));
    }

    /** As a setting spells it. */
    public static String nameOf(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static <T> Setting<T> text(
            String name,
            String standard,
            String limits,
            String description,
            Function<String, T> reader) {
        return new Setting<>(name, "", standard, limits, description, reader);
    }

    /**
     * Reads a value.
     *
     * @throws ConfigException naming the setting, the value and what would be right
     */
    T read(String text) {
        if (hasLostBytes(text)) {
            throw unreadable(text);
        }
        try {
            return reader.apply(text.strip());
        } catch (InvalidPathException e) {
            throw unreadable(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name + ": \"" + text + "\" is not " + limits);
        }
    }

    /** Whether it came in another encoding than it was read in. */
    private static boolean hasLostBytes(String text) {
        return text.codePoints().anyMatch(c -> c == 0xFFFD || (c >= 0xD800 && c <= 0xDFFF));
    }

    private ConfigException unreadable(String text) {
        return new ConfigException(
                "%s: \"%s\" cannot be read in this locale, whose encoding is %s; try LC_ALL=C.UTF-8"
                        .formatted(name, text, System.getProperty("sun.jnu.encoding")));
    }

    /** The setting that this one follows unless it is said itself; null for most. */
    public Setting<Integer> follows() {
        return leader;
    }

    /** The value that goes with a value of the setting that this one follows. */
    int beside(int valueOfLeader) {
        return Math.max(Integer.parseInt(defaultText), needed.applyAsInt(valueOfLeader));
    }

    /** Whether there is no default. */
    public boolean isRequired() {
        return defaultText == null;
    }

    /** Name in a properties file, and as a flag behind two dashes. */
    public String name() {
        return name;
    }

    /** Name in the environment. */
    public String variable() {
        return VARIABLE_PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** Unit of the value; empty when it has none. */
    public String unit() {
        return unit;
    }

    /** The value when nothing is said; null when something must be said. */
    public String defaultText() {
        return defaultText;
    }

    /** What a value must be. */
    public String limits() {
        return limits;
    }

    /** What it decides. */
    public String description() {
        return description;
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
