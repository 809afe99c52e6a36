package io.paxoslog.log;

import java.nio.file.Path;

/** Hears the records of a chain, in order, and where some are lost. */
interface ChainHearer {
    /** A record that is as it was written, in its place. */
    void hear(Path inFile, RecordCursor record);

    /** A record whose payload is lost; its head says which slots it held. */
    void lost(RecordCursor record);

    /** Records are lost here, and what they said is not known. */
    void lost();

    /** First slot that is to be there. */
    long firstKept();

    /** Every slot up to it is known chosen. */
    long commitIndex();

    /** Highest slot that a record holds. */
    long highestSlot();
}
