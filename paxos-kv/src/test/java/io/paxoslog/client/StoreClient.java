package io.paxoslog.client;

import io.paxoslog.service.Calls;
import io.paxoslog.service.StateMachine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A client of a state machine in this process. Where a read would wait, something happens. */
public final class StoreClient implements SharedClient {
    private final StateMachine machine;
    private final Calls calls;
    private Runnable whileWaiting = () -> {};
    private boolean answersCommands = true;
    private int waits;

    /** Speaks to a state machine by its calls. */
    public StoreClient(StateMachine machine, Calls calls) {
        this.machine = machine;
        this.calls = calls;
    }

    /** What is done the next time that a read waits. */
    public void whileWaiting(Runnable what) {
        whileWaiting = what;
    }

    /** From now on commands take effect, and nobody hears of it. */
    public void losesReplies() {
        answersCommands = false;
    }

    /** How many reads had to wait. */
    public int waits() {
        return waits;
    }

    @Override
    public Appended append(byte[] command, Duration timeout) {
        byte[] reply;
        synchronized (calls) {
            reply = calls.apply(machine, command);
        }
        if (!answersCommands) {
            answersCommands = true;
            throw new UnknownOutcomeException(ClientError.TIMED_OUT, null);
        }
        return new Appended(1, reply);
    }

    @Override
    public ReadAnswer read(ReadMode mode, long slot, byte[] query, Duration timeout) {
        Calls.Waiting waiting = calls.waiting(machine, query);
        byte[] answer = waiting.poll();
        if (answer == null) {
            waits++;
            Runnable what = whileWaiting;
            whileWaiting = () -> {};
            what.run();
            answer = waiting.poll();
        }
        return new ReadAnswer(1, answer == null ? waiting.end() : answer);
    }

    @Override
    public CompletableFuture<Appended> appendAsync(byte[] command, Duration timeout) {
        return CompletableFuture.completedFuture(append(command, timeout));
    }

    @Override
    public CompletableFuture<ReadAnswer> readAsync(
            ReadMode mode, long slot, byte[] query, Duration timeout) {
        return CompletableFuture.completedFuture(read(mode, slot, query, timeout));
    }

    @Override
    public void readFrom(String member) {}

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public int leader() {
        return 1;
    }

    @Override
    public long sessionId() {
        return 1;
    }

    @Override
    public int unanswered() {
        return 0;
    }

    @Override
    public int unansweredReads() {
        return 0;
    }

    @Override
    public ClientError endedBy() {
        return null;
    }

    @Override
    public void close() {}

    @Override
    public SessionToken sessionToken() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SessionEnd sessionEnd() {
        return null;
    }
}
