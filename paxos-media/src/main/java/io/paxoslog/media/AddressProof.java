package io.paxoslog.media;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A number that only one who receives at an address can know: a keyed hash (SipHash-2-4) of the
 * address, the stream and the time. Nothing is kept of those who were told one.
 */
final class AddressProof {
    /** A number is good for one to two of these. */
    static final long PERIOD_NS = TimeUnit.SECONDS.toNanos(8);

    private static final int IPV6_BYTES = 16;

    private final long key0;
    private final long key1;

    /**
     * @param random whose numbers nobody can guess
     */
    AddressProof(RandomGenerator random) {
        this(random.nextLong(), random.nextLong());
    }

    AddressProof(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    long of(InetSocketAddress address, int streamId, int sessionId, long nowNs) {
        return of(address, streamId, sessionId, nowNs, 0);
    }

    private long of(
            InetSocketAddress address, int streamId, int sessionId, long nowNs, int periodsAgo) {
        byte[] host = address.getAddress().getAddress();
        boolean isLong = host.length == IPV6_BYTES;
        ByteBuffer bytes = ByteBuffer.wrap(host);
        long high = isLong ? bytes.getLong() : 0;
        long low = isLong ? bytes.getLong() : bytes.getInt();
        return hash(
                high,
                low,
                ((long) address.getPort() << Integer.SIZE) | host.length,
                ((long) streamId << Integer.SIZE) | (sessionId & 0xFFFF_FFFFL),
                Math.floorDiv(nowNs, PERIOD_NS) - periodsAgo);
    }

    boolean isGood(long proof, InetSocketAddress address, int streamId, int sessionId, long nowNs) {
        return proof == of(address, streamId, sessionId, nowNs, 0)
                || proof == of(address, streamId, sessionId, nowNs, 1);
    }

    /** As SipHash-2-4 of the words, each with its lowest byte first. */
    long hash(long... words) {
        Sip sip = new Sip(key0, key1);
        for (long word : words) {
            sip.add(word);
        }
        sip.add(((long) words.length * Long.BYTES) << (Long.SIZE - Byte.SIZE));
        return sip.end();
    }

    private static final class Sip {
        private long v0;
        private long v1;
        private long v2;
        private long v3;

        Sip(long key0, long key1) {
            v0 = key0 ^ 0x736f6d6570736575L;
            v1 = key1 ^ 0x646f72616e646f6dL;
            v2 = key0 ^ 0x6c7967656e657261L;
            v3 = key1 ^ 0x7465646279746573L;
        }

        void add(long word) {
            v3 ^= word;
            round();
            round();
            v0 ^= word;
        }

        long end() {
            v2 ^= 0xFF;
            round();
            round();
            round();
            round();
            return v0 ^ v1 ^ v2 ^ v3;
        }

        private void round() {
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
        }
    }
}
