package io.paxoslog.media;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** A server of names that answers, denies or stays silent as a test tells it. Any thread. */
public final class ScriptedLookup implements HostLookup {
    private final Map<String, String> addresses = new HashMap<>();
    private final Set<String> hanging = new HashSet<>();
    private int asked;

    /** From now on this name has this address. */
    public synchronized void answer(String host, String address) {
        addresses.put(host, address);
        hanging.remove(host);
        notifyAll();
    }

    /** From now on nobody has this name. */
    public synchronized void forget(String host) {
        addresses.remove(host);
        hanging.remove(host);
        notifyAll();
    }

    /** From now on whoever asks for this name waits. */
    public synchronized void hang(String host) {
        hanging.add(host);
    }

    /** How often it was asked. */
    public synchronized int asked() {
        return asked;
    }

    /** Waits until it was asked so often. */
    public synchronized void awaitAsked(int times) {
        await(() -> asked >= times);
    }

    @Override
    public synchronized InetAddress find(String host) throws UnknownHostException {
        asked++;
        notifyAll();
        await(() -> !hanging.contains(host));
        String address = addresses.get(host);
        if (address == null) {
            throw new UnknownHostException(host);
        }
        return InetAddress.getByName(address);
    }

    private synchronized void await(BooleanSupplier condition) {
        try {
            while (!condition.getAsBoolean()) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
