package io.paxoslog.testkit.sim;

import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import io.paxoslog.codecs.journal.RecordDecoder;
import io.paxoslog.testkit.disk.SimulatedFile;
import io.paxoslog.testkit.disk.SimulatedFiles;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a disk did to records that it had said were safe, and whether what is left of the journal
 * proves that they were there. A journal that cannot know must not be blamed for what it lost.
 */
final class Damage {
    private static final int HEAD_BYTES =
            MessageHeaderDecoder.ENCODED_LENGTH + RecordDecoder.BLOCK_LENGTH;

    private record Broken(SimulatedFile file, SimulatedFile.Extent record, long position) {}

    private final List<Broken> broken = new ArrayList<>();
    private boolean isSnapshotBroken;
    private int brokenAtStart;

    /** Something was broken: the node may be refused, or be left with less than it forced. */
    boolean isDone() {
        return !broken.isEmpty() || isSnapshotBroken;
    }

    /** A process read all of the journal. */
    void noteStart() {
        brokenAtStart = broken.size();
    }

    /** Whether a start has met all that was broken in the journal. */
    boolean isMet() {
        return brokenAtStart == broken.size();
    }

    /** A file of a snapshot is not as it was written. */
    void snapshotIsBroken() {
        isSnapshotBroken = true;
    }

    /**
     * Breaks one record that is on the disk.
     *
     * @return whether there was one
     */
    boolean rot(SimulatedFiles files, SimRandom random) {
        Broken target = pick(files, random);
        if (target == null) {
            return false;
        }
        int at = target.record.offset() + random.below(target.record.length());
        target.file.flip(at, random.below(8));
        broken.add(target);
        return true;
    }

    /**
     * One record lands where another one is: that one is gone, and at its own place lies what was
     * there before.
     */
    boolean misdirect(SimulatedFiles files, SimRandom random) {
        Broken moved = pick(files, random);
        if (moved == null) {
            return false;
        }
        SimulatedFile file = moved.file;
        List<SimulatedFile.Extent> all = file.records();
        SimulatedFile.Extent hit = all.get(random.below(all.size()));
        if (hit.equals(moved.record) || !file.isDurable(hit) || isBroken(file, hit)) {
            return false;
        }
        Broken overwritten = new Broken(file, hit, position(file, hit));
        int from = moved.record.offset();
        int length = Math.min(moved.record.length(), hit.length());
        byte[] bytes = file.read(from, from + length);
        file.overwrite(from, new byte[moved.record.length()]);
        file.overwrite(hit.offset(), bytes);
        broken.add(moved);
        broken.add(overwritten);
        return true;
    }

    private Broken pick(SimulatedFiles files, SimRandom random) {
        List<SimulatedFile> all = files.files();
        if (all.isEmpty()) {
            return null;
        }
        SimulatedFile file = all.get(random.below(all.size()));
        if (file.records().isEmpty()) {
            return null;
        }
        SimulatedFile.Extent record = file.records().get(random.below(file.records().size()));
        boolean isThere = file.isDurable(record) && !isBroken(file, record);
        return isThere ? new Broken(file, record, position(file, record)) : null;
    }

    /** A force may have lost what it said was safe. */
    void noteLostWrites(SimulatedFiles files) {
        for (SimulatedFile file : files.files()) {
            for (SimulatedFile.Extent lost : file.takeLost()) {
                broken.add(new Broken(file, lost, position(file, lost)));
            }
        }
    }

    /**
     * Whether the journal may take something that was broken for a torn tail: nothing else on the
     * disk says that it was forced.
     */
    boolean mayHideIn(SimulatedFiles files) {
        if (broken.isEmpty()) {
            return false;
        }
        long last = broken.stream().mapToLong(Broken::position).max().orElseThrow();
        return provenPosition(files, true) <= last;
    }

    /**
     * Whether a record was broken that the journal may know to be forced: after a kill it reads
     * what is not on the disk, too.
     */
    boolean isProvenIn(SimulatedFiles files) {
        long proven = provenPosition(files, false);
        return broken.stream().anyMatch(one -> one.position < proven);
    }

    /** The highest position that an unbroken record, or the head of a torn one, says was forced. */
    private long provenPosition(SimulatedFiles files, boolean onlyDurable) {
        long proven = 0;
        for (SimulatedFile file : files.files()) {
            for (SimulatedFile.Extent record : file.records()) {
                boolean counts = !onlyDurable || file.isDurable(record);
                if (counts && !isBroken(file, record)) {
                    proven = Math.max(proven, fields(file, record).forcedPosition());
                }
            }
            for (SimulatedFile.Torn torn : file.torn()) {
                if (torn.leftBytes() >= HEAD_BYTES) {
                    proven = Math.max(proven, fields(file, torn.record()).forcedPosition());
                }
            }
        }
        return proven;
    }

    private boolean isBroken(SimulatedFile file, SimulatedFile.Extent record) {
        return broken.stream().anyMatch(one -> one.file == file && one.record.equals(record));
    }

    private static long position(SimulatedFile file, SimulatedFile.Extent record) {
        return fields(file, record).position();
    }

    private static RecordDecoder fields(SimulatedFile file, SimulatedFile.Extent record) {
        int from = record.offset();
        UnsafeBuffer bytes = new UnsafeBuffer(file.read(from, from + record.length()));
        return new RecordDecoder().wrapAndApplyHeader(bytes, 0, new MessageHeaderDecoder());
    }
}
