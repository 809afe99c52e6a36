package io.paxoslog.transport;

import io.aeron.Image;
import io.paxoslog.codecs.PeerProtocol;
import io.paxoslog.codecs.peer.AcceptDecoder;
import io.paxoslog.codecs.peer.AcceptedDecoder;
import io.paxoslog.codecs.peer.AllChosenDecoder;
import io.paxoslog.codecs.peer.AskHashDecoder;
import io.paxoslog.codecs.peer.AskHighestDecoder;
import io.paxoslog.codecs.peer.AskIndexDecoder;
import io.paxoslog.codecs.peer.AskRunDecoder;
import io.paxoslog.codecs.peer.CanvassDecoder;
import io.paxoslog.codecs.peer.CanvassedDecoder;
import io.paxoslog.codecs.peer.ChosenDecoder;
import io.paxoslog.codecs.peer.CompactedDecoder;
import io.paxoslog.codecs.peer.ConfirmDecoder;
import io.paxoslog.codecs.peer.ConfirmedDecoder;
import io.paxoslog.codecs.peer.FetchDecoder;
import io.paxoslog.codecs.peer.FetchSnapshotDecoder;
import io.paxoslog.codecs.peer.Flag;
import io.paxoslog.codecs.peer.HandOverDecoder;
import io.paxoslog.codecs.peer.HashedDecoder;
import io.paxoslog.codecs.peer.HeartbeatDecoder;
import io.paxoslog.codecs.peer.HeartbeatHeardDecoder;
import io.paxoslog.codecs.peer.HighestDecoder;
import io.paxoslog.codecs.peer.IndexedDecoder;
import io.paxoslog.codecs.peer.LacksRoomDecoder;
import io.paxoslog.codecs.peer.MessageHeaderDecoder;
import io.paxoslog.codecs.peer.NackDecoder;
import io.paxoslog.codecs.peer.PrepareDecoder;
import io.paxoslog.codecs.peer.PromiseDecoder;
import io.paxoslog.codecs.peer.PromisedSlotsDecoder;
import io.paxoslog.codecs.peer.QuestionDecoder;
import io.paxoslog.codecs.peer.RanDecoder;
import io.paxoslog.codecs.peer.ReturningDecoder;
import io.paxoslog.codecs.peer.SenderDecoder;
import io.paxoslog.codecs.peer.SlotsDecoder;
import io.paxoslog.codecs.peer.SnapshotPartDecoder;
import io.paxoslog.codecs.peer.StrangerDecoder;
import io.paxoslog.codecs.peer.SurveyDecoder;
import io.paxoslog.codecs.peer.SurveyedDecoder;
import io.paxoslog.codecs.peer.VouchDecoder;
import io.paxoslog.core.Batch;
import io.paxoslog.core.PeerMessages;
import io.paxoslog.core.Runs;
import io.paxoslog.core.Version;
import io.paxoslog.media.MessageReader;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.sbe.MessageDecoderFlyweight;

/**
 * Turns one frame into one call. Whatever does not read as a message of the peer schema is counted
 * and ignored, so every length and every value is looked at before it is used.
 */
final class PeerDecoder implements MessageReader.Listener {
    private static final int HEADER_BYTES = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int LENGTH_BYTES = Integer.BYTES;
    private static final int NONE = -1;
    private static final int PERCENT = 100;

    /** Above every slot: so nobody returns by the word of a leader that does not say. */
    private static final long NOT_TOLD = Long.MAX_VALUE;

    private final PeerMessages listener;
    private final Admission admission;
    private final AtomicCounter framesRefused;
    private final AtomicCounter framesNotAdmitted;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SenderDecoder sender = new SenderDecoder();
    private final CanvassDecoder canvass = new CanvassDecoder();
    private final CanvassedDecoder canvassed = new CanvassedDecoder();
    private final PrepareDecoder prepare = new PrepareDecoder();
    private final PromisedSlotsDecoder promisedSlots = new PromisedSlotsDecoder();
    private final PromiseDecoder promise = new PromiseDecoder();
    private final AcceptDecoder accept = new AcceptDecoder();
    private final AcceptedDecoder accepted = new AcceptedDecoder();
    private final NackDecoder nack = new NackDecoder();
    private final HeartbeatDecoder heartbeat = new HeartbeatDecoder();
    private final HeartbeatHeardDecoder heartbeatHeard = new HeartbeatHeardDecoder();
    private final HandOverDecoder handOver = new HandOverDecoder();
    private final FetchDecoder fetch = new FetchDecoder();
    private final ChosenDecoder chosen = new ChosenDecoder();
    private final StrangerDecoder stranger = new StrangerDecoder();
    private final CompactedDecoder compacted = new CompactedDecoder();
    private final FetchSnapshotDecoder fetchSnapshot = new FetchSnapshotDecoder();
    private final SnapshotPartDecoder snapshotPart = new SnapshotPartDecoder();
    private final SurveyDecoder survey = new SurveyDecoder();
    private final SurveyedDecoder surveyed = new SurveyedDecoder();
    private final QuestionDecoder question = new QuestionDecoder();
    private final VouchDecoder vouch = new VouchDecoder();
    private final ReturningDecoder returning = new ReturningDecoder();
    private final LacksRoomDecoder lacksRoom = new LacksRoomDecoder();
    private final HashedDecoder hashed = new HashedDecoder();
    private final AskHashDecoder askHash = new AskHashDecoder();
    private final AskRunDecoder askRun = new AskRunDecoder();
    private final RanDecoder ran = new RanDecoder();
    private final ConfirmDecoder confirm = new ConfirmDecoder();
    private final ConfirmedDecoder confirmed = new ConfirmedDecoder();
    private final AskIndexDecoder askIndex = new AskIndexDecoder();
    private final IndexedDecoder indexed = new IndexedDecoder();
    private final AskHighestDecoder askHighest = new AskHighestDecoder();
    private final HighestDecoder highest = new HighestDecoder();
    private final AllChosenDecoder allChosen = new AllChosenDecoder();
    private final Batch batch = new Batch();

    private long from;
    private int frameEnd;
    private boolean isActing;

    /**
     * @param framesRefused counts frames that are no messages
     * @param framesNotAdmitted counts frames whose sender is not to be heard
     */
    PeerDecoder(
            PeerMessages listener,
            Admission admission,
            AtomicCounter framesRefused,
            AtomicCounter framesNotAdmitted) {
        this.listener = listener;
        this.admission = admission;
        this.framesRefused = framesRefused;
        this.framesNotAdmitted = framesNotAdmitted;
    }

    @Override
    public boolean onMessage(
            Image image, long reserved, DirectBuffer buffer, int offset, int length) {
        onFrame(reserved, buffer, offset, length);
        return true;
    }

    @Override
    public boolean isActing() {
        return isActing;
    }

    /**
     * Hears one frame, or counts it and does nothing.
     *
     * @param run the run of its sender; 0 when it does not say
     */
    void onFrame(long run, DirectBuffer buffer, int offset, int length) {
        isActing = false;
        hear(run, buffer, offset, length);
        isActing = false;
    }

    private void hear(long run, DirectBuffer buffer, int offset, int length) {
        if (!isPeerFrame(buffer, offset, length)) {
            framesRefused.getAndAddRelease(1);
            return;
        }
        sender.wrap(buffer, offset + HEADER_BYTES);
        from = sender.member();
        if (!PeerProtocol.areCompatible(header.version(), MessageHeaderDecoder.SCHEMA_VERSION)) {
            framesRefused.getAndAddRelease(1);
            admission.speaksOtherwise(from, header.version(), MessageHeaderDecoder.SCHEMA_VERSION);
        } else if (!Valid.member(from) || sender.clusterId() < 0) {
            framesRefused.getAndAddRelease(1);
        } else if (!isAdmitted(sender.clusterId(), run)) {
            framesNotAdmitted.getAndAddRelease(1);
        } else if (!isHeard(buffer, offset)) {
            framesRefused.getAndAddRelease(1);
        }
    }

    private boolean isAdmitted(long clusterId, long run) {
        isActing = true;
        boolean isAdmitted =
                admission.admits(from, clusterId) && (isAboutRuns() || admission.hears(from, run));
        isActing = false;
        return isAdmitted;
    }

    /** By these a sender in a run that is not known becomes known. */
    private boolean isAboutRuns() {
        int template = header.templateId();
        return template == AskRunDecoder.TEMPLATE_ID || template == RanDecoder.TEMPLATE_ID;
    }

    /** From here on it is the replica that acts, and what it throws is its own. */
    private PeerMessages listener() {
        isActing = true;
        return listener;
    }

    private boolean isPeerFrame(DirectBuffer buffer, int offset, int length) {
        if (length < HEADER_BYTES + SenderDecoder.ENCODED_LENGTH) {
            return false;
        }
        header.wrap(buffer, offset);
        frameEnd = offset + length;
        return header.schemaId() == MessageHeaderDecoder.SCHEMA_ID
                && header.blockLength() >= SenderDecoder.ENCODED_LENGTH
                && header.blockLength() <= length - HEADER_BYTES;
    }

    private boolean isHeard(DirectBuffer buffer, int offset) {
        return switch (header.templateId()) {
            case CanvassDecoder.TEMPLATE_ID -> wrap(canvass, buffer, offset) && hearCanvass();
            case CanvassedDecoder.TEMPLATE_ID -> wrap(canvassed, buffer, offset) && hearCanvassed();
            case PrepareDecoder.TEMPLATE_ID -> wrap(prepare, buffer, offset) && hearPrepare();
            case PromisedSlotsDecoder.TEMPLATE_ID ->
                    wrap(promisedSlots, buffer, offset) && hearPromisedSlots();
            case PromiseDecoder.TEMPLATE_ID -> wrap(promise, buffer, offset) && hearPromise();
            case AcceptDecoder.TEMPLATE_ID -> wrap(accept, buffer, offset) && hearAccept();
            case AcceptedDecoder.TEMPLATE_ID -> wrap(accepted, buffer, offset) && hearAccepted();
            case NackDecoder.TEMPLATE_ID -> wrap(nack, buffer, offset) && hearNack();
            case HeartbeatDecoder.TEMPLATE_ID -> wrap(heartbeat, buffer, offset) && hearHeartbeat();
            case HeartbeatHeardDecoder.TEMPLATE_ID ->
                    wrap(heartbeatHeard, buffer, offset) && hearHeartbeatHeard();
            case HandOverDecoder.TEMPLATE_ID -> wrap(handOver, buffer, offset) && hearHandOver();
            case FetchDecoder.TEMPLATE_ID -> wrap(fetch, buffer, offset) && hearFetch();
            case ChosenDecoder.TEMPLATE_ID -> wrap(chosen, buffer, offset) && hearChosen();
            case StrangerDecoder.TEMPLATE_ID -> wrap(stranger, buffer, offset) && hearStranger();
            case CompactedDecoder.TEMPLATE_ID -> wrap(compacted, buffer, offset) && hearCompacted();
            case FetchSnapshotDecoder.TEMPLATE_ID ->
                    wrap(fetchSnapshot, buffer, offset) && hearFetchSnapshot();
            case SnapshotPartDecoder.TEMPLATE_ID ->
                    wrap(snapshotPart, buffer, offset) && hearSnapshotPart();
            case SurveyDecoder.TEMPLATE_ID -> wrap(survey, buffer, offset) && hearSurvey();
            case SurveyedDecoder.TEMPLATE_ID -> wrap(surveyed, buffer, offset) && hearSurveyed();
            case QuestionDecoder.TEMPLATE_ID -> wrap(question, buffer, offset) && hearQuestion();
            case VouchDecoder.TEMPLATE_ID -> wrap(vouch, buffer, offset) && hearVouch();
            case ReturningDecoder.TEMPLATE_ID -> wrap(returning, buffer, offset) && hearReturning();
            case HashedDecoder.TEMPLATE_ID -> wrap(hashed, buffer, offset) && hearHashed();
            case AskHashDecoder.TEMPLATE_ID -> wrap(askHash, buffer, offset) && hearAskHash();
            case AskRunDecoder.TEMPLATE_ID -> wrap(askRun, buffer, offset) && hearAskRun();
            case RanDecoder.TEMPLATE_ID -> wrap(ran, buffer, offset) && hearRan();
            case LacksRoomDecoder.TEMPLATE_ID -> wrap(lacksRoom, buffer, offset) && hearLacksRoom();
            case ConfirmDecoder.TEMPLATE_ID -> wrap(confirm, buffer, offset) && hearConfirm();
            case ConfirmedDecoder.TEMPLATE_ID -> wrap(confirmed, buffer, offset) && hearConfirmed();
            case AskIndexDecoder.TEMPLATE_ID -> wrap(askIndex, buffer, offset) && hearAskIndex();
            case IndexedDecoder.TEMPLATE_ID -> wrap(indexed, buffer, offset) && hearIndexed();
            case AskHighestDecoder.TEMPLATE_ID ->
                    wrap(askHighest, buffer, offset) && hearAskHighest();
            case HighestDecoder.TEMPLATE_ID -> wrap(highest, buffer, offset) && hearHighest();
            case AllChosenDecoder.TEMPLATE_ID -> wrap(allChosen, buffer, offset) && hearAllChosen();
            default -> false;
        };
    }

    /** A later version may have added fields behind those known here, never taken any away. */
    private boolean wrap(MessageDecoderFlyweight message, DirectBuffer buffer, int offset) {
        if (header.blockLength() < leastBlockLength(message)) {
            return false;
        }
        message.wrap(buffer, offset + HEADER_BYTES, header.blockLength(), header.version());
        return true;
    }

    /** What earlier versions did not have yet lies at the end. */
    private int leastBlockLength(MessageDecoderFlyweight message) {
        int version = header.version();
        return switch (message.sbeTemplateId()) {
            case HeartbeatDecoder.TEMPLATE_ID -> leastHeartbeat(version);
            case HeartbeatHeardDecoder.TEMPLATE_ID -> leastHeartbeatHeard(version);
            case PromiseDecoder.TEMPLATE_ID ->
                    version < PromiseDecoder.knowsSinceVersion()
                            ? PromiseDecoder.knowsEncodingOffset()
                            : PromiseDecoder.BLOCK_LENGTH;
            default -> message.sbeBlockLength();
        };
    }

    private static int leastHeartbeat(int version) {
        if (version < HeartbeatDecoder.nonceSinceVersion()) {
            return HeartbeatDecoder.nonceEncodingOffset();
        }
        if (version < HeartbeatDecoder.reportedSinceVersion()) {
            return HeartbeatDecoder.reportedEncodingOffset();
        }
        if (version < HeartbeatDecoder.takenOverSinceVersion()) {
            return HeartbeatDecoder.takenOverEncodingOffset();
        }
        return version < HeartbeatDecoder.leaseSinceVersion()
                ? HeartbeatDecoder.leaseEncodingOffset()
                : HeartbeatDecoder.BLOCK_LENGTH;
    }

    private static int leastHeartbeatHeard(int version) {
        if (version < HeartbeatHeardDecoder.nonceSinceVersion()) {
            return HeartbeatHeardDecoder.nonceEncodingOffset();
        }
        if (version < HeartbeatHeardDecoder.prioritySinceVersion()) {
            return HeartbeatHeardDecoder.priorityEncodingOffset();
        }
        if (version < HeartbeatHeardDecoder.stalledSinceVersion()) {
            return HeartbeatHeardDecoder.stalledEncodingOffset();
        }
        return version < HeartbeatHeardDecoder.grantedSinceVersion()
                ? HeartbeatHeardDecoder.grantedEncodingOffset()
                : HeartbeatHeardDecoder.BLOCK_LENGTH;
    }

    private boolean hearCanvass() {
        long ballot = canvass.ballot();
        long commitIndex = canvass.commitIndex();
        if (!Valid.ballot(ballot) || !Valid.slotOrNone(commitIndex)) {
            return false;
        }
        listener().canvass(from, ballot, commitIndex);
        return true;
    }

    private boolean hearCanvassed() {
        long ballot = canvassed.ballot();
        long promised = canvassed.promised();
        long commitIndex = canvassed.commitIndex();
        int granted = canvassed.grantedRaw();
        if (!Valid.ballot(ballot)
                || !Valid.ballotOrNone(promised)
                || !Valid.slotOrNone(commitIndex)
                || !isFlag(granted)) {
            return false;
        }
        listener().canvassed(from, ballot, granted == Flag.YES.value(), promised, commitIndex);
        return true;
    }

    private boolean hearPrepare() {
        long ballot = prepare.ballot();
        long firstSlot = prepare.firstSlot();
        if (!Valid.ballot(ballot) || !Valid.slot(firstSlot)) {
            return false;
        }
        listener().prepare(from, ballot, firstSlot);
        return true;
    }

    private boolean hearPromisedSlots() {
        long ballot = promisedSlots.ballot();
        boolean isBatch = readBatch(promisedSlots.slots(), promisedSlots);
        if (!Valid.ballot(ballot) || !isBatch || !Valid.ballot(batch.ballot())) {
            return false;
        }
        listener().promisedSlots(from, ballot, batch);
        return true;
    }

    private boolean hearPromise() {
        long ballot = promise.ballot();
        long commitIndex = promise.commitIndex();
        long slots = promise.reportedSlots();
        boolean tellsKnows = header.version() >= PromiseDecoder.knowsSinceVersion();
        long knows = tellsKnows ? promise.knows() : 0;
        if (!Valid.ballot(ballot)
                || !Valid.slotOrNone(commitIndex)
                || !Valid.slotOrNone(slots)
                || !Version.isTold(knows)) {
            return false;
        }
        listener().promise(from, ballot, commitIndex, slots, knows);
        return true;
    }

    private boolean hearAccept() {
        long floor = accept.floor();
        boolean isBatch = readBatch(accept.slots(), accept);
        if (!Valid.slot(floor) || !isBatch || !Valid.ballot(batch.ballot())) {
            return false;
        }
        listener().accept(from, batch, floor);
        return true;
    }

    private boolean hearAccepted() {
        long ballot = accepted.ballot();
        long upTo = accepted.upTo();
        if (!Valid.ballot(ballot) || !Valid.slotOrNone(upTo)) {
            return false;
        }
        listener().accepted(from, ballot, upTo);
        return true;
    }

    private boolean hearNack() {
        long promised = nack.promised();
        if (!Valid.ballot(promised)) {
            return false;
        }
        listener().nack(from, promised);
        return true;
    }

    private boolean hearHeartbeat() {
        long ballot = heartbeat.ballot();
        long floor = heartbeat.floor();
        long lastSlot = heartbeat.lastSlot();
        int connected = heartbeat.connectedRaw();
        long nonce = header.version() > 0 ? heartbeat.nonce() : 0;
        boolean tellsReported = header.version() >= HeartbeatDecoder.reportedSinceVersion();
        long reported = tellsReported ? heartbeat.reported() : NOT_TOLD;
        boolean tellsTakenOver = header.version() >= HeartbeatDecoder.takenOverSinceVersion();
        long takenOver = tellsTakenOver ? heartbeat.takenOver() : 0;
        boolean tellsLease = header.version() >= HeartbeatDecoder.leaseSinceVersion();
        int lease = tellsLease ? heartbeat.lease() : 0;
        if (!Valid.ballot(ballot)
                || !Valid.slot(floor)
                || !Valid.slotOrNone(lastSlot)
                || !Valid.slotOrNone(takenOver)
                || !isFlag(connected)
                || nonce < 0
                || lease < 0
                || (tellsReported && reported != NOT_TOLD && !Valid.slotOrNone(reported))) {
            return false;
        }
        boolean isConnected = connected == Flag.YES.value();
        listener()
                .heartbeat(
                        from,
                        ballot,
                        floor,
                        lastSlot,
                        isConnected,
                        nonce,
                        reported,
                        takenOver,
                        lease);
        return true;
    }

    private boolean hearHeartbeatHeard() {
        long ballot = heartbeatHeard.ballot();
        long commitIndex = heartbeatHeard.commitIndex();
        long nonce = header.version() > 0 ? heartbeatHeard.nonce() : 0;
        long wallClockNs = header.version() > 0 ? heartbeatHeard.wallClock() : 0;
        boolean tellsPriority = header.version() >= HeartbeatHeardDecoder.prioritySinceVersion();
        int priority = tellsPriority ? heartbeatHeard.priority() : 0;
        boolean tellsKnows = header.version() >= HeartbeatHeardDecoder.knowsSinceVersion();
        long knows = tellsKnows ? heartbeatHeard.knows() : 0;
        boolean tellsStalled = header.version() >= HeartbeatHeardDecoder.stalledSinceVersion();
        int stalled = tellsStalled ? heartbeatHeard.stalled() : 0;
        boolean tellsGranted = header.version() >= HeartbeatHeardDecoder.grantedSinceVersion();
        int granted = tellsGranted ? heartbeatHeard.granted() : 0;
        if (!Valid.ballot(ballot)
                || !Valid.slotOrNone(commitIndex)
                || nonce < 0
                || wallClockNs < 0
                || priority < PeerMessages.UNABLE
                || priority > PeerMessages.MOST_PRIORITY
                || !Version.isTold(knows)
                || stalled < 0
                || stalled > PERCENT
                || granted < 0) {
            return false;
        }
        listener()
                .heartbeatHeard(
                        from,
                        ballot,
                        commitIndex,
                        nonce,
                        wallClockNs,
                        priority,
                        knows,
                        stalled,
                        granted);
        return true;
    }

    private boolean hearHandOver() {
        long ballot = handOver.ballot();
        long lastSlot = handOver.lastSlot();
        if (!Valid.ballot(ballot) || !Valid.slot(lastSlot)) {
            return false;
        }
        listener().handOver(from, ballot, lastSlot);
        return true;
    }

    private boolean hearFetch() {
        long firstSlot = fetch.firstSlot();
        long lastSlot = fetch.lastSlot();
        if (!Valid.slot(firstSlot) || !Valid.slot(lastSlot) || firstSlot > lastSlot) {
            return false;
        }
        listener().fetch(from, firstSlot, lastSlot);
        return true;
    }

    private boolean hearChosen() {
        long burstEnd = chosen.burstEnd();
        boolean isBatch = readBatch(chosen.slots(), chosen);
        if (!Valid.slot(burstEnd) || !isBatch || !Valid.ballotOrNone(batch.ballot())) {
            return false;
        }
        listener().chosen(from, batch, burstEnd);
        return true;
    }

    private boolean hearCompacted() {
        long firstKept = compacted.firstKept();
        long snapshotSlot = compacted.snapshotSlot();
        if (!Valid.slot(firstKept) || !Valid.slotOrNone(snapshotSlot)) {
            return false;
        }
        listener().compacted(from, firstKept, snapshotSlot);
        return true;
    }

    private boolean hearFetchSnapshot() {
        long slot = fetchSnapshot.slot();
        if (!Valid.slotOrNone(slot)) {
            return false;
        }
        long manifest = fetchSnapshot.manifest();
        int chunk = fetchSnapshot.chunk();
        listener().fetchSnapshot(from, slot, manifest, chunk);
        return true;
    }

    private boolean hearSnapshotPart() {
        long slot = snapshotPart.slot();
        int length = dataLength(snapshotPart);
        if (!Valid.slot(slot) || length < 0) {
            return false;
        }
        long manifest = snapshotPart.manifest();
        int chunk = snapshotPart.chunk();
        int at = dataAt(snapshotPart);
        listener().snapshotPart(from, slot, manifest, chunk, snapshotPart.buffer(), at, length);
        return true;
    }

    private boolean hearStranger() {
        long expected = stranger.expected();
        long recordedCluster = stranger.recordedCluster();
        if (!Valid.member(expected) || recordedCluster < 0) {
            return false;
        }
        listener().stranger(from, expected, recordedCluster);
        return true;
    }

    private boolean hearSurvey() {
        long ballot = survey.ballot();
        if (!Valid.ballot(ballot)) {
            return false;
        }
        listener().survey(from, ballot);
        return true;
    }

    private boolean hearSurveyed() {
        long ballot = surveyed.ballot();
        long applied = surveyed.applied();
        long held = surveyed.held();
        long against = surveyed.against();
        int halted = surveyed.haltedRaw();
        if (!Valid.ballot(ballot)
                || !Valid.slotOrNone(applied)
                || !Valid.slotOrNone(held)
                || !Valid.slotOrNone(against)
                || !isFlag(halted)) {
            return false;
        }
        listener().surveyed(from, ballot, applied, halted == Flag.YES.value(), held, against);
        return true;
    }

    private boolean hearQuestion() {
        long nonce = question.nonce();
        listener().question(from, nonce);
        return true;
    }

    private boolean hearVouch() {
        long ballot = vouch.ballot();
        if (!Valid.ballotOrNone(ballot)) {
            return false;
        }
        long nonce = vouch.nonce();
        listener().vouch(from, nonce, ballot);
        return true;
    }

    private boolean hearReturning() {
        long promised = returning.promised();
        if (!Valid.ballotOrNone(promised)) {
            return false;
        }
        listener().returning(from, promised);
        return true;
    }

    private boolean hearLacksRoom() {
        int votes = lacksRoom.votesOnReportedRaw();
        if (!isFlag(votes)) {
            return false;
        }
        listener().lacksRoom(from, votes == Flag.YES.value());
        return true;
    }

    private boolean hearHashed() {
        long slot = hashed.slot();
        if (!Valid.slot(slot)) {
            return false;
        }
        long hash = hashed.hash();
        long nonce = hashed.nonce();
        listener().hashed(from, slot, hash, nonce);
        return true;
    }

    private boolean hearAskHash() {
        long nonce = askHash.nonce();
        long slot = askHash.slot();
        if (!Valid.slot(slot)) {
            return false;
        }
        listener().askHash(from, nonce, slot);
        return true;
    }

    private boolean hearAskRun() {
        long nonce = askRun.nonce();
        long run = askRun.run();
        long records = askRun.records();
        if (run < 0 || records < 0) {
            return false;
        }
        listener().askRun(from, nonce, run, records);
        return true;
    }

    private boolean hearRan() {
        long nonce = ran.nonce();
        long run = ran.run();
        long records = ran.records();
        long asked = ran.asked();
        long held = ran.held();
        if (run < 0 || records < 0 || asked < 0 || held < Runs.NOT_HELD) {
            return false;
        }
        listener().ran(from, nonce, run, records, asked, held);
        return true;
    }

    private boolean hearConfirm() {
        long ballot = confirm.ballot();
        if (!Valid.ballot(ballot)) {
            return false;
        }
        long nonce = confirm.nonce();
        listener().confirm(from, ballot, nonce);
        return true;
    }

    private boolean hearConfirmed() {
        long ballot = confirmed.ballot();
        if (!Valid.ballot(ballot)) {
            return false;
        }
        long nonce = confirmed.nonce();
        listener().confirmed(from, ballot, nonce);
        return true;
    }

    private boolean hearAskIndex() {
        long read = askIndex.read();
        listener().askIndex(from, read);
        return true;
    }

    private boolean hearIndexed() {
        long ballot = indexed.ballot();
        long index = indexed.index();
        if (!Valid.ballot(ballot) || !Valid.slot(index)) {
            return false;
        }
        long read = indexed.read();
        listener().indexed(from, ballot, read, index);
        return true;
    }

    private boolean hearAskHighest() {
        long read = askHighest.read();
        listener().askHighest(from, read);
        return true;
    }

    private boolean hearHighest() {
        long lastSlot = highest.lastSlot();
        if (!Valid.slotOrNone(lastSlot)) {
            return false;
        }
        long read = highest.read();
        listener().highest(from, read, lastSlot);
        return true;
    }

    private boolean hearAllChosen() {
        long ballot = allChosen.ballot();
        long lastSlot = allChosen.lastSlot();
        if (!Valid.ballot(ballot) || !Valid.slot(lastSlot)) {
            return false;
        }
        listener().allChosen(from, ballot, lastSlot);
        return true;
    }

    /** Makes {@link #batch} a view of the entries where they lie; false when they are not sound. */
    private boolean readBatch(SlotsDecoder slots, MessageDecoderFlyweight message) {
        int length = dataLength(message);
        if (length < 0) {
            return false;
        }
        batch.slots(slots.ballot(), slots.firstSlot(), slots.count())
                .value(slots.kind(), slots.originBallot(), slots.timestamp())
                .bytes(message.buffer(), dataAt(message), length);
        return Valid.batch(batch);
    }

    private int dataAt(MessageDecoderFlyweight message) {
        return message.offset() + header.blockLength() + LENGTH_BYTES;
    }

    /** Length of the bytes behind the fields; {@link #NONE} when they are not all there. */
    private int dataLength(MessageDecoderFlyweight message) {
        int dataAt = dataAt(message);
        if (dataAt > frameEnd) {
            return NONE;
        }
        int length =
                message.buffer().getInt(dataAt - LENGTH_BYTES, MessageHeaderDecoder.BYTE_ORDER);
        return length < 0 || length > frameEnd - dataAt ? NONE : length;
    }

    private static boolean isFlag(int value) {
        return value == Flag.NO.value() || value == Flag.YES.value();
    }
}
