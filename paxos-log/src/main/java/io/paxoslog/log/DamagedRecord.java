package io.paxoslog.log;

import java.nio.file.Path;

/**
 * Slots whose record a reader cannot read back as it was written. They are unknown here: neither
 * held nor empty, and whoever wants them asks another node.
 *
 * @param file that holds the record
 * @param offset of the record in the file, or from where it was looked for
 * @param firstSlot first slot that cannot be read
 * @param lastSlot last slot that cannot be read, as far as it is known
 * @param why what is wrong, for people
 */
public record DamagedRecord(Path file, long offset, long firstSlot, long lastSlot, String why) {
    @Override
    public String toString() {
        String slots =
                firstSlot == lastSlot
                        ? "slot " + firstSlot
                        : "slots " + firstSlot + " to " + lastSlot;
        return slots + " in " + file + " at byte " + offset + ": " + why;
    }
}
