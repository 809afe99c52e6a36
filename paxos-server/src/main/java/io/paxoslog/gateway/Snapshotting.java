package io.paxoslog.gateway;

import io.paxoslog.codecs.client.SnapshotState;

/**
 * A client's wish for a snapshot: one at or above what was applied when it was asked for. The
 * client asks again, under the same correlation, how far it is.
 */
final class Snapshotting {
    private final Snapshots snapshots;
    private long correlation;
    private long goal;
    private long failuresBefore;
    private boolean isAsked;
    private String refusal = "";

    /** Whether the client asked and was not answered yet. */
    boolean isAnswerDue;

    Snapshotting(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    void ask(long newCorrelation, long appliedIndex) {
        isAnswerDue = true;
        if (isAsked && newCorrelation == correlation) {
            return;
        }
        isAsked = true;
        correlation = newCorrelation;
        goal = appliedIndex;
        failuresBefore = snapshots.failures();
        refusal = "";
        if (goal == 0) {
            refusal = "nothing is applied yet";
        } else if (!isTaken() && !snapshots.request()) {
            refusal = snapshots.refusal();
        }
    }

    private boolean isTaken() {
        return snapshots.newestSlot() >= goal;
    }

    private boolean isInWork() {
        return snapshots.slotInWork() >= goal;
    }

    long correlation() {
        return correlation;
    }

    SnapshotState state() {
        if (!refusal.isEmpty()) {
            return SnapshotState.REFUSED;
        }
        if (isTaken()) {
            return SnapshotState.TAKEN;
        }
        if (snapshots.failures() > failuresBefore) {
            return SnapshotState.FAILED;
        }
        return isInWork() ? SnapshotState.WRITING : SnapshotState.WAITING;
    }

    /** The slot it is taken at, once that is known; else 0. */
    long slot() {
        return switch (state()) {
            case TAKEN -> snapshots.newestSlot();
            case WRITING -> snapshots.slotInWork();
            default -> 0;
        };
    }

    long bytes() {
        return switch (state()) {
            case TAKEN -> snapshots.newestBytes();
            case WRITING -> snapshots.writtenBytes();
            default -> 0;
        };
    }

    long ms() {
        return state() == SnapshotState.TAKEN ? snapshots.newestMs() : 0;
    }

    /** Why there will be none: one line for people; empty when there is one, or will be. */
    String reason() {
        return state() == SnapshotState.FAILED ? snapshots.lastFailure() : refusal;
    }
}
