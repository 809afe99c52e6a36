package io.paxoslog.bench.contender;

import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.cluster.client.AeronCluster;
import io.aeron.cluster.codecs.CloseReason;
import io.aeron.cluster.service.ClientSession;
import io.aeron.cluster.service.Cluster;
import io.aeron.cluster.service.ClusteredService;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.Header;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.IdleStrategy;

/** The work all contenders do, as a service of Aeron Cluster. Used by the service's thread. */
final class EchoSequencerService implements ClusteredService {
    /** What the log of a node says when it leads. */
    static final String LEADS = "this node leads";

    private final int largestClaimBytes;
    private final BufferClaim claim = new BufferClaim();
    private final ExpandableArrayBuffer large = new ExpandableArrayBuffer();
    private IdleStrategy idle;
    private long lastNumber;

    /**
     * @param largestClaimBytes longest reply that fits into one datagram
     */
    EchoSequencerService(int largestClaimBytes) {
        this.largestClaimBytes = largestClaimBytes;
    }

    @Override
    public void onStart(Cluster cluster, Image snapshotImage) {
        idle = cluster.idleStrategy();
    }

    @Override
    public void onSessionMessage(
            ClientSession session,
            long timestamp,
            DirectBuffer buffer,
            int offset,
            int length,
            Header header) {
        lastNumber++;
        int replyBytes = NUMBER_BYTES + length;
        if (replyBytes <= largestClaimBytes) {
            claimed(session, buffer, offset, length);
        } else {
            copied(session, buffer, offset, length);
        }
    }

    private static final int NUMBER_BYTES = Contender.NUMBER_BYTES;

    /** Writes the reply where the driver reads it: the cheapest way Aeron has. */
    private void claimed(ClientSession session, DirectBuffer buffer, int offset, int length) {
        idle.reset();
        while (session.tryClaim(NUMBER_BYTES + length, claim) < 0) {
            if (session.isClosing()) {
                return;
            }
            idle.idle();
        }
        int target = claim.offset() + AeronCluster.SESSION_HEADER_LENGTH;
        write(claim.buffer(), target, buffer, offset, length);
        claim.commit();
    }

    private void copied(ClientSession session, DirectBuffer buffer, int offset, int length) {
        write(large, 0, buffer, offset, length);
        idle.reset();
        while (session.offer(large, 0, NUMBER_BYTES + length) < 0) {
            if (session.isClosing()) {
                return;
            }
            idle.idle();
        }
    }

    private void write(
            MutableDirectBuffer target, int at, DirectBuffer buffer, int offset, int length) {
        target.putLong(at, lastNumber, ByteOrder.LITTLE_ENDIAN);
        target.putBytes(at + NUMBER_BYTES, buffer, offset, length);
    }

    @Override
    public void onSessionOpen(ClientSession session, long timestamp) {}

    @Override
    public void onSessionClose(ClientSession session, long timestamp, CloseReason closeReason) {}

    @Override
    public void onTimerEvent(long correlationId, long timestamp) {}

    @Override
    public void onTakeSnapshot(ExclusivePublication snapshotPublication) {}

    @Override
    public void onRoleChange(Cluster.Role newRole) {
        if (newRole == Cluster.Role.LEADER) {
            System.out.println(LEADS);
        }
    }

    @Override
    public void onTerminate(Cluster cluster) {}
}
