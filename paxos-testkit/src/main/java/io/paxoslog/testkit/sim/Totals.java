package io.paxoslog.testkit.sim;

import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What happened in one simulation, or in many. */
public final class Totals {
    private static final Fault[] FAULTS = Fault.values();
    private static final Deed[] DEEDS = Deed.values();

    private final long[] faults = new long[FAULTS.length];
    private final long[] deeds = new long[DEEDS.length];
    private long seeds;
    private long events;
    private long virtualMs;
    private long elections;
    private long restarts;
    private long operations;
    private long slots;
    private long undecided;

    /** A fault happened. */
    public void count(Fault fault) {
        faults[index(fault)]++;
    }

    /** A node did something that not all do. */
    void count(Deed deed) {
        deeds[index(deed)]++;
    }

    /** Nodes did something so many times that not all do. */
    void count(Deed deed, int times) {
        deeds[index(deed)] += times;
    }

    @SuppressWarnings("EnumOrdinal") // The order is written nowhere.
    private static int index(Deed deed) {
        return deed.ordinal();
    }

    @SuppressWarnings("EnumOrdinal") // Counted millions of times; the order is written nowhere.
    private static int index(Fault fault) {
        return fault.ordinal();
    }

    void countEvent() {
        events++;
    }

    void countElection() {
        elections++;
    }

    void countRestart() {
        restarts++;
    }

    /** Histories of keys whose check for linearizability was given up. */
    void undecided(int histories) {
        undecided += histories;
    }

    void ended(long lastedMs, long acknowledged, long committedSlots) {
        seeds++;
        virtualMs += lastedMs;
        operations += acknowledged;
        slots += committedSlots;
    }

    /** Adds what happened in other simulations. */
    public void add(Totals other) {
        for (int i = 0; i < faults.length; i++) {
            faults[i] += other.faults[i];
        }
        for (int i = 0; i < deeds.length; i++) {
            deeds[i] += other.deeds[i];
        }
        seeds += other.seeds;
        events += other.events;
        virtualMs += other.virtualMs;
        elections += other.elections;
        restarts += other.restarts;
        operations += other.operations;
        slots += other.slots;
        undecided += other.undecided;
    }

    /** All numbers by their names, to be read back by {@link #add(Map)}. */
    public SortedMap<String, Long> numbers() {
        SortedMap<String, Long> numbers = new TreeMap<>();
        numbers.put("seeds", seeds);
        numbers.put("events", events);
        numbers.put("virtualMs", virtualMs);
        numbers.put("elections", elections);
        numbers.put("restarts", restarts);
        numbers.put("operations", operations);
        numbers.put("slots", slots);
        numbers.put("undecided", undecided);
        for (Fault fault : FAULTS) {
            numbers.put(fault.name(), times(fault));
        }
        for (Deed deed : DEEDS) {
            numbers.put(deed.name(), times(deed));
        }
        return numbers;
    }

    /** Adds what {@link #numbers} said of other simulations; what has no name there is 0. */
    public void add(Map<String, Long> numbers) {
        seeds += numbers.getOrDefault("seeds", 0L);
        events += numbers.getOrDefault("events", 0L);
        virtualMs += numbers.getOrDefault("virtualMs", 0L);
        elections += numbers.getOrDefault("elections", 0L);
        restarts += numbers.getOrDefault("restarts", 0L);
        operations += numbers.getOrDefault("operations", 0L);
        slots += numbers.getOrDefault("slots", 0L);
        undecided += numbers.getOrDefault("undecided", 0L);
        for (Fault fault : FAULTS) {
            faults[index(fault)] += numbers.getOrDefault(fault.name(), 0L);
        }
        for (Deed deed : DEEDS) {
            deeds[index(deed)] += numbers.getOrDefault(deed.name(), 0L);
        }
    }

    /** How often a fault happened. */
    public long times(Fault fault) {
        return faults[index(fault)];
    }

    /** How often something was done. */
    public long times(Deed deed) {
        return deeds[index(deed)];
    }

    /** Histories played. */
    public long seeds() {
        return seeds;
    }

    /** Steps that nodes and clients took, ticks aside. */
    public long events() {
        return events;
    }

    /** Elections won. */
    public long elections() {
        return elections;
    }

    /** Commands acknowledged to clients. */
    public long operations() {
        return operations;
    }

    @Override
    public String toString() {
        return "seeds "
                + seeds
                + ", events "
                + events
                + ", virtual hours "
                + virtualMs / 3_600_000
                + ", elections "
                + elections
                + ", restarts "
                + restarts
                + ", slots "
                + slots
                + ", operations "
                + operations
                + ", histories undecided "
                + undecided
                + ", "
                + faultsSeen()
                + ", "
                + deedsSeen();
    }

    private Map<Deed, Long> deedsSeen() {
        Map<Deed, Long> seen = new EnumMap<>(Deed.class);
        for (Deed deed : DEEDS) {
            if (times(deed) > 0) {
                seen.put(deed, times(deed));
            }
        }
        return seen;
    }

    private Map<Fault, Long> faultsSeen() {
        Map<Fault, Long> seen = new EnumMap<>(Fault.class);
        for (Fault fault : FAULTS) {
            if (times(fault) > 0) {
                seen.put(fault, times(fault));
            }
        }
        return seen;
    }
}
