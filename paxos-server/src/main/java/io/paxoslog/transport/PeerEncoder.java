package io.paxoslog.transport;

import io.paxoslog.codecs.peer.AcceptEncoder;
import io.paxoslog.codecs.peer.AcceptedEncoder;
import io.paxoslog.codecs.peer.AllChosenEncoder;
import io.paxoslog.codecs.peer.AskHashEncoder;
import io.paxoslog.codecs.peer.AskHighestEncoder;
import io.paxoslog.codecs.peer.AskIndexEncoder;
import io.paxoslog.codecs.peer.AskRunEncoder;
import io.paxoslog.codecs.peer.CanvassEncoder;
import io.paxoslog.codecs.peer.CanvassedEncoder;
import io.paxoslog.codecs.peer.ChosenEncoder;
import io.paxoslog.codecs.peer.CompactedEncoder;
import io.paxoslog.codecs.peer.ConfirmEncoder;
import io.paxoslog.codecs.peer.ConfirmedEncoder;
import io.paxoslog.codecs.peer.EntriesEncoder;
import io.paxoslog.codecs.peer.FetchEncoder;
import io.paxoslog.codecs.peer.FetchSnapshotEncoder;
import io.paxoslog.codecs.peer.Flag;
import io.paxoslog.codecs.peer.HandOverEncoder;
import io.paxoslog.codecs.peer.HashedEncoder;
import io.paxoslog.codecs.peer.HeartbeatEncoder;
import io.paxoslog.codecs.peer.HeartbeatHeardEncoder;
import io.paxoslog.codecs.peer.HighestEncoder;
import io.paxoslog.codecs.peer.IndexedEncoder;
import io.paxoslog.codecs.peer.LacksRoomEncoder;
import io.paxoslog.codecs.peer.MessageHeaderEncoder;
import io.paxoslog.codecs.peer.NackEncoder;
import io.paxoslog.codecs.peer.PartEncoder;
import io.paxoslog.codecs.peer.PrepareEncoder;
import io.paxoslog.codecs.peer.PromiseEncoder;
import io.paxoslog.codecs.peer.PromisedSlotsEncoder;
import io.paxoslog.codecs.peer.QuestionEncoder;
import io.paxoslog.codecs.peer.RanEncoder;
import io.paxoslog.codecs.peer.ReturningEncoder;
import io.paxoslog.codecs.peer.SenderEncoder;
import io.paxoslog.codecs.peer.SlotsEncoder;
import io.paxoslog.codecs.peer.SnapshotPartEncoder;
import io.paxoslog.codecs.peer.StrangerEncoder;
import io.paxoslog.codecs.peer.SurveyEncoder;
import io.paxoslog.codecs.peer.SurveyedEncoder;
import io.paxoslog.codecs.peer.VouchEncoder;
import io.paxoslog.core.Batch;
import io.paxoslog.core.PeerMessages;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.sbe.MessageEncoderFlyweight;

/**
 * Writes what a replica says as bytes of the peer schema. What the sink has no room for is lost.
 */
final class PeerEncoder implements PeerMessages {
    private final FrameSink sink;
    private final LongSupplier clusterId;
    private final AtomicCounter framesDropped;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final CanvassEncoder canvass = new CanvassEncoder();
    private final CanvassedEncoder canvassed = new CanvassedEncoder();
    private final PrepareEncoder prepare = new PrepareEncoder();
    private final PromisedSlotsEncoder promisedSlots = new PromisedSlotsEncoder();
    private final PromiseEncoder promise = new PromiseEncoder();
    private final AcceptEncoder accept = new AcceptEncoder();
    private final AcceptedEncoder accepted = new AcceptedEncoder();
    private final NackEncoder nack = new NackEncoder();
    private final HeartbeatEncoder heartbeat = new HeartbeatEncoder();
    private final HeartbeatHeardEncoder heartbeatHeard = new HeartbeatHeardEncoder();
    private final HandOverEncoder handOver = new HandOverEncoder();
    private final FetchEncoder fetch = new FetchEncoder();
    private final ChosenEncoder chosen = new ChosenEncoder();
    private final StrangerEncoder stranger = new StrangerEncoder();
    private final CompactedEncoder compacted = new CompactedEncoder();
    private final FetchSnapshotEncoder fetchSnapshot = new FetchSnapshotEncoder();
    private final SnapshotPartEncoder snapshotPart = new SnapshotPartEncoder();
    private final SurveyEncoder survey = new SurveyEncoder();
    private final SurveyedEncoder surveyed = new SurveyedEncoder();
    private final QuestionEncoder question = new QuestionEncoder();
    private final VouchEncoder vouch = new VouchEncoder();
    private final ReturningEncoder returning = new ReturningEncoder();
    private final LacksRoomEncoder lacksRoom = new LacksRoomEncoder();
    private final HashedEncoder hashed = new HashedEncoder();
    private final AskHashEncoder askHash = new AskHashEncoder();
    private final AskRunEncoder askRun = new AskRunEncoder();
    private final RanEncoder ran = new RanEncoder();
    private final ConfirmEncoder confirm = new ConfirmEncoder();
    private final ConfirmedEncoder confirmed = new ConfirmedEncoder();
    private final AskIndexEncoder askIndex = new AskIndexEncoder();
    private final IndexedEncoder indexed = new IndexedEncoder();
    private final AskHighestEncoder askHighest = new AskHighestEncoder();
    private final HighestEncoder highest = new HighestEncoder();
    private final AllChosenEncoder allChosen = new AllChosenEncoder();

    /**
     * @param clusterId the sender's cluster at the moment of speaking, 0 when not known
     * @param framesDropped counts what the sink refused
     */
    PeerEncoder(FrameSink sink, LongSupplier clusterId, AtomicCounter framesDropped) {
        this.sink = sink;
        this.clusterId = clusterId;
        this.framesDropped = framesDropped;
    }

    @Override
    public void canvass(long from, long ballot, long commitIndex) {
        if (begin(canvass, 0)) {
            sign(canvass.sender(), from);
            canvass.ballot(ballot).commitIndex(commitIndex);
            sink.commit();
        }
    }

    @Override
    public void canvassed(
            long from, long ballot, boolean granted, long promised, long commitIndex) {
        if (begin(canvassed, 0)) {
            sign(canvassed.sender(), from);
            canvassed.ballot(ballot).promised(promised).commitIndex(commitIndex);
            canvassed.granted(flag(granted));
            sink.commit();
        }
    }

    @Override
    public void prepare(long from, long ballot, long firstSlot) {
        if (begin(prepare, 0)) {
            sign(prepare.sender(), from);
            prepare.ballot(ballot).firstSlot(firstSlot);
            sink.commit();
        }
    }

    @Override
    public void promisedSlots(long from, long ballot, Batch batch) {
        if (begin(promisedSlots, entriesLength(batch))) {
            sign(promisedSlots.sender(), from);
            promisedSlots.ballot(ballot);
            describe(promisedSlots.slots(), batch);
            promisedSlots.putEntries(batch.buffer(), 0, batch.length());
            sink.commit();
        }
    }

    @Override
    public void promise(long from, long ballot, long commitIndex, long slots, long knows) {
        if (begin(promise, 0)) {
            sign(promise.sender(), from);
            promise.ballot(ballot).commitIndex(commitIndex).reportedSlots(slots).knows(knows);
            sink.commit();
        }
    }

    @Override
    public void accept(long from, Batch batch, long floor) {
        if (begin(accept, entriesLength(batch))) {
            sign(accept.sender(), from);
            accept.floor(floor);
            describe(accept.slots(), batch);
            accept.putEntries(batch.buffer(), 0, batch.length());
            sink.commit();
        }
    }

    @Override
    public void accepted(long from, long ballot, long upTo) {
        if (begin(accepted, 0)) {
            sign(accepted.sender(), from);
            accepted.ballot(ballot).upTo(upTo);
            sink.commit();
        }
    }

    @Override
    public void nack(long from, long promised) {
        if (begin(nack, 0)) {
            sign(nack.sender(), from);
            nack.promised(promised);
            sink.commit();
        }
    }

    @Override
    public void heartbeat(
            long from,
            long ballot,
            long floor,
            long lastSlot,
            boolean connected,
            long nonce,
            long reported,
            long takenOver,
            int lease) {
        if (begin(heartbeat, 0)) {
            sign(heartbeat.sender(), from);
            heartbeat.ballot(ballot).floor(floor).lastSlot(lastSlot);
            heartbeat.connected(flag(connected)).nonce(nonce).reported(reported);
            heartbeat.takenOver(takenOver).lease(lease);
            sink.commit();
        }
    }

    @Override
    public void heartbeatHeard(
            long from,
            long ballot,
            long commitIndex,
            long nonce,
            long wallClockNs,
            int priority,
            long knows,
            int stalled,
            int granted) {
        if (begin(heartbeatHeard, 0)) {
            sign(heartbeatHeard.sender(), from);
            heartbeatHeard.ballot(ballot).commitIndex(commitIndex);
            heartbeatHeard
                    .nonce(nonce)
                    .wallClock(wallClockNs)
                    .priority((byte) priority)
                    .knows(knows)
                    .stalled((byte) stalled)
                    .granted(granted);
            sink.commit();
        }
    }

    @Override
    public void handOver(long from, long ballot, long lastSlot) {
        if (begin(handOver, 0)) {
            sign(handOver.sender(), from);
            handOver.ballot(ballot).lastSlot(lastSlot);
            sink.commit();
        }
    }

    @Override
    public void fetch(long from, long firstSlot, long lastSlot) {
        if (begin(fetch, 0)) {
            sign(fetch.sender(), from);
            fetch.firstSlot(firstSlot).lastSlot(lastSlot);
            sink.commit();
        }
    }

    @Override
    public void chosen(long from, Batch batch, long burstEnd) {
        if (begin(chosen, entriesLength(batch))) {
            sign(chosen.sender(), from);
            chosen.burstEnd(burstEnd);
            describe(chosen.slots(), batch);
            chosen.putEntries(batch.buffer(), 0, batch.length());
            sink.commit();
        }
    }

    @Override
    public void compacted(long from, long firstKept, long snapshotSlot) {
        if (begin(compacted, 0)) {
            sign(compacted.sender(), from);
            compacted.firstKept(firstKept).snapshotSlot(snapshotSlot);
            sink.commit();
        }
    }

    @Override
    public void fetchSnapshot(long from, long slot, long manifest, int chunk) {
        if (begin(fetchSnapshot, 0)) {
            sign(fetchSnapshot.sender(), from);
            fetchSnapshot.slot(slot).manifest(manifest).chunk(chunk);
            sink.commit();
        }
    }

    @Override
    public void snapshotPart(
            long from,
            long slot,
            long manifest,
            int chunk,
            DirectBuffer buffer,
            int offset,
            int length) {
        if (begin(snapshotPart, PartEncoder.varDataEncodingOffset() + length)) {
            sign(snapshotPart.sender(), from);
            snapshotPart.slot(slot).manifest(manifest).chunk(chunk);
            snapshotPart.putBytes(buffer, offset, length);
            sink.commit();
        }
    }

    @Override
    public void survey(long from, long ballot) {
        if (begin(survey, 0)) {
            sign(survey.sender(), from);
            survey.ballot(ballot);
            sink.commit();
        }
    }

    @Override
    public void surveyed(
            long from, long ballot, long applied, boolean halted, long held, long against) {
        if (begin(surveyed, 0)) {
            sign(surveyed.sender(), from);
            surveyed.ballot(ballot).applied(applied).held(held).against(against);
            surveyed.halted(flag(halted));
            sink.commit();
        }
    }

    @Override
    public void stranger(long from, long expected, long recordedCluster) {
        if (begin(stranger, 0)) {
            sign(stranger.sender(), from);
            stranger.expected(expected).recordedCluster(recordedCluster);
            sink.commit();
        }
    }

    @Override
    public void question(long from, long nonce) {
        if (begin(question, 0)) {
            sign(question.sender(), from);
            question.nonce(nonce);
            sink.commit();
        }
    }

    @Override
    public void vouch(long from, long nonce, long ballot) {
        if (begin(vouch, 0)) {
            sign(vouch.sender(), from);
            vouch.nonce(nonce).ballot(ballot);
            sink.commit();
        }
    }

    @Override
    public void returning(long from, long promised) {
        if (begin(returning, 0)) {
            sign(returning.sender(), from);
            returning.promised(promised);
            sink.commit();
        }
    }

    @Override
    public void lacksRoom(long from, boolean votesOnReported) {
        if (begin(lacksRoom, 0)) {
            sign(lacksRoom.sender(), from);
            lacksRoom.votesOnReported(flag(votesOnReported));
            sink.commit();
        }
    }

    @Override
    public void hashed(long from, long slot, long hash, long nonce) {
        if (begin(hashed, 0)) {
            sign(hashed.sender(), from);
            hashed.slot(slot).hash(hash).nonce(nonce);
            sink.commit();
        }
    }

    @Override
    public void askHash(long from, long nonce, long slot) {
        if (begin(askHash, 0)) {
            sign(askHash.sender(), from);
            askHash.nonce(nonce).slot(slot);
            sink.commit();
        }
    }

    @Override
    public void askRun(long from, long nonce, long run, long records) {
        if (begin(askRun, 0)) {
            sign(askRun.sender(), from);
            askRun.nonce(nonce).run(run).records(records);
            sink.commit();
        }
    }

    @Override
    public void ran(long from, long nonce, long run, long records, long asked, long held) {
        if (begin(ran, 0)) {
            sign(ran.sender(), from);
            ran.nonce(nonce).run(run).records(records).asked(asked).held(held);
            sink.commit();
        }
    }

    @Override
    public void confirm(long from, long ballot, long nonce) {
        if (begin(confirm, 0)) {
            sign(confirm.sender(), from);
            confirm.ballot(ballot).nonce(nonce);
            sink.commit();
        }
    }

    @Override
    public void confirmed(long from, long ballot, long nonce) {
        if (begin(confirmed, 0)) {
            sign(confirmed.sender(), from);
            confirmed.ballot(ballot).nonce(nonce);
            sink.commit();
        }
    }

    @Override
    public void askIndex(long from, long read) {
        if (begin(askIndex, 0)) {
            sign(askIndex.sender(), from);
            askIndex.read(read);
            sink.commit();
        }
    }

    @Override
    public void indexed(long from, long ballot, long read, long index) {
        if (begin(indexed, 0)) {
            sign(indexed.sender(), from);
            indexed.ballot(ballot).read(read).index(index);
            sink.commit();
        }
    }

    @Override
    public void askHighest(long from, long read) {
        if (begin(askHighest, 0)) {
            sign(askHighest.sender(), from);
            askHighest.read(read);
            sink.commit();
        }
    }

    @Override
    public void highest(long from, long read, long lastSlot) {
        if (begin(highest, 0)) {
            sign(highest.sender(), from);
            highest.read(read).lastSlot(lastSlot);
            sink.commit();
        }
    }

    @Override
    public void allChosen(long from, long ballot, long lastSlot) {
        if (begin(allChosen, 0)) {
            sign(allChosen.sender(), from);
            allChosen.ballot(ballot).lastSlot(lastSlot);
            sink.commit();
        }
    }

    private boolean begin(MessageEncoderFlyweight message, int dataLength) {
        int length = MessageHeaderEncoder.ENCODED_LENGTH + message.sbeBlockLength() + dataLength;
        int offset = sink.claim(length);
        if (offset == FrameSink.REFUSED) {
            framesDropped.getAndAddRelease(1);
            return false;
        }
        header.wrap(sink.buffer(), offset)
                .blockLength(message.sbeBlockLength())
                .templateId(message.sbeTemplateId())
                .schemaId(message.sbeSchemaId())
                .version(message.sbeSchemaVersion());
        message.wrap(sink.buffer(), offset + MessageHeaderEncoder.ENCODED_LENGTH);
        return true;
    }

    private void sign(SenderEncoder sender, long from) {
        sender.clusterId(clusterId.getAsLong()).member(from);
    }

    private static int entriesLength(Batch batch) {
        return EntriesEncoder.varDataEncodingOffset() + batch.length();
    }

    private static void describe(SlotsEncoder slots, Batch batch) {
        slots.ballot(batch.ballot())
                .firstSlot(batch.firstSlot())
                .originBallot(batch.originBallot())
                .timestamp(batch.timestamp())
                .count(batch.count())
                .kind(batch.kind());
    }

    private static Flag flag(boolean isSet) {
        return isSet ? Flag.YES : Flag.NO;
    }
}
