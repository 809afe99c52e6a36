package io.paxoslog.media;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * The addresses of hosts as far as they are known. Whoever asks gets an answer at once; names are
 * looked up by threads of their own, one for each name at a time, for nobody can tell how long a
 * server of names stays silent. What is unknown is asked again at growing intervals, and so is what
 * is in doubt. Numbers are never looked up. Any thread.
 */
public final class HostNames {
    static final long SHORTEST_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);
    static final long LONGEST_PAUSE_NS = TimeUnit.SECONDS.toNanos(30);

    private static final int IPV4_PARTS = 4;

    private final HostLookup lookup;
    private final NanoClock clock;
    private final Map<String, Entry> entries = new HashMap<>();

    /** With the names that the operating system knows. */
    public HostNames() {
        this(HostLookup.SYSTEM, SystemNanoClock.INSTANCE);
    }

    /**
     * @param lookup whom to ask
     * @param clock monotonic
     */
    public HostNames(HostLookup lookup, NanoClock clock) {
        this.lookup = lookup;
        this.clock = clock;
    }

    /** The address of a host, or null while it is unknown; whoever needs it asks again. */
    public synchronized InetAddress addressOf(String host) {
        Entry entry = entryOf(host);
        if (entry.address == null) {
            askIfDue(host, entry);
        }
        return entry.address;
    }

    /** Nothing is heard from this host: it may have moved. Looks it up again, now and then. */
    public synchronized void doubt(String host) {
        askIfDue(host, entryOf(host));
    }

    /** Whether somebody is being asked for this host. */
    synchronized boolean isAsking(String host) {
        return entryOf(host).isAsking;
    }

    private Entry entryOf(String host) {
        return entries.computeIfAbsent(host, name -> new Entry(number(name), clock.nanoTime()));
    }

    private void askIfDue(String host, Entry entry) {
        long now = clock.nanoTime();
        if (entry.isNumber || entry.isAsking || now - entry.nextNs < 0) {
            return;
        }
        boolean isLongAgo = now - entry.nextNs > LONGEST_PAUSE_NS;
        entry.pauseNs =
                isLongAgo ? SHORTEST_PAUSE_NS : Math.min(2 * entry.pauseNs, LONGEST_PAUSE_NS);
        entry.isAsking = true;
        Thread thread = new Thread(() -> ask(host, entry), "paxos-names-" + host);
        thread.setDaemon(true);
        thread.start();
    }

    private void ask(String host, Entry entry) {
        InetAddress found = null;
        try {
            found = lookup.find(host);
        } catch (UnknownHostException e) {
            // What was known before may still be right.
        } finally {
            answered(entry, found);
        }
    }

    private synchronized void answered(Entry entry, InetAddress found) {
        entry.isAsking = false;
        entry.isAnswered = true;
        entry.nextNs = clock.nanoTime() + entry.pauseNs;
        if (found != null) {
            entry.address = found;
        }
        notifyAll();
    }

    /**
     * Waits until each of some hosts is known, or is known to be unknown.
     *
     * @param timeoutMs how long at most
     * @return whether that came true
     */
    public synchronized boolean await(Collection<String> hosts, long timeoutMs) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        boolean isInterrupted = false;
        hosts.forEach(this::addressOf);
        while (!hosts.stream().allMatch(host -> entryOf(host).isAnswered)) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (leftMs <= 0 || isInterrupted) {
                break;
            }
            try {
                wait(leftMs);
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        return hosts.stream().allMatch(host -> entryOf(host).isAnswered);
    }

    /** An address as the host of HOST:PORT. */
    public static String text(InetAddress address) {
        String host = address.getHostAddress();
        // The scope of an address means nothing on another machine.
        int scope = host.indexOf('%');
        String number = scope < 0 ? host : host.substring(0, scope);
        return address instanceof Inet6Address ? "[" + number + "]" : number;
    }

    /** Null for a name. */
    private static InetAddress number(String host) {
        try {
            return isNumber(host) ? InetAddress.getByName(host) : null;
        } catch (UnknownHostException e) {
            // In brackets or with colons, and no address of IPv6: nobody has such a name.
            return null;
        }
    }

    private static boolean isNumber(String host) {
        if (host.indexOf(':') >= 0) {
            return true;
        }
        String[] parts = host.split("\\.", -1);
        if (parts.length != IPV4_PARTS) {
            return false;
        }
        for (String part : parts) {
            if (!part.matches("\\d{1,3}") || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    /** What is known of one host. */
    private static final class Entry {
        private final boolean isNumber;
        private InetAddress address;
        private boolean isAsking;
        private boolean isAnswered;
        private long nextNs;
        private long pauseNs = SHORTEST_PAUSE_NS / 2;

        Entry(InetAddress number, long nowNs) {
            address = number;
            isNumber = number != null;
            isAnswered = isNumber;
            nextNs = nowNs;
        }
    }
}
