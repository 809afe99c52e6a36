package io.paxoslog.gateway;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.codecs.client.ChangeMembersDecoder;
import io.paxoslog.codecs.client.CloseSessionDecoder;
import io.paxoslog.codecs.client.CommandsDecoder;
import io.paxoslog.codecs.client.DecideDecoder;
import io.paxoslog.codecs.client.DecideLimitsDecoder;
import io.paxoslog.codecs.client.DecideVersionDecoder;
import io.paxoslog.codecs.client.DecisionKind;
import io.paxoslog.codecs.client.EventsTakenDecoder;
import io.paxoslog.codecs.client.GiveUpChangeDecoder;
import io.paxoslog.codecs.client.GroupSizeEncodingDecoder;
import io.paxoslog.codecs.client.HelloDecoder;
import io.paxoslog.codecs.client.KeepAliveDecoder;
import io.paxoslog.codecs.client.MembersRequestDecoder;
import io.paxoslog.codecs.client.MessageHeaderDecoder;
import io.paxoslog.codecs.client.OpenSessionDecoder;
import io.paxoslog.codecs.client.OutcomeRequestDecoder;
import io.paxoslog.codecs.client.ReadKind;
import io.paxoslog.codecs.client.ReadsDecoder;
import io.paxoslog.codecs.client.ResumeDecoder;
import io.paxoslog.codecs.client.SnapshotRequestDecoder;
import io.paxoslog.codecs.client.StatusRequestDecoder;
import io.paxoslog.codecs.client.SubscribeDecoder;
import io.paxoslog.codecs.client.TailRequestDecoder;
import io.paxoslog.codecs.client.TransferDecoder;
import io.paxoslog.codecs.client.UnsubscribeDecoder;
import io.paxoslog.codecs.client.VersionRequestDecoder;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Change;
import io.paxoslog.core.Decision;
import io.paxoslog.core.Membership;
import io.paxoslog.core.Version;
import io.paxoslog.gateway.ClientMessages.CommandItems;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** Turns bytes from clients into calls; whatever is no message of the schema is counted. */
final class IngressDecoder {
    private static final int TEXT_LENGTH_BYTES = Short.BYTES;
    private static final int FIRST_WITH_SECRETS = 1;
    private static final int FIRST_WITH_SEATS = 5;

    /** Clients from this version on say that they live. */
    private static final int FIRST_WITH_KEEP_ALIVE = 6;

    /** Clients from this version on say which events they have. */
    private static final int FIRST_WITH_EVENTS = 7;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final GroupSizeEncodingDecoder groupSize = new GroupSizeEncodingDecoder();
    private final HelloDecoder hello = new HelloDecoder();
    private final OpenSessionDecoder openSession = new OpenSessionDecoder();
    private final ResumeDecoder resume = new ResumeDecoder();
    private final KeepAliveDecoder keepAlive = new KeepAliveDecoder();
    private final EventsTakenDecoder eventsTaken = new EventsTakenDecoder();
    private final CommandsDecoder commands = new CommandsDecoder();
    private final CloseSessionDecoder closeSession = new CloseSessionDecoder();
    private final OutcomeRequestDecoder outcomeRequest = new OutcomeRequestDecoder();
    private final StatusRequestDecoder statusRequest = new StatusRequestDecoder();
    private final TailRequestDecoder tailRequest = new TailRequestDecoder();
    private final SnapshotRequestDecoder snapshotRequest = new SnapshotRequestDecoder();
    private final DecideDecoder decide = new DecideDecoder();
    private final DecideLimitsDecoder decideLimits = new DecideLimitsDecoder();
    private final DecideVersionDecoder decideVersion = new DecideVersionDecoder();
    private final VersionRequestDecoder versionRequest = new VersionRequestDecoder();
    private final MembersRequestDecoder membersRequest = new MembersRequestDecoder();
    private final ChangeMembersDecoder changeMembers = new ChangeMembersDecoder();
    private final GiveUpChangeDecoder giveUpChange = new GiveUpChangeDecoder();
    private final TransferDecoder transfer = new TransferDecoder();
    private final ReadsDecoder reads = new ReadsDecoder();
    private final SubscribeDecoder subscribe = new SubscribeDecoder();
    private final UnsubscribeDecoder unsubscribe = new UnsubscribeDecoder();
    private final CommandItems items = new CommandItems();
    private final ClientMessages messages;
    private long malformed;
    private boolean isActing;
    private String source;

    IngressDecoder(ClientMessages messages) {
        this.messages = messages;
    }

    /** Whether, when {@link #decode} throws, the message had been read by then. */
    boolean isActing() {
        return isActing;
    }

    /** As below, of a client that whoever carries its words vouches for. */
    boolean decode(int image, DirectBuffer buffer, int offset, int length) {
        return decode(image, null, buffer, offset, length);
    }

    /**
     * Returns false when the message must come again.
     *
     * @param from address and port that the client speaks from, where it must answer, too
     */
    boolean decode(int image, String from, DirectBuffer buffer, int offset, int length) {
        source = from;
        isActing = false;
        boolean isHeard = hear(image, buffer, offset, length);
        isActing = false;
        return isHeard;
    }

    /** From here on it is the node that acts, and what it throws is its own. */
    private ClientMessages messages() {
        isActing = true;
        return messages;
    }

    private boolean hear(int image, DirectBuffer buffer, int offset, int length) {
        if (length < MessageHeaderDecoder.ENCODED_LENGTH) {
            return refuse();
        }
        header.wrap(buffer, offset);
        int block = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        int end = offset + length;
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID
                || header.blockLength() > end - block
                || header.blockLength() < blockLengthOf(header.templateId(), header.version())) {
            return refuse();
        }
        return dispatch(image, buffer, block, end);
    }

    private boolean dispatch(int image, DirectBuffer buffer, int block, int end) {
        int blockLength = header.blockLength();
        int version = header.version();
        switch (header.templateId()) {
            case HelloDecoder.TEMPLATE_ID -> {
                hello.wrap(buffer, block, blockLength, version);
                return hello(image, buffer, block + blockLength, end);
            }
            case OpenSessionDecoder.TEMPLATE_ID -> {
                openSession.wrap(buffer, block, blockLength, version);
                long nonce = openSession.nonce();
                SecretHash secret = secretHash(version);
                boolean isKeptAlive = version >= FIRST_WITH_KEEP_ALIVE;
                return messages().openSession(image, nonce, secret, isKeptAlive);
            }
            case KeepAliveDecoder.TEMPLATE_ID -> {
                keepAlive.wrap(buffer, block, blockLength, version);
                long session = keepAlive.session();
                messages().keepAlive(image, session);
                return true;
            }
            case ResumeDecoder.TEMPLATE_ID -> {
                resume.wrap(buffer, block, blockLength, version);
                return resume(image, version);
            }
            case EventsTakenDecoder.TEMPLATE_ID -> {
                eventsTaken.wrap(buffer, block, blockLength, version);
                return eventsTaken(image);
            }
            case CommandsDecoder.TEMPLATE_ID -> {
                commands.wrap(buffer, block, blockLength, version);
                return commands(image, buffer, block + blockLength, end);
            }
            case CloseSessionDecoder.TEMPLATE_ID -> {
                closeSession.wrap(buffer, block, blockLength, version);
                long session = closeSession.session();
                SecretHash secret =
                        secretHash(version, closeSession.secretHigh(), closeSession.secretLow());
                return messages().closeSession(image, session, secret);
            }
            case OutcomeRequestDecoder.TEMPLATE_ID -> {
                outcomeRequest.wrap(buffer, block, blockLength, version);
                return outcome(image);
            }
            case StatusRequestDecoder.TEMPLATE_ID -> {
                statusRequest.wrap(buffer, block, blockLength, version);
                long correlation = statusRequest.correlation();
                messages().status(image, correlation);
                return true;
            }
            case SnapshotRequestDecoder.TEMPLATE_ID -> {
                snapshotRequest.wrap(buffer, block, blockLength, version);
                long correlation = snapshotRequest.correlation();
                messages().snapshot(image, correlation);
                return true;
            }
            case DecideDecoder.TEMPLATE_ID -> {
                decide.wrap(buffer, block, blockLength, version);
                return decide(image);
            }
            case DecideLimitsDecoder.TEMPLATE_ID -> {
                decideLimits.wrap(buffer, block, blockLength, version);
                return decideLimits(image);
            }
            case DecideVersionDecoder.TEMPLATE_ID -> {
                decideVersion.wrap(buffer, block, blockLength, version);
                return decideVersion(image);
            }
            case VersionRequestDecoder.TEMPLATE_ID -> {
                versionRequest.wrap(buffer, block, blockLength, version);
                long correlation = versionRequest.correlation();
                messages().version(image, correlation);
                return true;
            }
            case MembersRequestDecoder.TEMPLATE_ID -> {
                membersRequest.wrap(buffer, block, blockLength, version);
                long correlation = membersRequest.correlation();
                messages().members(image, correlation);
                return true;
            }
            case ChangeMembersDecoder.TEMPLATE_ID -> {
                changeMembers.wrap(buffer, block, blockLength, version);
                return change(image, buffer, block + blockLength, end);
            }
            case GiveUpChangeDecoder.TEMPLATE_ID -> {
                giveUpChange.wrap(buffer, block, blockLength, version);
                long correlation = giveUpChange.correlation();
                messages().giveUpChange(image, correlation);
                return true;
            }
            case TransferDecoder.TEMPLATE_ID -> {
                transfer.wrap(buffer, block, blockLength, version);
                return transfer(image);
            }
            case ReadsDecoder.TEMPLATE_ID -> {
                reads.wrap(buffer, block, blockLength, version);
                return reads(image, buffer, block + blockLength, end);
            }
            case SubscribeDecoder.TEMPLATE_ID -> {
                subscribe.wrap(buffer, block, blockLength, version);
                return subscribe(image);
            }
            case UnsubscribeDecoder.TEMPLATE_ID -> {
                unsubscribe.wrap(buffer, block, blockLength, version);
                long correlation = unsubscribe.correlation();
                messages().unsubscribe(image, correlation);
                return true;
            }
            default -> {
                tailRequest.wrap(buffer, block, blockLength, version);
                long correlation = tailRequest.correlation();
                long fromSlot = tailRequest.fromSlot();
                long toSlot = tailRequest.toSlot();
                messages().tail(image, correlation, fromSlot, toSlot);
                return true;
            }
        }
    }

    private boolean resume(int image, int version) {
        boolean saysEvents = version >= FIRST_WITH_EVENTS;
        long eventSlot = saysEvents ? resume.eventSlot() : 0;
        int eventIndex = saysEvents ? resume.eventIndex() : 0;
        if (!isPosition(eventSlot, eventIndex)) {
            return refuse();
        }
        Claim claim =
                new Claim(
                        resume.session(),
                        secretHash(version, resume.secretHigh(), resume.secretLow()),
                        resume.awaited(),
                        resume.attempt(),
                        saysEvents ? resume.life() : 0,
                        eventSlot,
                        eventIndex);
        messages().resume(image, claim);
        return true;
    }

    private boolean eventsTaken(int image) {
        long session = eventsTaken.session();
        long slot = eventsTaken.slot();
        int index = eventsTaken.index();
        if (!isPosition(slot, index)) {
            return refuse();
        }
        messages().eventsTaken(image, session, slot, index);
        return true;
    }

    private static boolean isPosition(long slot, int index) {
        return slot >= 0 && slot <= Batch.MAX_SLOT && index >= 0;
    }

    private boolean subscribe(int image) {
        long fromSlot = subscribe.fromSlot();
        if (fromSlot < 0 || fromSlot > Batch.MAX_SLOT) {
            return refuse();
        }
        long correlation = subscribe.correlation();
        long clusterId = subscribe.clusterId();
        messages().subscribe(image, correlation, clusterId, fromSlot);
        return true;
    }

    private boolean transfer(int image) {
        int node = transfer.node();
        if (node < 1 || node > Ballot.MAX_NODE) {
            return refuse();
        }
        long correlation = transfer.correlation();
        messages().transfer(image, correlation, node);
        return true;
    }

    private boolean outcome(int image) {
        long sequence = outcomeRequest.sequence();
        if (sequence < 1) {
            return refuse();
        }
        long correlation = outcomeRequest.correlation();
        long clusterId = outcomeRequest.clusterId();
        long session = outcomeRequest.session();
        SecretHash secret = SecretHash.of(outcomeRequest.secretHigh(), outcomeRequest.secretLow());
        return messages().outcome(image, correlation, clusterId, session, secret, sequence);
    }

    private SecretHash secretHash(int version) {
        return version < FIRST_WITH_SECRETS
                ? SecretHash.NONE
                : new SecretHash(
                        openSession.secretHash1(),
                        openSession.secretHash2(),
                        openSession.secretHash3(),
                        openSession.secretHash4());
    }

    private static SecretHash secretHash(int version, long high, long low) {
        return version < FIRST_WITH_SECRETS ? SecretHash.NONE : SecretHash.of(high, low);
    }

    private boolean hello(int image, DirectBuffer buffer, int position, int end) {
        if (end - position < TEXT_LENGTH_BYTES) {
            return refuse();
        }
        int textBytes = buffer.getShort(position, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        if (textBytes > end - position - TEXT_LENGTH_BYTES) {
            return refuse();
        }
        String endpoint =
                buffer.getStringWithoutLengthAscii(position + TEXT_LENGTH_BYTES, textBytes);
        if (!ResponseEndpoint.isValid(endpoint)) {
            return refuse();
        }
        String seen = source == null ? endpoint : ResponseEndpoint.seen(endpoint, source);
        if (source != null && !ResponseEndpoint.isAt(seen, source)) {
            return refuse();
        }
        long link = hello.link();
        int protocolVersion = hello.protocolVersion();
        messages().hello(image, link, protocolVersion, seen);
        return true;
    }

    private boolean decide(int image) {
        DecisionKind kind = decide.kind();
        long slot = decide.slot();
        boolean isKnown = kind == DecisionKind.SKIP || kind == DecisionKind.RETRY;
        if (!isKnown || slot < 1 || slot > Batch.MAX_SLOT) {
            return refuse();
        }
        long correlation = decide.correlation();
        messages()
                .decide(
                        image,
                        correlation,
                        kind == DecisionKind.SKIP
                                ? Decision.skip(slot, 0)
                                : Decision.retry(slot, 0));
        return true;
    }

    /** Whether these limits are to be had is for the leader to say: people made them up. */
    private boolean decideLimits(int image) {
        long previous = decideLimits.previous();
        if (previous < 0 || previous > Batch.MAX_SLOT) {
            return refuse();
        }
        long correlation = decideLimits.correlation();
        Decision.Limits limits =
                new Decision.Limits(
                        decideLimits.maxSessions(),
                        decideLimits.maxInFlight(),
                        decideLimits.maxReplyBytes(),
                        decideLimits.maxCachedBytes());
        messages().decide(image, correlation, Decision.limits(limits, previous));
        return true;
    }

    /** Whether it is known to all is for the leader to say. */
    private boolean decideVersion(int image) {
        long previous = decideVersion.previous();
        int system = decideVersion.system();
        int application = decideVersion.application();
        if (previous < 0
                || previous > Batch.MAX_SLOT
                || !isVersion(system)
                || !isVersion(application)) {
            return refuse();
        }
        long correlation = decideVersion.correlation();
        messages()
                .decide(
                        image,
                        correlation,
                        Decision.version(new Version(system, application), previous));
        return true;
    }

    private static boolean isVersion(int number) {
        return number >= 1 && number <= Version.MAX;
    }

    private boolean change(int image, DirectBuffer buffer, int position, int end) {
        Change change = readChange(buffer, position, end);
        if (change == null) {
            return refuse();
        }
        boolean saysSeats = changeMembers.actingVersion() >= FIRST_WITH_SEATS;
        messages().change(image, changeMembers.correlation(), change, saysSeats);
        return true;
    }

    /** Null when it is none. */
    private Change readChange(DirectBuffer buffer, int position, int end) {
        if (end - position < GroupSizeEncodingDecoder.ENCODED_LENGTH) {
            return null;
        }
        groupSize.wrap(buffer, position);
        int begin = position + GroupSizeEncodingDecoder.ENCODED_LENGTH;
        int count = groupSize.numInGroup();
        boolean fits =
                count <= Membership.MAX_MEMBERS
                        && groupSize.blockLength() >= memberBlock()
                        && items.wrap(buffer, begin, end, groupSize.blockLength(), count);
        try {
            return fits ? readChange() : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private int memberBlock() {
        return changeMembers.actingVersion() >= FIRST_WITH_SEATS
                ? ChangeMembersDecoder.ItemsDecoder.sbeBlockLength()
                : ChangeMembersDecoder.ItemsDecoder.seatEncodingOffset();
    }

    private Change readChange() {
        boolean saysSeats = changeMembers.actingVersion() >= FIRST_WITH_SEATS;
        long previous = changeMembers.previous();
        int prepareQuorum = changeMembers.prepareQuorum();
        int acceptQuorum = changeMembers.acceptQuorum();
        int openSlotLimit = changeMembers.openSlotLimit();
        List<Change.Member> members = new ArrayList<>();
        for (ChangeMembersDecoder.ItemsDecoder item : changeMembers.items()) {
            long identity = item.identity();
            int seat = saysSeats ? item.seat() : 0;
            String zone = item.zone();
            byte[] address = new byte[item.addressLength()];
            item.getAddress(address, 0, address.length);
            members.add(Change.Member.read(identity, address, seat, zone));
        }
        return new Change(previous, members, prepareQuorum, acceptQuorum, openSlotLimit);
    }

    private boolean commands(int image, DirectBuffer buffer, int position, int end) {
        if (end - position < GroupSizeEncodingDecoder.ENCODED_LENGTH) {
            return refuse();
        }
        groupSize.wrap(buffer, position);
        int begin = position + GroupSizeEncodingDecoder.ENCODED_LENGTH;
        boolean fits =
                items.wrap(buffer, begin, end, groupSize.blockLength(), groupSize.numInGroup());
        if (!fits || commands.firstSequence() < 1) {
            return refuse();
        }
        long session = commands.session();
        long awaited = commands.awaited();
        long firstSequence = commands.firstSequence();
        return messages().commands(image, session, awaited, firstSequence, items);
    }

    private boolean reads(int image, DirectBuffer buffer, int position, int end) {
        if (end - position < GroupSizeEncodingDecoder.ENCODED_LENGTH) {
            return refuse();
        }
        groupSize.wrap(buffer, position);
        int begin = position + GroupSizeEncodingDecoder.ENCODED_LENGTH;
        int itemBlock = groupSize.blockLength();
        ReadKind kind = reads.kind();
        long slot = reads.slot();
        boolean isRight =
                itemBlock >= ReadsDecoder.ItemsDecoder.sbeBlockLength()
                        && items.wrap(buffer, begin, end, itemBlock, groupSize.numInGroup())
                        && kind != ReadKind.NULL_VAL
                        && kind != ReadKind.SBE_UNKNOWN
                        && slot >= 0
                        && slot <= Batch.MAX_SLOT
                        && reads.timeoutMs() >= 1;
        if (!isRight) {
            return refuse();
        }
        long clusterId = reads.clusterId();
        int timeoutMs = reads.timeoutMs();
        return messages().reads(image, kind, clusterId, slot, timeoutMs, items);
    }

    /** Shortest block a message may have; no block is long enough for what clients never say. */
    private static int blockLengthOf(int templateId, int version) {
        if (version < FIRST_WITH_SECRETS) {
            return blockLengthOfVersion0(templateId);
        }
        return version < FIRST_WITH_EVENTS && templateId == ResumeDecoder.TEMPLATE_ID
                ? ResumeDecoder.lifeEncodingOffset()
                : blockLengthOf(templateId);
    }

    private static int blockLengthOfVersion0(int templateId) {
        return switch (templateId) {
            case OpenSessionDecoder.TEMPLATE_ID -> OpenSessionDecoder.secretHash1EncodingOffset();
            case ResumeDecoder.TEMPLATE_ID -> ResumeDecoder.secretHighEncodingOffset();
            case CloseSessionDecoder.TEMPLATE_ID -> CloseSessionDecoder.secretHighEncodingOffset();
            default -> blockLengthOf(templateId);
        };
    }

    private static int blockLengthOf(int templateId) {
        return switch (templateId) {
            case HelloDecoder.TEMPLATE_ID -> HelloDecoder.BLOCK_LENGTH;
            case OpenSessionDecoder.TEMPLATE_ID -> OpenSessionDecoder.BLOCK_LENGTH;
            case ResumeDecoder.TEMPLATE_ID -> ResumeDecoder.BLOCK_LENGTH;
            case KeepAliveDecoder.TEMPLATE_ID -> KeepAliveDecoder.BLOCK_LENGTH;
            case EventsTakenDecoder.TEMPLATE_ID -> EventsTakenDecoder.BLOCK_LENGTH;
            case CommandsDecoder.TEMPLATE_ID -> CommandsDecoder.BLOCK_LENGTH;
            case CloseSessionDecoder.TEMPLATE_ID -> CloseSessionDecoder.BLOCK_LENGTH;
            case StatusRequestDecoder.TEMPLATE_ID -> StatusRequestDecoder.BLOCK_LENGTH;
            case TailRequestDecoder.TEMPLATE_ID -> TailRequestDecoder.BLOCK_LENGTH;
            case OutcomeRequestDecoder.TEMPLATE_ID -> OutcomeRequestDecoder.BLOCK_LENGTH;
            case DecideDecoder.TEMPLATE_ID -> DecideDecoder.BLOCK_LENGTH;
            case DecideLimitsDecoder.TEMPLATE_ID -> DecideLimitsDecoder.BLOCK_LENGTH;
            case SnapshotRequestDecoder.TEMPLATE_ID -> SnapshotRequestDecoder.BLOCK_LENGTH;
            case DecideVersionDecoder.TEMPLATE_ID -> DecideVersionDecoder.BLOCK_LENGTH;
            case VersionRequestDecoder.TEMPLATE_ID -> VersionRequestDecoder.BLOCK_LENGTH;
            case MembersRequestDecoder.TEMPLATE_ID -> MembersRequestDecoder.BLOCK_LENGTH;
            case ChangeMembersDecoder.TEMPLATE_ID -> ChangeMembersDecoder.BLOCK_LENGTH;
            case GiveUpChangeDecoder.TEMPLATE_ID -> GiveUpChangeDecoder.BLOCK_LENGTH;
            case TransferDecoder.TEMPLATE_ID -> TransferDecoder.BLOCK_LENGTH;
            case ReadsDecoder.TEMPLATE_ID -> ReadsDecoder.BLOCK_LENGTH;
            case SubscribeDecoder.TEMPLATE_ID -> SubscribeDecoder.BLOCK_LENGTH;
            case UnsubscribeDecoder.TEMPLATE_ID -> UnsubscribeDecoder.BLOCK_LENGTH;
            default -> Integer.MAX_VALUE;
        };
    }

    private boolean refuse() {
        malformed++;
        return true;
    }

    long malformed() {
        return malformed;
    }
}
