package io.paxoslog.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A future that a client's own thread brings to its end. That thread is told when it would wait for
 * itself; so it is for all that is chained to this.
 */
class ClientFuture<T> extends CompletableFuture<T> {
    private final ClientThread bringer;

    ClientFuture(ClientThread bringer) {
        this.bringer = bringer;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new ClientFuture<>(bringer);
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        requireNoWait("get");
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        requireNoWait("get");
        return super.get(timeout, unit);
    }

    @Override
    public T join() {
        requireNoWait("join");
        return super.join();
    }

    private void requireNoWait(String method) {
        if (!isDone()) {
            bringer.requireOutside(method + " of a future");
        }
    }
}
