package io.paxoslog.client;

import io.aeron.Image;
import io.paxoslog.codecs.client.ChangeResponseDecoder;
import io.paxoslog.codecs.client.DecidedDecoder;
import io.paxoslog.codecs.client.EventsDecoder;
import io.paxoslog.codecs.client.FailureCode;
import io.paxoslog.codecs.client.FailureDecoder;
import io.paxoslog.codecs.client.GapDecoder;
import io.paxoslog.codecs.client.KeepAliveWantedDecoder;
import io.paxoslog.codecs.client.LogEntriesDecoder;
import io.paxoslog.codecs.client.MembersResponseDecoder;
import io.paxoslog.codecs.client.MessageHeaderDecoder;
import io.paxoslog.codecs.client.Outcome;
import io.paxoslog.codecs.client.OutcomeResponseDecoder;
import io.paxoslog.codecs.client.ReadAnswersDecoder;
import io.paxoslog.codecs.client.ReadResult;
import io.paxoslog.codecs.client.RedirectDecoder;
import io.paxoslog.codecs.client.RepliesDecoder;
import io.paxoslog.codecs.client.SessionEndedDecoder;
import io.paxoslog.codecs.client.SessionOpenedDecoder;
import io.paxoslog.codecs.client.SnapshotResponseDecoder;
import io.paxoslog.codecs.client.StatusResponseDecoder;
import io.paxoslog.codecs.client.TailEndDecoder;
import io.paxoslog.codecs.client.TailEntriesDecoder;
import io.paxoslog.codecs.client.TransferResponseDecoder;
import io.paxoslog.codecs.client.VersionResponseDecoder;
import io.paxoslog.codecs.client.WelcomeDecoder;
import io.paxoslog.codecs.client.YesNo;
import io.paxoslog.core.Change;
import io.paxoslog.media.MessageReader;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Turns bytes from nodes into calls. What carries no link of this client is left alone, and so is
 * what does not hold all that it announces: anybody may send to the port of a client.
 */
final class ResponseDecoder implements MessageReader.Listener {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final WelcomeDecoder welcome = new WelcomeDecoder();
    private final RedirectDecoder redirect = new RedirectDecoder();
    private final SessionOpenedDecoder sessionOpened = new SessionOpenedDecoder();
    private final KeepAliveWantedDecoder keepAliveWanted = new KeepAliveWantedDecoder();
    private final RepliesDecoder replies = new RepliesDecoder();
    private final EventsDecoder events = new EventsDecoder();
    private final GapDecoder gap = new GapDecoder();
    private final SessionEndedDecoder sessionEnded = new SessionEndedDecoder();
    private final FailureDecoder failure = new FailureDecoder();
    private final StatusResponseDecoder status = new StatusResponseDecoder();
    private final OutcomeResponseDecoder outcome = new OutcomeResponseDecoder();
    private final TailEntriesDecoder tailEntries = new TailEntriesDecoder();
    private final TailEndDecoder tailEnd = new TailEndDecoder();
    private final LogEntriesDecoder logEntries = new LogEntriesDecoder();
    private final VersionResponseDecoder versions = new VersionResponseDecoder();
    private final MembersResponseDecoder members = new MembersResponseDecoder();
    private final ChangeResponseDecoder change = new ChangeResponseDecoder();
    private final TransferResponseDecoder transfer = new TransferResponseDecoder();
    private final DecidedDecoder decided = new DecidedDecoder();
    private final SnapshotResponseDecoder snapshot = new SnapshotResponseDecoder();
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    private final ResponseShape shape = new ResponseShape();
    private final MemberLinks links;
    private final NodeMessages messages;
    private final ReadAnswersDecoder readAnswers = new ReadAnswersDecoder();
    private ClientReads reads;
    private UserCode.Failure thrown;

    ResponseDecoder(MemberLinks links, NodeMessages messages) {
        this.links = links;
        this.messages = messages;
    }

    /** From now on reads are answered; without, nobody asks any. */
    void answer(ClientReads newReads) {
        reads = newReads;
    }

    /**
     * What a listener threw at comes again at the next poll: the rest of it is still to be heard.
     */
    @Override
    public boolean onMessage(
            Image image, long reserved, DirectBuffer buffer, int offset, int length) {
        if (thrown != null) {
            return false;
        }
        try {
            hear(image.sessionId(), buffer, offset, length);
            return true;
        } catch (UserCode.Failure e) {
            thrown = e;
            return false;
        }
    }

    /** What a listener throws is kept for it; whatever else is thrown is the sender's doing. */
    @Override
    public boolean isActing() {
        return false;
    }

    /** What a listener threw since this was called last; null: nothing. */
    UserCode.Failure takeFailure() {
        UserCode.Failure taken = thrown;
        thrown = null;
        return taken;
    }

    /** Hears a message; {@code image} is the stream it came by. */
    void hear(int image, DirectBuffer buffer, int offset, int length) {
        int block = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        if (length < MessageHeaderDecoder.ENCODED_LENGTH + Long.BYTES) {
            return;
        }
        header.wrap(buffer, offset);
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID
                || !shape.isWhole(header, buffer, block, offset + length)) {
            return;
        }
        // Every answer begins with the link it belongs to.
        MemberLink from = links.byLink(buffer.getLong(block, ByteOrder.LITTLE_ENDIAN));
        if (from != null) {
            links.heard(from, image);
            decode(from, buffer, block, header.blockLength(), header.version());
        }
    }

    private void decode(
            MemberLink from, DirectBuffer buffer, int block, int blockLength, int version) {
        switch (header.templateId()) {
            case RepliesDecoder.TEMPLATE_ID ->
                    decodeReplies(replies.wrap(buffer, block, blockLength, version));
            case WelcomeDecoder.TEMPLATE_ID ->
                    decodeWelcome(from, welcome.wrap(buffer, block, blockLength, version));
            case RedirectDecoder.TEMPLATE_ID -> {
                redirect.wrap(buffer, block, blockLength, version);
                links.redirected(from, redirect.leader(), redirect.leaderAddress());
            }
            case SessionOpenedDecoder.TEMPLATE_ID -> {
                sessionOpened.wrap(buffer, block, blockLength, version);
                messages.cluster(sessionOpened.clusterId());
                messages.sessionOpened(
                        from,
                        sessionOpened.nonce(),
                        sessionOpened.session(),
                        sessionOpened.maxInFlight(),
                        sessionOpened.maxInFlightBytes());
            }
            case KeepAliveWantedDecoder.TEMPLATE_ID -> {
                keepAliveWanted.wrap(buffer, block, blockLength, version);
                messages.keepAliveWanted(keepAliveWanted.session(), keepAliveWanted.everyMs());
            }
            case EventsDecoder.TEMPLATE_ID ->
                    decodeEvents(events.wrap(buffer, block, blockLength, version));
            case GapDecoder.TEMPLATE_ID -> {
                gap.wrap(buffer, block, blockLength, version);
                messages.gap(from, gap.session(), gap.attempt());
            }
            case SessionEndedDecoder.TEMPLATE_ID -> {
                sessionEnded.wrap(buffer, block, blockLength, version);
                messages.sessionEnded(sessionEnded.session(), sessionEnded.reason());
            }
            case FailureDecoder.TEMPLATE_ID -> {
                failure.wrap(buffer, block, blockLength, version);
                decodeFailure(from);
            }
            case StatusResponseDecoder.TEMPLATE_ID ->
                    messages.status(from, status.wrap(buffer, block, blockLength, version));
            case SnapshotResponseDecoder.TEMPLATE_ID ->
                    messages.snapshot(from, snapshot.wrap(buffer, block, blockLength, version));
            case MembersResponseDecoder.TEMPLATE_ID ->
                    decodeMembers(from, members.wrap(buffer, block, blockLength, version));
            case ChangeResponseDecoder.TEMPLATE_ID ->
                    messages.change(from, change.wrap(buffer, block, blockLength, version));
            case TransferResponseDecoder.TEMPLATE_ID ->
                    messages.transfer(from, transfer.wrap(buffer, block, blockLength, version));
            case VersionResponseDecoder.TEMPLATE_ID ->
                    messages.version(from, versions.wrap(buffer, block, blockLength, version));
            case TailEntriesDecoder.TEMPLATE_ID ->
                    decodeTail(tailEntries.wrap(buffer, block, blockLength, version));
            case LogEntriesDecoder.TEMPLATE_ID ->
                    messages.logEntries(from, logEntries.wrap(buffer, block, blockLength, version));
            case OutcomeResponseDecoder.TEMPLATE_ID -> {
                outcome.wrap(buffer, block, blockLength, version);
                outcome.wrapReply(bytes);
                messages.outcome(
                        outcome.correlation(),
                        outcome.fate(),
                        outcome.slot(),
                        bytes,
                        0,
                        bytes.capacity());
            }
            case ReadAnswersDecoder.TEMPLATE_ID ->
                    decodeReadAnswers(from, readAnswers.wrap(buffer, block, blockLength, version));
            case TailEndDecoder.TEMPLATE_ID -> {
                tailEnd.wrap(buffer, block, blockLength, version);
                messages.tailProgress(tailEnd.correlation(), tailEnd.nextSlot(), true);
            }
            case DecidedDecoder.TEMPLATE_ID -> {
                decided.wrap(buffer, block, blockLength, version);
                messages.decided(
                        from,
                        decided.correlation(),
                        decided.result(),
                        decided.slot(),
                        decided.reason());
            }
            default -> {
                // Said by a newer node to newer clients.
            }
        }
    }

    private void decodeFailure(MemberLink from) {
        FailureCode code = failure.code();
        if (code == FailureCode.UNREADABLE) {
            messages.unreadable(from, failure.about(), failure.bound());
        } else if (code == FailureCode.COMPACTED) {
            messages.compacted(from, failure.about(), failure.bound());
        } else {
            messages.failure(from, failure.about(), code);
        }
    }

    private void decodeWelcome(MemberLink from, WelcomeDecoder decoder) {
        boolean isNew =
                from.welcome(
                        decoder.connection(),
                        decoder.node(),
                        decoder.leader(),
                        decoder.ballot(),
                        decoder.takesCommands() == YesNo.YES);
        from.speaks(decoder.actingVersion());
        from.haltedAt(decoder.actingVersion() >= 1 ? decoder.haltedAt() : 0);
        from.lacksRoom(
                decoder.actingVersion() >= ResponseShape.FIRST_WITH_ROOM
                        && decoder.lacksRoom() == YesNo.YES);
        links.welcomed(from, decoder.maxCommandBytes(), decoder.leaderAddress());
        messages.welcomed(from, isNew);
        if (reads != null) {
            reads.welcomed(from, isNew);
        }
        if (decoder.actingVersion() >= ResponseShape.FIRST_WITH_MEMBERS) {
            links.askMembers(from);
        }
    }

    private void decodeMembers(MemberLink from, MembersResponseDecoder decoder) {
        MembersReport report;
        try {
            report = MembersReport.read(from.address, decoder);
        } catch (IllegalArgumentException e) {
            // Seats that no build knows: whoever says so need not be a node.
            return;
        }
        links.membersAre(from, report.members().stream().map(Change.Member::address).toList());
        messages.members(from, decoder.correlation(), report);
    }

    private void decodeReplies(RepliesDecoder decoder) {
        long session = decoder.session();
        RepliesDecoder.ItemsDecoder items = decoder.items();
        while (items.hasNext()) {
            items.next();
            long sequence = items.sequence();
            long slot = items.slot();
            boolean isSkipped = decoder.actingVersion() >= 1 && items.outcome() == Outcome.SKIPPED;
            items.wrapReply(bytes);
            if (isSkipped) {
                messages.skipped(session, sequence, slot);
                continue;
            }
            messages.reply(session, sequence, slot, bytes, 0, bytes.capacity());
        }
    }

    private void decodeEvents(EventsDecoder decoder) {
        long session = decoder.session();
        if (!messages.eventsBehind(session, decoder.behindSlot(), decoder.behindIndex())) {
            return;
        }
        if (decoder.lostSlot() != 0) {
            messages.eventsLost(session, decoder.lostSlot(), decoder.lostIndex());
        }
        EventsDecoder.ItemsDecoder items = decoder.items();
        while (items.hasNext()) {
            items.next();
            long slot = items.slot();
            int index = items.index();
            items.wrapPayload(bytes);
            messages.event(slot, index, bytes, 0, bytes.capacity());
        }
    }

    private void decodeReadAnswers(MemberLink from, ReadAnswersDecoder decoder) {
        ReadAnswersDecoder.ItemsDecoder items = decoder.items();
        while (reads != null && items.hasNext()) {
            items.next();
            long read = items.read();
            long slot = items.slot();
            ReadResult result = items.result();
            items.wrapAnswer(bytes);
            reads.answered(from, read, slot, result, bytes, 0, bytes.capacity());
        }
    }

    private void decodeTail(TailEntriesDecoder decoder) {
        long correlation = decoder.correlation();
        long nextSlot = decoder.nextSlot();
        TailEntriesDecoder.ItemsDecoder items = decoder.items();
        while (items.hasNext()) {
            long slot = items.next().slot();
            items.wrapCommand(bytes);
            messages.tailEntry(correlation, slot, bytes, 0, bytes.capacity());
        }
        messages.tailProgress(correlation, nextSlot, false);
    }
}
