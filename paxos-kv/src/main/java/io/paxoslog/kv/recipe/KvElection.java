package io.paxoslog.kv.recipe;

import io.paxoslog.client.ClientException;
import io.paxoslog.client.SharedClient;
import io.paxoslog.kv.KeyRange;
import io.paxoslog.kv.KvReply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Elects one of several sessions, first come, first served; it leads until it resigns or its lease
 * ends. One thread at a time uses it.
 */
public final class KvElection {
    /**
     * Who leads.
     *
     * @param value what it said of itself
     * @param token higher than those of all who led before
     */
    @SuppressWarnings("ArrayRecordComponent") // The caller's own copy.
    public record Leader(byte[] value, long token) {}

    private final Contender contender;

    /**
     * An election under a name.
     *
     * @param name of up to 1,000 bytes
     */
    public KvElection(KvSession session, String name) {
        contender = new Contender(session, name);
    }

    /**
     * Waits until this session leads.
     *
     * @param value what others see of it
     * @return the fencing token; empty when it was not elected in time
     * @throws KvLostException when the lease ended
     * @throws ClientException when the store does not answer; the session may stand in line then,
     *     until {@link #resign} or the end of its lease
     */
    public OptionalLong campaign(byte[] value, Duration timeout) {
        return contender.enter(value, timeout);
    }

    /**
     * Changes what others see of the one who leads.
     *
     * @throws KvLostException when it leads no more
     */
    public void proclaim(byte[] value) {
        if (contender.revision() == 0 || !contender.put(value)) {
            throw new KvLostException("this session does not lead");
        }
    }

    /** Makes way for the next; does nothing where it does not stand in line. */
    public void resign() {
        contender.leave();
    }

    /** Who leads now, whichever session asks. */
    public static Optional<Leader> leader(SharedClient client, String name) {
        KvReply.Entry first = Contender.first(client, name);
        return first == null
                ? Optional.empty()
                : Optional.of(new Leader(first.value(), first.created()));
    }

    /** What is to be watched to see leaders come and go. */
    public static KeyRange keys(String name) {
        return KeyRange.startingWith((name + "/").getBytes(StandardCharsets.UTF_8));
    }
}
