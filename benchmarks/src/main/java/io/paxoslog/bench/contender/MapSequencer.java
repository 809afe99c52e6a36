package io.paxoslog.bench.contender;

import io.paxoslog.service.Entry;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import io.paxoslog.service.StateView;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What {@link EchoSequencer} does, on a large state: each command replaces an entry of a table. */
final class MapSequencer implements StateMachine {
    /** Odd, so that all entries are met. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final EchoSequencer sequencer = new EchoSequencer();
    private final Table table;

    MapSequencer(int entries) {
        table = new Table(entries);
    }

    @Override
    public void apply(Entry entry, Reply reply) {
        sequencer.apply(entry, reply);
        long spread = (entry.slot() * SPREAD) >>> 1;
        table.put(spread % table.size(), entry.buffer(), entry.offset(), entry.length());
    }

    @Override
    public StateView view() {
        long lastNumber = sequencer.lastNumber();
        Table.Image image = table.image();
        return new StateView() {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                new DataOutputStream(out).writeLong(lastNumber);
                image.writeTo(out);
            }

            @Override
            public void close() {
                image.close();
            }
        };
    }

    @Override
    public void restore(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        sequencer.restart(data.readLong());
        table.read(data);
    }
}
