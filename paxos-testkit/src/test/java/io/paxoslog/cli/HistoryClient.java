package io.paxoslog.cli;

import io.paxoslog.cli.ReadHistory.Input;
import io.paxoslog.client.Appended;
import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.ReadAnswer;
import io.paxoslog.client.ReadMode;
import io.paxoslog.core.planted.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A client on a thread of its own: one operation after the other, on keys that others use, too. */
final class HistoryClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final long KEY_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int LEAST_KEYS = 2;
    private static final int CLIENTS_A_KEY = 3;
    private static final int PAUSE_MS = 4;

    private final int number;
    private final int clients;
    private final List<String> addresses;
    private final Registers registers;
    private final List<ReadMode> modes;
    private final ReadHistory history;
    private final Random random;
    private final Thread thread;
    private volatile boolean isEnding;
    private volatile Throwable failure;
    private PaxosClient client;
    private long written;
    private long lastSeen;
    private long ownSlot;

    /**
     * @param clients how many there are of its like
     */
    HistoryClient(
            int number,
            int clients,
            List<String> addresses,
            Registers registers,
            List<ReadMode> modes,
            ReadHistory history,
            long seed) {
        this.number = number;
        this.clients = clients;
        this.addresses = addresses;
        this.registers = registers;
        this.modes = modes;
        this.history = history;
        random = new Random(seed);
        thread = new Thread(this::run, "client-" + number);
        thread.start();
    }

    private void run() {
        try {
            while (!isEnding) {
                if (client == null || client.hasEnded()) {
                    renew();
                }
                act();
                // So many operations a second as a few clients have, however many there are.
                Thread.sleep(random.nextInt(PAUSE_MS * Math.max(1, clients / CLIENTS_A_KEY)));
            }
        } catch (Throwable e) {
            failure = e;
        } finally {
            if (client != null) {
                client.close();
            }
        }
    }

    private void renew() {
        if (client != null) {
            client.close();
        }
        client =
                PaxosClient.start(
                        ClientConfig.of(addresses), (sequence, slot, reply, at, length) -> {});
    }

    /** Few of all operations are on one key, or nobody could check them. */
    private void act() {
        int keys = Math.max(LEAST_KEYS, clients / CLIENTS_A_KEY);
        String key = "k" + System.nanoTime() / KEY_NS + "-" + random.nextInt(keys);
        switch (random.nextInt(9)) {
            case 0, 1 -> write(key, Input.write(nextValue()));
            case 2, 3 -> write(key, Input.swap(lastSeen, nextValue()));
            case 4 -> write(key, Input.delete());
            default -> read(key, modes.get(random.nextInt(modes.size())));
        }
    }

    private long nextValue() {
        return 1_000L * ++written + number;
    }

    private void write(String key, Input input) {
        long invoked = System.nanoTime();
        try {
            Appended done = client.append(registers.command(key, input), TIMEOUT);
            boolean isDone = registers.isDone(input, done.reply());
            history.wrote(key, input, isDone, done.slot(), invoked, System.nanoTime());
            ownSlot = Math.max(ownSlot, done.slot());
        } catch (ClientException e) {
            boolean isSent =
                    e.error() == ClientError.TIMED_OUT || e.error() == ClientError.SESSION_EXPIRED;
            if (isSent) {
                history.mayHaveWritten(key, input, invoked);
            }
        }
    }

    private void read(String key, ReadMode mode) {
        if (!mode.isOfLeader() && random.nextInt(8) == 0) {
            client.readFrom(addresses.get(random.nextInt(addresses.size())));
        }
        long invoked = System.nanoTime();
        try {
            long slot = mode == ReadMode.AT_LEAST ? ownSlot : 0;
            ReadAnswer answer = client.read(mode, slot, registers.query(key), TIMEOUT);
            lastSeen = registers.seen(answer.bytes());
            history.read(key, mode, answer.slot(), lastSeen, invoked, System.nanoTime());
            if (answer.slot() < slot) {
                throw new AssertionError("slot " + answer.slot() + " where " + slot + " is due");
            }
        } catch (ClientException e) {
            // It had no effect, and showed nothing.
            if (e.error() != ClientError.READ_TIMED_OUT) {
                throw e;
            }
        }
    }

    void end() {
        isEnding = true;
    }

    void join() {
        try {
            thread.join(Patience.ms());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new AssertionError(thread.getName() + " does not end");
        }
    }

    /** What ended it; null: it was asked to. */
    Throwable failure() {
        return failure;
    }
}
