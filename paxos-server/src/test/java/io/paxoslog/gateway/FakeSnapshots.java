package io.paxoslog.gateway;

/** Snapshots that are as far as the test says. */
public final class FakeSnapshots implements Snapshots {
    public int requests;
    public String refusal = "";
    public long slotInWork;
    public long writtenBytes;
    public long newestSlot;
    public long newestBytes;
    public long newestMs;
    public long failures;
    public String lastFailure = "";

    @Override
    public boolean request() {
        requests++;
        return refusal.isEmpty();
    }

    @Override
    public String refusal() {
        return refusal;
    }

    @Override
    public long slotInWork() {
        return slotInWork;
    }

    @Override
    public long writtenBytes() {
        return writtenBytes;
    }

    @Override
    public long newestSlot() {
        return newestSlot;
    }

    @Override
    public long newestBytes() {
        return newestBytes;
    }

    @Override
    public long newestMs() {
        return newestMs;
    }

    @Override
    public long failures() {
        return failures;
    }

    @Override
    public String lastFailure() {
        return lastFailure;
    }
}
