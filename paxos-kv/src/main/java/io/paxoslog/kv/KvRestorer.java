package io.paxoslog.kv;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.agrona.concurrent.UnsafeBuffer;

/** Reads what {@link KvView} wrote into an empty store. */
final class KvRestorer {
    private static final int MOST_VALUE_BYTES = 1 << 20;

    private final KvStore store;
    private final KvBounds bounds;
    private final TimedCompaction compaction;
    private final KeyValue change = new KeyValue();
    private final byte[] bytes = new byte[KvFormat.MOST_KEY_BYTES + MOST_VALUE_BYTES];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);

    KvRestorer(KvStore store, KvBounds bounds, TimedCompaction compaction) {
        this.store = store;
        this.bounds = bounds;
        this.compaction = compaction;
    }

    void read(InputStream from) throws IOException {
        DataInputStream in = new DataInputStream(from);
        int magic = in.readInt();
        if (magic != KvView.MAGIC && magic != KvView.MAGIC_WITH_LEASES) {
            throw new IOException("this is not the state of a key-value store");
        }
        long revision = in.readLong();
        store.restore(revision, in.readLong(), in.readLong(), in.readLong(), in.readInt());
        bounds.quotaBytes = in.readLong();
        bounds.retained = in.readLong();
        bounds.isAlarmed = in.readBoolean();
        if (magic == KvView.MAGIC_WITH_LEASES) {
            readLeases(in);
        }
        while (readChange(in)) {
            require(!change.isDeletion, "a deletion where history begins");
            require(change.main <= store.baseMain(), "a change later than where history begins");
            store.restoreChange(change, false);
        }
        while (readChange(in)) {
            require(change.main <= revision, "a change later than the last revision");
            store.restoreChange(change, true);
        }
    }

    private void readLeases(DataInputStream in) throws IOException {
        for (int left = in.readInt(); left > 0; left--) {
            long id = in.readLong();
            require(id > 0 && !store.leases().isThere(id), "no number of a lease");
            store.leases().add(id, in.readLong(), in.readLong(), in.readLong());
        }
        compaction.restore(in.readLong());
        for (int left = in.readInt(); left > 0; left--) {
            compaction.marks().add(new TimedCompaction.Mark(in.readLong(), in.readLong()));
        }
    }

    private boolean readChange(DataInputStream in) throws IOException {
        int keyLength = in.readInt();
        if (keyLength == KvView.END) {
            return false;
        }
        require(keyLength > 0 && keyLength <= KvFormat.MOST_KEY_BYTES, "no length of a key");
        int valueLength = in.readInt();
        change.isDeletion = valueLength == KvView.DELETED;
        valueLength = change.isDeletion ? 0 : valueLength;
        require(valueLength >= 0 && valueLength <= MOST_VALUE_BYTES, "no length of a value");
        change.main = in.readLong();
        change.sub = in.readInt();
        change.created = in.readLong();
        change.version = in.readLong();
        change.lease = in.readLong();
        in.readFully(bytes, 0, keyLength + valueLength);
        change.key.set(buffer, 0, keyLength);
        change.value.set(buffer, keyLength, valueLength);
        return true;
    }

    private static void require(boolean isRight, String wrong) throws IOException {
        if (!isRight) {
            throw new IOException("the state of a key-value store has " + wrong);
        }
    }
}
