package io.paxoslog.log;

import io.paxoslog.log.JournalException.Kind;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds out whether the files of a node are as they were written and keep the rules of the
 * protocol. Takes no lock and changes nothing: the node may be stopped, or run and append
 * meanwhile.
 */
public final class JournalVerifier {
    /** A node that runs drops files that do not count any more. */
    private static final int LOOKS = 3;

    /**
     * One thing that is wrong.
     *
     * @param file where; a directory when it is no single file
     * @param offset byte of the file; negative when it is no single place
     * @param firstSlot first slot that cannot be trusted; 0 when that cannot be told
     * @param lastSlot last slot that cannot be trusted, as far as that can be told
     * @param what what is wrong, for people
     * @param todo what to do, for people
     */
    public record Finding(
            Path file, long offset, long firstSlot, long lastSlot, String what, String todo) {}

    /**
     * What lies behind this place was not proven forced and does not follow: it was being written
     * when the node was killed or the power went, and its next start leaves it out.
     */
    public record TornTail(Path file, long offset) {}

    /**
     * How the files are.
     *
     * @param segments files of records that count
     * @param records that follow one another
     * @param firstKept first slot that the journal holds
     * @param commitIndex every slot up to it is known chosen
     * @param snapshots slots of the snapshots that are whole, newest first
     * @param torn where the tail is torn, which is no damage; null when it is not
     * @param repaired the first damaged places that were made good: what they held was written down
     *     again, or is in a snapshot
     * @param count how many things are wrong
     * @param findings the first of them
     */
    public record Report(
            int node,
            int segments,
            long records,
            long firstKept,
            long commitIndex,
            List<Long> snapshots,
            TornTail torn,
            List<Finding> repaired,
            long count,
            List<Finding> findings) {
        /** Whether nothing is wrong. */
        public boolean isWell() {
            return count == 0;
        }
    }

    private JournalVerifier() {}

    /**
     * Reads every record of a node.
     *
     * @param directory the node's directory
     * @throws JournalException ABSENT when there is no node; NEWER_FORMAT; DAMAGED when not even
     *     whose directory it is can be read; NOT_WRITABLE when it cannot be read at all
     */
    public static Report verify(Path directory) {
        return verify(directory, FileDisk.REAL);
    }

    static Report verify(Path directory, Disk disk) {
        try {
            Identity identity = Identity.read(disk, directory);
            if (identity == null) {
                throw new JournalException(
                        Kind.ABSENT,
                        directory
                                + " is no directory of a node: give one that a node was started on"
                                + " once");
            }
            return look(directory, disk, identity);
        } catch (IOException e) {
            throw new JournalException(
                    Kind.NOT_WRITABLE,
                    "cannot read the journal in " + directory + ": " + e.getMessage(),
                    e);
        }
    }

    private static Report look(Path directory, Disk disk, Identity identity) throws IOException {
        SegmentFiles files = new SegmentFiles(disk, directory.resolve("journal"));
        for (int look = 1; ; look++) {
            try {
                Findings findings = new Findings();
                RecordRules rules = new RecordRules(findings);
                ChainCheck chain =
                        new ChainCheck(
                                files,
                                identity,
                                Part.find(files, files.list(), identity.incarnation()),
                                findings,
                                rules,
                                look == LOOKS);
                chain.run();
                // After the journal: a node that runs drops records behind a snapshot only.
                SnapshotCheck snapshots = new SnapshotCheck(disk, directory, findings);
                snapshots.run();
                snapshots.requireJoined(files.directory(), chain.firstKept());
                List<Finding> repaired = chain.settle(rules, snapshots.newest());
                return report(identity, chain, snapshots, findings, repaired);
            } catch (NoSuchFileException e) {
                // It counts no more, or it is missing: the next look tells.
                if (look == LOOKS) {
                    throw e;
                }
            }
        }
    }

    private static Report report(
            Identity identity,
            ChainCheck chain,
            SnapshotCheck snapshots,
            Findings findings,
            List<Finding> repaired) {
        return new Report(
                identity.node(),
                chain.segments(),
                chain.records(),
                chain.firstKept(),
                chain.commitIndex(),
                snapshots.whole(),
                chain.torn(),
                repaired,
                findings.count(),
                findings.kept());
    }
}
