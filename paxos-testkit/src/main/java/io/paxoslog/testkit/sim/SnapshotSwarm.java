package io.paxoslog.testkit.sim;

/**
 * What one seed draws about snapshots before it begins. Comes from a source of its own, so that
 * seeds without snapshots play the same whether others have them.
 */
final class SnapshotSwarm {
    private static final int SMALL_FILE_BYTES = 2_500;

    final boolean isOn;
    final int slotsBetween;
    final int slotsKept;
    final int chunkBytes;
    final int pieceBytes;
    final int writeLagMs;
    final int transferLagMs;
    final int manifestPieceBytes;
    final int failurePerMille;
    final int powerLossPerMille;
    final int rotWeight;
    final boolean isFrozen;
    private final boolean hasSmallFiles;
    private final int longOutagePerMille;

    private final SimRandom random;

    SnapshotSwarm(SimRandom random, FaultProfile faults, int onPerMille) {
        this.random = random;
        isOn = random.chance(onPerMille);
        slotsBetween = random.oneOf(3, 8, 20, 60, 60);
        slotsKept = random.oneOf(0, 0, 5, 30);
        chunkBytes = random.oneOf(50, 50, 300, 2_000, 16_000);
        pieceBytes = random.oneOf(1, 1, 200, 4_000);
        writeLagMs = random.oneOf(1, 2, 20, 200);
        transferLagMs = random.oneOf(1, 2, 20, 20);
        manifestPieceBytes = random.oneOf(100, 1_000, 16_000);
        failurePerMille = faults.soften(random.oneOf(0, 0, 20, 200));
        powerLossPerMille = faults.soften(random.oneOf(0, 20, 200));
        rotWeight = isOn ? random.oneOf(0, 0, 0, 3) : 0;
        isFrozen = random.chance(700);
        hasSmallFiles = random.chance(700);
        longOutagePerMille = random.oneOf(0, 200, 800);
    }

    /** Nothing is kept but the log. */
    static SnapshotSwarm none() {
        return new SnapshotSwarm(new SimRandom(0), FaultProfile.NONE, 0);
    }

    /** A source for one of those who play it. */
    SimRandom split() {
        return random.split();
    }

    /** Room in one file of the journal; small ones are soon done with. */
    int segmentBytes(int drawn, boolean isOwn) {
        return isOn && isOwn && hasSmallFiles ? SMALL_FILE_BYTES : drawn;
    }

    /** How long a node is down at least. */
    int outageMs(int downMs) {
        return isOn && random.chance(longOutagePerMille) ? random.below(20 * downMs) : 0;
    }

    /** Longest that a snapshot of ordinary size is under way to another node. */
    int longestTransferMs() {
        return isOn ? 10_000 : 0;
    }

    @Override
    public String toString() {
        return isOn
                ? "a snapshot every "
                        + slotsBetween
                        + " slots, "
                        + slotsKept
                        + " kept, chunks of "
                        + chunkBytes
                        + " bytes, "
                        + (isFrozen ? "frozen" : "standing still")
                : "no snapshots";
    }
}
