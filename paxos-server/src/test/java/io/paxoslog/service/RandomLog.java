package io.paxoslog.service;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.Version;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Batches as leaders might have them chosen, drawn from a seed: sessions come and go, commands are
 * sent twice, too early and of nobody, limits change, slots are skipped, and from some slot on
 * sessions expire.
 */
final class RandomLog {
    private static final class Client {
        final long session;
        long nextSequence = 1;
        long lastWord;

        Client(long session) {
            this.session = session;
            lastWord = session;
        }
    }

    private final List<Batch> batches = new ArrayList<>();
    private final List<Decision> skips = new ArrayList<>();
    private final List<Long> skippedAt = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private final List<Long> commandSlots = new ArrayList<>();
    private final Random random;
    private ExpandableArrayBuffer entries;
    private int length;
    private long slot = 1;
    private long latestLimits;
    private boolean isExpiryAgreed;
    private long timestamp = 1_000;

    RandomLog(long seed, int count) {
        random = new Random(seed);
        membership();
        for (int i = 0; i < count; i++) {
            next();
        }
    }

    List<Batch> batches() {
        return batches;
    }

    long lastSlot() {
        return slot - 1;
    }

    /** Tells somebody which slots the log skips, as is done before they are applied. */
    void tellSkipsTo(CommandApplier applier) {
        for (int i = 0; i < skips.size(); i++) {
            applier.decided(skippedAt.get(i), skips.get(i));
        }
    }

    private void membership() {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[4 + 29]);
        entry.putInt(0, 29, ByteOrder.LITTLE_ENDIAN);
        entry.putByte(4, (byte) 1);
        entry.putByte(5, (byte) 1);
        entry.putByte(6, (byte) 1);
        entry.putByte(7, (byte) 1);
        entry.putInt(8, 64, ByteOrder.LITTLE_ENDIAN);
        entry.putLong(12, 4711, ByteOrder.LITTLE_ENDIAN);
        entry.putLong(20, (1L << 48) + 1, ByteOrder.LITTLE_ENDIAN);
        entry.putByte(28, (byte) 4);
        entry.putStringWithoutLengthAscii(29, "h:12");
        add(Batch.MEMBERSHIP, 1, entry, 33);
    }

    private void next() {
        timestamp += random.nextInt(50) - 10;
        int drawn = random.nextInt(40);
        if (drawn == 0) {
            add(Batch.NO_OP, 1 + random.nextInt(3), new UnsafeBuffer(0, 0), 0);
        } else if (drawn == 1) {
            limits();
        } else if (drawn == 2 && commandSlots.size() > 0) {
            skip();
        } else if (drawn == 3 && !isExpiryAgreed) {
            isExpiryAgreed = true;
            decision(Decision.version(new Version(EntryFormat.FIRST_WITH_EXPIRY, 1), 0));
        } else {
            commands();
        }
    }

    private void limits() {
        boolean isVoid = random.nextInt(4) == 0;
        SessionLimits limits =
                new SessionLimits(
                        2 + random.nextInt(4),
                        2 + random.nextInt(4),
                        64,
                        100 + random.nextInt(300));
        decision(Decision.limits(limits.toDecide(), isVoid ? latestLimits + 1 : latestLimits));
        latestLimits = isVoid ? latestLimits : slot - 1;
    }

    /** Only what nobody has applied before he was told. */
    private void skip() {
        long about = commandSlots.get(random.nextInt(commandSlots.size()));
        boolean isKnown = skips.stream().anyMatch(skip -> skip.slot() == about);
        if (!isKnown) {
            skips.add(Decision.skip(about, 0));
            skippedAt.add(slot);
            decision(Decision.skip(about, 0));
        }
    }

    private void decision(Decision decision) {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[4 + Decision.BYTES]);
        entry.putInt(0, Decision.BYTES, ByteOrder.LITTLE_ENDIAN);
        decision.encode(entry, 4);
        add(Batch.DECISION, 1, entry, 4 + Decision.BYTES);
    }

    private void commands() {
        entries = new ExpandableArrayBuffer();
        length = 0;
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            entry(slot + i);
        }
        add(Batch.COMMANDS, count, entries, length);
    }

    private void entry(long at) {
        int drawn = random.nextInt(20);
        if (drawn < 3 || clients.isEmpty()) {
            UnsafeBuffer secret = new UnsafeBuffer(new byte[SecretHash.BYTES]);
            long nonce = 1L + random.nextInt(30);
            SecretHash.of(nonce, nonce).write(secret, 0);
            long keptAlive = random.nextInt(4) == 0 ? 0 : EntryFormat.KEPT_ALIVE;
            put(EntryFormat.OPEN_SESSION, nonce, keptAlive, 0, secret.byteArray());
            clients.add(new Client(at));
            return;
        }
        Client client = clients.get(Math.max(0, clients.size() - 1 - random.nextInt(8)));
        if (drawn == 3) {
            put(EntryFormat.CLOSE_SESSION, client.session, 0, 0, new byte[0]);
        } else if (drawn == 4) {
            put((short) 77, client.session, 0, 0, new byte[3]);
        } else if (drawn < 7) {
            UnsafeBuffer ids = new UnsafeBuffer(new byte[random.nextInt(2) * Long.BYTES]);
            if (ids.capacity() > 0) {
                ids.putLong(0, client.session, ByteOrder.LITTLE_ENDIAN);
                client.lastWord = at;
            }
            put(EntryFormat.KEEP_ALIVE, 0, 0, random.nextInt(60), ids.byteArray());
        } else if (drawn == 7) {
            put(EntryFormat.EXPIRE_SESSION, client.session, client.lastWord, 0, new byte[0]);
        } else {
            command(at, client);
        }
    }

    private void command(long at, Client client) {
        long sequence = client.nextSequence;
        int drawn = random.nextInt(12);
        long said = drawn == 0 ? sequence + 1 : drawn == 1 ? Math.max(1, sequence - 1) : sequence;
        client.nextSequence += said == sequence ? 1 : 0;
        client.lastWord = at;
        long awaited = Math.max(1, said - random.nextInt(4));
        put(EntryFormat.COMMAND, client.session, said, awaited, new byte[random.nextInt(40)]);
        commandSlots.add(at);
    }

    private void put(short kind, long session, long sequence, long awaited, byte[] bytes) {
        int at =
                EntryFormat.putHead(
                        entries, length, kind, session, sequence, awaited, bytes.length);
        entries.putBytes(at, bytes);
        length = at + bytes.length;
    }

    private void add(byte kind, int count, DirectBuffer bytes, int byteCount) {
        long ballot = Ballot.of(1 + batches.size() / 50, 1);
        batches.add(
                new Batch()
                        .slots(ballot, slot, count)
                        .value(kind, ballot, kind == Batch.NO_OP ? 0 : timestamp)
                        .bytes(bytes, 0, byteCount));
        slot += count;
    }
}
