package io.paxoslog.cli;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.Subscription;
import io.paxoslog.log.LocalTail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.IntSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;

/**
 * A process that writes each numbered command that takes effect to a file, as its slot and its
 * number, and goes on behind the last one that stands there, however it ended: the effect is the
 * position. Arguments: the file, and {@code --dir} and a node's directory, or members.
 */
public final class StoringSubscriber {
    static final int RECORD_BYTES = 2 * Long.BYTES;
    private static final int SLOTS_AT_ONCE = 1_000;

    private final ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
    private final FileChannel file;
    private final long fromSlot;

    private StoringSubscriber(Path path) throws IOException {
        file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        // Half a record is none.
        long whole = file.size() - file.size() % RECORD_BYTES;
        file.truncate(whole);
        fromSlot = whole == 0 ? 1 : slotOfRecordAt(whole - RECORD_BYTES) + 1;
        file.position(whole);
    }

    private long slotOfRecordAt(long position) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(RECORD_BYTES);
        file.read(last, position);
        return last.getLong(0);
    }

    public static void main(String[] args) throws IOException {
        StoringSubscriber self = new StoringSubscriber(Path.of(args[0]));
        if (args[1].equals("--dir")) {
            try (LocalTail tail = LocalTail.open(Path.of(args[2]), self.fromSlot)) {
                LocalTail.Handler handler =
                        (slot, session, sequence, time, buffer, offset, length) ->
                                self.store(slot, buffer, offset, length);
                forEver(() -> tail.poll(handler, SLOTS_AT_ONCE));
            }
            return;
        }
        ClientConfig config = ClientConfig.of(List.of(args[1].split(",")));
        try (Subscription subscription =
                Subscription.open(
                        config,
                        self.fromSlot,
                        (buffer, offset, length, header) ->
                                self.store(header.slot(), buffer, offset, length))) {
            forEver(subscription::poll);
        }
    }

    private static void forEver(IntSupplier poll) {
        BackoffIdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000, 1_000_000);
        while (true) {
            idle.idle(poll.getAsInt());
        }
    }

    private void store(long slot, DirectBuffer buffer, int offset, int length) {
        long number = NumberedCommand.numberIn(buffer, offset, length);
        if (number < 0) {
            return;
        }
        record.clear();
        record.putLong(slot).putLong(number).flip();
        try {
            file.write(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
