package io.paxoslog.bench.contender;

/** All that can be compared, by the names people type. */
public enum Contenders {
    /** This project. */
    PAXOSLOG,
    /** Aeron Cluster with an echoing sequencer as its service. */
    AERON_CLUSTER,
    /** What the transport itself costs: neither consensus nor disk. */
    FLOOR;

    /** Starts nodes and clients of it. */
    public Contender contender() {
        return switch (this) {
            case PAXOSLOG -> new PaxosLogContender();
            case AERON_CLUSTER -> new AeronClusterContender();
            case FLOOR -> new FloorContender();
        };
    }
}
