package io.paxoslog.example;

// docs begin
import io.paxoslog.service.Entry;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Lots that are bid for; whoever bids most leads. A command: lot, bidder and amount, a byte each.
 */
class Auction implements StateMachine {
    private final Map<Integer, Integer> highest = new TreeMap<>();
    private long closedAtMs;

    @Override
    public void apply(Entry entry, Reply reply) {
        int lot = entry.buffer().getByte(entry.offset());
        int amount = entry.buffer().getByte(entry.offset() + 2);
        highest.merge(lot, amount, Math::max);
        closedAtMs = nowMs(entry) + 60_000;
        reply.resize(1).putByte(0, highest.get(lot).byteValue());
    }

    /** The time that all nodes agree on. */
    long nowMs(Entry entry) {
        return entry.timeNs() / 1_000_000;
    }

    long hash() {
        long hash = closedAtMs;
        for (Map.Entry<Integer, Integer> lot : highest.entrySet()) {
            hash = (hash * 31 + lot.getKey()) * 31 + lot.getValue();
        }
        return hash;
    }

    static byte[] randomBid(RandomGenerator random) {
        return new byte[] {
            (byte) random.nextInt(10), (byte) random.nextInt(5), (byte) random.nextInt(100)
        };
    }
}
// docs end
