package io.paxoslog.testkit.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Names, and which of them the disk would still know after a loss of power. */
final class SimulatedDirectory implements SimulatedEntry {
    /**
     * One change, which the disk makes whole or not at all.
     *
     * @param removed null when none goes
     * @param added null when none comes
     */
    private record Change(String removed, String added, SimulatedEntry entry, long write) {
        void applyTo(Map<String, SimulatedEntry> names) {
            if (removed != null) {
                names.remove(removed);
            }
            if (added != null) {
                names.put(added, entry);
            }
        }
    }

    private Map<String, SimulatedEntry> names = new TreeMap<>();
    private final Map<String, SimulatedEntry> durable = new TreeMap<>();
    private final List<Change> unforced = new ArrayList<>();

    SimulatedEntry get(String name) {
        return names.get(name);
    }

    Map<String, SimulatedEntry> names() {
        return names;
    }

    void add(String name, SimulatedEntry entry, long write) {
        change(new Change(null, name, entry, write));
    }

    void remove(String name, long write) {
        change(new Change(name, null, null, write));
    }

    void rename(String from, String to, long write) {
        change(new Change(from, to, names.get(from), write));
    }

    private void change(Change change) {
        change.applyTo(names);
        unforced.add(change);
    }

    void force() {
        unforced.forEach(change -> change.applyTo(durable));
        unforced.clear();
    }

    void losePower(PowerLoss loss) {
        long[] writes = unforced.stream().mapToLong(Change::write).toArray();
        int left = loss.changesLeft(writes, writes.length);
        unforced.subList(0, left).forEach(change -> change.applyTo(durable));
        unforced.clear();
        names = new TreeMap<>(durable);
        for (SimulatedEntry entry : names.values()) {
            if (entry instanceof SimulatedDirectory directory) {
                directory.losePower(loss);
            } else if (entry instanceof SimulatedFile file) {
                file.losePower(loss);
            }
        }
    }

    @Override
    public SimulatedDirectory copy(SimulatedFiles to) {
        SimulatedDirectory copy = new SimulatedDirectory();
        names.forEach((name, entry) -> copy.names.put(name, entry.copy(to)));
        copy.durable.putAll(copy.names);
        return copy;
    }
}
