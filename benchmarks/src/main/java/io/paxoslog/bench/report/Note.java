package io.paxoslog.bench.report;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** What one run has noted. */
final class Note {
    private static final String CONTENDER = "contender";
    private static final String PROFILE = "profile";

    private final Map<?, ?> fields;

    private Note(Map<?, ?> fields) {
        this.fields = fields;
    }

    /**
     * @throws IllegalArgumentException when the line is not a note
     */
    static Note read(String line) {
        if (Json.read(line) instanceof Map<?, ?> fields && fields.get("cell") instanceof Map) {
            return new Note(fields);
        }
        throw new IllegalArgumentException("not the note of a run");
    }

    /** Who played: the contender and its profile. */
    String player() {
        return text(CONTENDER) + ":" + text(PROFILE);
    }

    boolean isOf(String contender) {
        return text(CONTENDER).equals(contender);
    }

    /** All settings that contenders have in common. */
    Map<String, String> shared() {
        Map<String, String> shared = new TreeMap<>();
        map("cell")
                .forEach(
                        (name, value) -> {
                            if (!name.equals(CONTENDER) && !name.equals(PROFILE)) {
                                shared.put(name.toString(), value.toString());
                            }
                        });
        return shared;
    }

    String text(String setting) {
        return String.valueOf(map("cell").get(setting));
    }

    /** A setting that is a number. */
    double setting(String name) {
        return Double.parseDouble(text(name));
    }

    /** A field that is a number. */
    double number(String name) {
        return numberIn(fields, name);
    }

    /** A latency in microseconds, as "p99". */
    double latencyUs(String name) {
        return numberIn(map("latency_us"), name);
    }

    /** What a command cost the nodes together, in the unit of the cost; empty if not counted. */
    OptionalDouble nodesCost(String cost) {
        return sum(cost, name -> name.startsWith("node"));
    }

    /** What a command cost the client; empty if not counted. */
    OptionalDouble clientCost(String cost) {
        return sum(cost, name -> name.equals("client"));
    }

    private OptionalDouble sum(String cost, Predicate<String> isWanted) {
        double sum = 0;
        for (Object process : (List<?>) fields.get("processes")) {
            Map<?, ?> of = (Map<?, ?>) process;
            if (isWanted.test(of.get("name").toString())) {
                Object value = ((Map<?, ?>) of.get("per_command")).get(cost);
                if (value == null) {
                    return OptionalDouble.empty();
                }
                sum += ((Number) value).doubleValue();
            }
        }
        return OptionalDouble.of(sum);
    }

    /** Latencies in nanoseconds. */
    Histogram histogram() {
        byte[] bytes = Base64.getDecoder().decode(fields.get("histogram").toString());
        try {
            return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), 0);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("a histogram cannot be read", e);
        }
    }

    /** Machine and versions in one line. */
    String surroundings() {
        Map<?, ?> machine = map("machine");
        Map<?, ?> versions = map("versions");
        return "%s cores of %s, %s, %s; PaxosLog %s, Aeron %s, Java %s"
                .formatted(
                        machine.get("cores"),
                        machine.get("cpu"),
                        machine.get("memory"),
                        machine.get("kernel"),
                        versions.get("paxoslog"),
                        versions.get("aeron"),
                        versions.get("java"));
    }

    /** Load of the machine in the minute before the run. */
    double loadBefore() {
        String load = String.valueOf(map("machine").get("load_before"));
        try {
            return Double.parseDouble(load.split(" ", 2)[0]);
        } catch (NumberFormatException unknown) {
            return Double.NaN;
        }
    }

    private Map<?, ?> map(String name) {
        return (Map<?, ?>) fields.get(name);
    }

    private static double numberIn(Map<?, ?> map, String name) {
        return ((Number) map.get(name)).doubleValue();
    }
}
