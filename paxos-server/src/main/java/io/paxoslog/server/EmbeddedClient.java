package io.paxoslog.server;

import io.paxoslog.client.Appended;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.ReadAnswer;
import io.paxoslog.client.ReadMode;
import io.paxoslog.client.SessionEnd;
import io.paxoslog.client.SessionToken;
import io.paxoslog.client.SharedClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** A client beside a node, whose threads it keeps from waiting for themselves. */
final class EmbeddedClient implements SharedClient {
    private final SharedClient client;
    private final BooleanSupplier isInside;

    /**
     * @param isInside whether a thread of the node calls
     */
    EmbeddedClient(SharedClient client, BooleanSupplier isInside) {
        this.client = client;
        this.isInside = isInside;
    }

    /**
     * @throws IllegalStateException naming the method that would wait
     */
    static void requireOutside(BooleanSupplier isInside, String method) {
        if (isInside.getAsBoolean()) {
            throw new IllegalStateException(
                    method
                            + " was called by a thread of the node, which would wait for itself;"
                            + " call it from another thread");
        }
    }

    @Override
    public CompletableFuture<Appended> appendAsync(byte[] command, Duration timeout) {
        return client.appendAsync(command, timeout);
    }

    @Override
    public Appended append(byte[] command, Duration timeout) {
        requireOutside(isInside, "append");
        return client.append(command, timeout);
    }

    @Override
    public CompletableFuture<ReadAnswer> readAsync(
            ReadMode mode, long slot, byte[] query, Duration timeout) {
        return client.readAsync(mode, slot, query, timeout);
    }

    @Override
    public ReadAnswer read(ReadMode mode, long slot, byte[] query, Duration timeout) {
        requireOutside(isInside, "read");
        return client.read(mode, slot, query, timeout);
    }

    @Override
    public void readFrom(String member) {
        client.readFrom(member);
    }

    @Override
    public boolean isConnected() {
        return client.isConnected();
    }

    @Override
    public int leader() {
        return client.leader();
    }

    @Override
    public long sessionId() {
        return client.sessionId();
    }

    @Override
    public SessionToken sessionToken() {
        return client.sessionToken();
    }

    @Override
    public SessionEnd sessionEnd() {
        return client.sessionEnd();
    }

    @Override
    public int unanswered() {
        return client.unanswered();
    }

    @Override
    public int unansweredReads() {
        return client.unansweredReads();
    }

    @Override
    public ClientError endedBy() {
        return client.endedBy();
    }

    /** By a thread of the node it only asks for the end: that takes a word of the node. */
    @Override
    public void close() {
        if (isInside.getAsBoolean()) {
            new Thread(client::close, "paxos-client-close").start();
        } else {
            client.close();
        }
    }
}
