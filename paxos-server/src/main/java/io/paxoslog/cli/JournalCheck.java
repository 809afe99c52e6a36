package io.paxoslog.cli;

import io.paxoslog.core.Batch;
import io.paxoslog.log.JournalException;
import io.paxoslog.log.JournalInspector;
import io.paxoslog.service.CommandApplier;
import io.paxoslog.service.SessionLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares what the journals of stopped nodes hold, each read from its own files: the same value in
 * every slot up to the highest commit index that all of them know, and each acknowledged command
 * once, in the slot its reply named.
 */
final class JournalCheck {
    private final List<Path> directories;
    private final NumberedLoad load;
    private final List<String> problems = new ArrayList<>();
    private long slots;

    private JournalCheck(List<Path> directories, NumberedLoad load) {
        this.directories = directories;
        this.load = load;
    }

    /** Reads and compares. What is wrong is in {@link #problems()}. */
    static JournalCheck of(List<Path> directories, NumberedLoad load) {
        JournalCheck check = new JournalCheck(directories, load);
        try {
            check.run();
        } catch (JournalException e) {
            check.problems.add(e.getMessage());
        }
        return check;
    }

    private void run() {
        slots =
                directories.stream()
                        .mapToLong(JournalCheck::commitIndexIn)
                        .min()
                        .orElseThrow(() -> new IllegalArgumentException("no journals"));
        if (slots < load.lastSlot()) {
            problems.add(
                    "a command was acknowledged in slot "
                            + load.lastSlot()
                            + ", but only "
                            + slots
                            + " slots are known chosen everywhere");
        }
        long first = hashOf(directories.get(0));
        for (Path directory : directories.subList(1, directories.size())) {
            if (hashOf(directory) != first) {
                problems.add(
                        directory
                                + " holds another log than "
                                + directories.get(0)
                                + " up to "
                                + slots);
            }
        }
    }

    private static long commitIndexIn(Path directory) {
        return JournalInspector.inspect(directory, (entry, batch) -> {}).commitIndex();
    }

    /** Applies one journal from the start, as its node would, and returns the hash of it. */
    private long hashOf(Path directory) {
        HeldCommands commands = new HeldCommands(load.acknowledged(), load::slotOf);
        CommandApplier applier = new CommandApplier(commands, SessionLimits.DEFAULT);
        Batch part = new Batch();
        JournalInspector.committed(
                directory,
                batch -> {
                    if (batch.firstSlot() <= slots) {
                        applier.committed(part.slice(batch, batch.firstSlot(), slots));
                    }
                });
        note(directory, commands.missing(), "are missing");
        note(directory, commands.repeated(), "took effect twice");
        note(directory, commands.misplaced(), "are not in the slot of their reply");
        return applier.appliedHash();
    }

    private void note(Path directory, long count, String what) {
        if (count > 0) {
            problems.add(directory + ": " + count + " acknowledged commands " + what);
        }
    }

    /** What is wrong, one line each; empty when all is well. */
    List<String> problems() {
        return problems;
    }

    /** How many slots were compared. */
    long slots() {
        return slots;
    }

    /** The outcome for people. */
    String text() {
        return problems.isEmpty()
                ? String.format(
                        Locale.ROOT,
                        "all %d hold the same %,d slots, and every acknowledged command once",
                        directories.size(),
                        slots)
                : "NOT the same: " + String.join("; ", problems);
    }
}
