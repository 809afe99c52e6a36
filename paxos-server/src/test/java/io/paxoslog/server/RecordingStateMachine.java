package io.paxoslog.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.paxoslog.service.Entry;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import io.paxoslog.service.StateView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Remembers every command with its slot, and answers how many there were. */
final class RecordingStateMachine implements StateMachine {
    private final List<String> applied = new ArrayList<>();

    @Override
    public synchronized void apply(Entry entry, Reply reply) {
        String command = entry.buffer().getStringWithoutLengthAscii(entry.offset(), entry.length());
        applied.add(entry.slot() + " " + command);
        reply.resize(Integer.BYTES).putInt(0, applied.size(), ByteOrder.LITTLE_ENDIAN);
    }

    synchronized List<String> applied() {
        return List.copyOf(applied);
    }

    @Override
    public StateView view() {
        String lines = String.join("\n", applied());
        return out -> out.write(lines.getBytes(US_ASCII));
    }

    @Override
    public synchronized void restore(InputStream in) throws IOException {
        applied.clear();
        new String(in.readAllBytes(), US_ASCII).lines().forEach(applied::add);
    }
}
