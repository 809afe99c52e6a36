package io.paxoslog.gateway;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.codecs.client.ChangeMembersEncoder;
import io.paxoslog.codecs.client.CloseSessionEncoder;
import io.paxoslog.codecs.client.CommandsEncoder;
import io.paxoslog.codecs.client.DecideLimitsEncoder;
import io.paxoslog.codecs.client.EventsTakenEncoder;
import io.paxoslog.codecs.client.GiveUpChangeEncoder;
import io.paxoslog.codecs.client.HelloEncoder;
import io.paxoslog.codecs.client.KeepAliveEncoder;
import io.paxoslog.codecs.client.MembersRequestEncoder;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.OpenSessionEncoder;
import io.paxoslog.codecs.client.OutcomeRequestEncoder;
import io.paxoslog.codecs.client.ReadKind;
import io.paxoslog.codecs.client.ReadsEncoder;
import io.paxoslog.codecs.client.ResumeEncoder;
import io.paxoslog.codecs.client.SnapshotRequestEncoder;
import io.paxoslog.codecs.client.StatusRequestEncoder;
import io.paxoslog.codecs.client.SubscribeEncoder;
import io.paxoslog.codecs.client.TailRequestEncoder;
import io.paxoslog.codecs.client.TransferEncoder;
import io.paxoslog.codecs.client.UnsubscribeEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** Messages of clients as bytes. */
final class ClientFrames {
    /** Both halves of the secret that all clients of tests have, unless they are strangers. */
    static final long SECRET = 4711;

    private static final int HEADER_BYTES = MessageHeaderEncoder.ENCODED_LENGTH;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256 * 1024]);

    private byte[] bytes(int encodedLength) {
        return Arrays.copyOf(buffer.byteArray(), HEADER_BYTES + encodedLength);
    }

    byte[] hello(long link, int version, String endpoint) {
        HelloEncoder hello = new HelloEncoder().wrapAndApplyHeader(buffer, 0, header);
        hello.link(link).protocolVersion(version).responseEndpoint(endpoint);
        return bytes(hello.encodedLength());
    }

    byte[] snapshot(long correlation) {
        return bytes(
                new SnapshotRequestEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .correlation(correlation)
                        .encodedLength());
    }

    byte[] members(long correlation) {
        return bytes(
                new MembersRequestEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .correlation(correlation)
                        .encodedLength());
    }

    byte[] giveUpChange(long correlation) {
        return bytes(
                new GiveUpChangeEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .correlation(correlation)
                        .encodedLength());
    }

    byte[] transfer(long correlation, int node) {
        return bytes(
                new TransferEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .correlation(correlation)
                        .node(node)
                        .encodedLength());
    }

    byte[] change(long correlation, int prepareQuorum, int acceptQuorum, long... members) {
        ChangeMembersEncoder change = new ChangeMembersEncoder();
        ChangeMembersEncoder.ItemsEncoder items =
                change.wrapAndApplyHeader(buffer, 0, header)
                        .correlation(correlation)
                        .previous(1)
                        .openSlotLimit(100)
                        .prepareQuorum((short) prepareQuorum)
                        .acceptQuorum((short) acceptQuorum)
                        .itemsCount(members.length);
        for (long member : members) {
            items.next()
                    .identity(member)
                    .seat((short) 0)
                    .zone("")
                    .putAddress(new byte[] {'h', ':', '9'}, 0, 3);
        }
        return bytes(change.encodedLength());
    }

    byte[] openSession(long nonce) {
        return openSession(nonce, SecretHash.of(SECRET, SECRET));
    }

    byte[] openSession(long nonce, SecretHash hash) {
        return bytes(
                new OpenSessionEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .nonce(nonce)
                        .secretHash1(hash.first())
                        .secretHash2(hash.second())
                        .secretHash3(hash.third())
                        .secretHash4(hash.fourth())
                        .encodedLength());
    }

    byte[] keepAlive(long session) {
        return bytes(
                new KeepAliveEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .session(session)
                        .encodedLength());
    }

    byte[] resume(long session, long awaited, int attempt) {
        return resume(session, SECRET, awaited, attempt);
    }

    byte[] resume(long session, long secret, long awaited, int attempt) {
        return resume(session, secret, awaited, attempt, 0, 0, 0);
    }

    /** By some process of the client, behind an event that it has. */
    byte[] resume(
            long session,
            long secret,
            long awaited,
            int attempt,
            long life,
            long eventSlot,
            int eventIndex) {
        return bytes(
                new ResumeEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .session(session)
                        .awaited(awaited)
                        .attempt(attempt)
                        .secretHigh(secret)
                        .secretLow(secret)
                        .life(life)
                        .eventSlot(eventSlot)
                        .eventIndex(eventIndex)
                        .encodedLength());
    }

    byte[] eventsTaken(long session, long slot, int index) {
        return bytes(
                new EventsTakenEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .session(session)
                        .slot(slot)
                        .index(index)
                        .encodedLength());
    }

    byte[] commands(long session, long awaited, long firstSequence, String... texts) {
        CommandsEncoder commands = new CommandsEncoder().wrapAndApplyHeader(buffer, 0, header);
        CommandsEncoder.ItemsEncoder items =
                commands.session(session)
                        .awaited(awaited)
                        .firstSequence(firstSequence)
                        .itemsCount(texts.length);
        for (String text : texts) {
            byte[] command = text.getBytes(StandardCharsets.UTF_8);
            items.next().putCommand(command, 0, command.length);
        }
        return bytes(commands.encodedLength());
    }

    /** Queries that their client knows by consecutive numbers. */
    byte[] reads(ReadKind kind, long slot, int timeoutMs, long firstRead, String... texts) {
        return reads(kind, 0, slot, timeoutMs, firstRead, texts);
    }

    byte[] reads(
            ReadKind kind,
            long cluster,
            long slot,
            int timeoutMs,
            long firstRead,
            String... texts) {
        ReadsEncoder reads = new ReadsEncoder().wrapAndApplyHeader(buffer, 0, header);
        ReadsEncoder.ItemsEncoder items =
                reads.clusterId(cluster)
                        .slot(slot)
                        .timeoutMs(timeoutMs)
                        .kind(kind)
                        .itemsCount(texts.length);
        long read = firstRead;
        for (String text : texts) {
            byte[] query = text.getBytes(StandardCharsets.UTF_8);
            items.next().read(read++).putQuery(query, 0, query.length);
        }
        return bytes(reads.encodedLength());
    }

    byte[] closeSession(long session) {
        return closeSession(session, SECRET);
    }

    byte[] closeSession(long session, long secret) {
        return bytes(
                new CloseSessionEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .session(session)
                        .secretHigh(secret)
                        .secretLow(secret)
                        .encodedLength());
    }

    byte[] outcome(long correlation, long cluster, long session, long secret, long sequence) {
        return bytes(
                new OutcomeRequestEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .correlation(correlation)
                        .clusterId(cluster)
                        .session(session)
                        .sequence(sequence)
                        .secretHigh(secret)
                        .secretLow(secret)
                        .encodedLength());
    }

    byte[] status(long correlation) {
        return bytes(
                new StatusRequestEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .correlation(correlation)
                        .encodedLength());
    }

    byte[] decideLimits(
            long correlation,
            long previous,
            int sessions,
            int inFlight,
            int replyBytes,
            int cachedBytes) {
        return bytes(
                new DecideLimitsEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .correlation(correlation)
                        .previous(previous)
                        .maxSessions(sessions)
                        .maxInFlight(inFlight)
                        .maxReplyBytes(replyBytes)
                        .maxCachedBytes(cachedBytes)
                        .encodedLength());
    }

    byte[] subscribe(long correlation, long clusterId, long fromSlot) {
        return bytes(
                new SubscribeEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .correlation(correlation)
                        .clusterId(clusterId)
                        .fromSlot(fromSlot)
                        .encodedLength());
    }

    byte[] unsubscribe(long correlation) {
        return bytes(
                new UnsubscribeEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .correlation(correlation)
                        .encodedLength());
    }

    byte[] tail(long correlation, long fromSlot, long toSlot) {
        return bytes(
                new TailRequestEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .correlation(correlation)
                        .fromSlot(fromSlot)
                        .toSlot(toSlot)
                        .encodedLength());
    }
}
