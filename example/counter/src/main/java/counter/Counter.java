package counter;

import io.paxoslog.client.Appended;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.server.NodeConfig;
import io.paxoslog.server.PaxosLog;
import io.paxoslog.server.PaxosNode;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Query;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import io.paxoslog.service.StateView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Adds up what clients append. The same commands in the same order on every node: the same sum. */
final class Counter implements StateMachine {
    private long sum;

    @Override
    public void apply(Entry entry, Reply reply) {
        sum += entry.buffer().getLong(entry.offset(), ByteOrder.LITTLE_ENDIAN);
        reply.resize(Long.BYTES).putLong(0, sum, ByteOrder.LITTLE_ENDIAN);
    }

    /** What a read gets: the sum as it is, at no cost to the log. */
    @Override
    public void query(Query query, Reply answer) {
        answer.resize(Long.BYTES).putLong(0, sum, ByteOrder.LITTLE_ENDIAN);
    }

    /** What a snapshot holds, so that the log need not be kept for ever. */
    @Override
    public StateView view() {
        byte[] state = ByteBuffer.allocate(Long.BYTES).putLong(sum).array();
        return out -> out.write(state);
    }

    /** Begins with what a snapshot holds instead of with 0. */
    @Override
    public void restore(InputStream in) throws IOException {
        sum = ByteBuffer.wrap(in.readNBytes(Long.BYTES)).getLong();
    }

    /**
     * Starts one node; every process of a cluster does this with an id and a directory of its own.
     */
    static PaxosNode start(int id, String members, Path directory) {
        NodeConfig config =
                NodeConfig.builder()
                        .id(id)
                        .members(members) // 1=10.0.0.1:9000,2=10.0.0.2:9000,3=…
                        .dir(directory)
                        .electionTimeout(Duration.ofMillis(200))
                        .build();
        return PaxosLog.launch(config, new Counter());
    }

    /**
     * Appends one number and returns the sum: each number counts once, whatever fails on the way.
     */
    static long add(List<String> addresses, long number) {
        byte[] command =
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(number)
                        .array();
        try (PaxosClient client = PaxosClient.connect(addresses)) {
            Appended appended = client.append(command, Duration.ofSeconds(5));
            return ByteBuffer.wrap(appended.reply()).order(ByteOrder.LITTLE_ENDIAN).getLong();
        }
    }
}
