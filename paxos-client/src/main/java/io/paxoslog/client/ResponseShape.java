package io.paxoslog.client;

import io.paxoslog.codecs.client.ChangeResponseDecoder;
import io.paxoslog.codecs.client.DecidedDecoder;
import io.paxoslog.codecs.client.EventsDecoder;
import io.paxoslog.codecs.client.FailureDecoder;
import io.paxoslog.codecs.client.GapDecoder;
import io.paxoslog.codecs.client.GroupSizeEncodingDecoder;
import io.paxoslog.codecs.client.KeepAliveWantedDecoder;
import io.paxoslog.codecs.client.LogEntriesDecoder;
import io.paxoslog.codecs.client.MembersResponseDecoder;
import io.paxoslog.codecs.client.MessageHeaderDecoder;
import io.paxoslog.codecs.client.OutcomeResponseDecoder;
import io.paxoslog.codecs.client.ReadAnswersDecoder;
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
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Looks at every length in a message from a node before the message is read: each part must lie
 * within what has come. Without it a forged length would be read as far as it says, and with bounds
 * checks switched off beyond all buffers.
 */
final class ResponseShape {
    private static final int TEXT_LENGTH_BYTES = Short.BYTES;
    private static final int BYTES_LENGTH_BYTES = Integer.BYTES;
    private static final int NOTHING_FITS = Integer.MAX_VALUE;

    /** Version from which on nodes say where state machines stand still, and whose sessions are. */
    private static final int FIRST_WITH_HALTS = 1;

    /** Version from which on nodes say what they store. */
    static final int FIRST_WITH_STORAGE = 2;

    /** Version from which on nodes say what their disk has room for, and what is damaged. */
    static final int FIRST_WITH_ROOM = 3;

    /** Version from which on nodes say who the members are. */
    static final int FIRST_WITH_MEMBERS = 4;

    /** Version from which on nodes say who of the members votes, and how far a change is. */
    static final int FIRST_WITH_SEATS = 5;

    /** Version from which on nodes say which versions they know. */
    static final int FIRST_WITH_VERSIONS = 5;

    /** Version from which on nodes answer reads. */
    static final int FIRST_WITH_READS = 6;

    /** Version from which on nodes serve subscriptions. */
    static final int FIRST_WITH_SUBSCRIPTIONS = 7;

    /**
     * Version from which on nodes say for how long they grant leases, and whether they hold one.
     */
    static final int FIRST_WITH_LEASES = 8;

    private static final int LOG_ENTRY_BLOCK_BYTES =
            LogEntriesDecoder.ItemsDecoder.timestampEncodingOffset() + Long.BYTES;
    private static final int ANSWER_BLOCK_BYTES = ReadAnswersDecoder.ItemsDecoder.sbeBlockLength();
    private static final int EVENT_BLOCK_BYTES = EventsDecoder.ItemsDecoder.sbeBlockLength();
    private static final int FIRST_REPLY_BLOCK_BYTES =
            RepliesDecoder.ItemsDecoder.slotEncodingOffset() + Long.BYTES;
    private static final int REPLY_BLOCK_BYTES =
            RepliesDecoder.ItemsDecoder.outcomeEncodingOffset() + 1;
    private static final int FIRST_MEMBER_BLOCK_BYTES =
            MembersResponseDecoder.ItemsDecoder.seatEncodingOffset();
    private static final int MEMBER_BLOCK_BYTES =
            MembersResponseDecoder.ItemsDecoder.sbeBlockLength();
    private static final int COMING_BLOCK_BYTES =
            MembersResponseDecoder.ComingDecoder.sbeBlockLength();
    private static final int ENTRY_BLOCK_BYTES =
            TailEntriesDecoder.ItemsDecoder.slotEncodingOffset() + Long.BYTES;

    private final GroupSizeEncodingDecoder group = new GroupSizeEncodingDecoder();

    /**
     * Whether the message holds all that it announces; true for messages of later versions that are
     * not known here, as nobody reads them.
     *
     * @param block where the first field lies
     * @param end right behind the last byte that has come
     */
    boolean isWhole(MessageHeaderDecoder header, DirectBuffer buffer, int block, int end) {
        int blockLength = header.blockLength();
        if (blockLength > end - block
                || blockLength < shortestBlock(header.templateId(), header.version())) {
            return false;
        }
        int behind = block + blockLength;
        return switch (header.templateId()) {
            case WelcomeDecoder.TEMPLATE_ID,
                    RedirectDecoder.TEMPLATE_ID,
                    DecidedDecoder.TEMPLATE_ID,
                    SnapshotResponseDecoder.TEMPLATE_ID,
                    VersionResponseDecoder.TEMPLATE_ID,
                    ChangeResponseDecoder.TEMPLATE_ID,
                    TransferResponseDecoder.TEMPLATE_ID ->
                    holdsText(buffer, behind, end);
            case OutcomeResponseDecoder.TEMPLATE_ID -> holdsBytes(buffer, behind, end);
            case RepliesDecoder.TEMPLATE_ID ->
                    holdsItems(buffer, behind, end, replyBlock(header.version()));
            case MembersResponseDecoder.TEMPLATE_ID ->
                    header.version() < FIRST_WITH_SEATS
                            ? holdsItems(buffer, behind, end, FIRST_MEMBER_BLOCK_BYTES)
                            : holdsMembers(buffer, behind, end);
            case StatusResponseDecoder.TEMPLATE_ID ->
                    header.version() < FIRST_WITH_SEATS || holdsText(buffer, behind, end);
            case TailEntriesDecoder.TEMPLATE_ID ->
                    holdsItems(buffer, behind, end, ENTRY_BLOCK_BYTES);
            case EventsDecoder.TEMPLATE_ID -> holdsItems(buffer, behind, end, EVENT_BLOCK_BYTES);
            case LogEntriesDecoder.TEMPLATE_ID ->
                    holdsItems(buffer, behind, end, LOG_ENTRY_BLOCK_BYTES);
            case ReadAnswersDecoder.TEMPLATE_ID ->
                    holdsItems(buffer, behind, end, ANSWER_BLOCK_BYTES);
            default -> true;
        };
    }

    /** Each message as its version had it; versions later than what is known only add to it. */
    private static int shortestBlock(int templateId, int version) {
        return switch (templateId) {
            case WelcomeDecoder.TEMPLATE_ID -> welcomeBlock(version);
            case SessionOpenedDecoder.TEMPLATE_ID ->
                    version < FIRST_WITH_HALTS
                            ? SessionOpenedDecoder.maxInFlightBytesEncodingOffset() + Integer.BYTES
                            : SessionOpenedDecoder.BLOCK_LENGTH;
            case StatusResponseDecoder.TEMPLATE_ID -> statusBlock(version);
            case MembersResponseDecoder.TEMPLATE_ID ->
                    version >= FIRST_WITH_ROOM && version < FIRST_WITH_SEATS
                            ? MembersResponseDecoder.changingEncodingOffset() + 1
                            : MembersResponseDecoder.BLOCK_LENGTH;
            default -> unchangedBlock(templateId);
        };
    }

    private static int welcomeBlock(int version) {
        if (version < FIRST_WITH_HALTS) {
            return WelcomeDecoder.takesCommandsEncodingOffset() + 1;
        }
        return version < FIRST_WITH_ROOM
                ? WelcomeDecoder.haltedAtEncodingOffset() + Long.BYTES
                : WelcomeDecoder.BLOCK_LENGTH;
    }

    private static int statusBlock(int version) {
        if (version < FIRST_WITH_HALTS) {
            return StatusResponseDecoder.roleEncodingOffset() + 1;
        }
        if (version < FIRST_WITH_STORAGE) {
            return StatusResponseDecoder.maxCachedBytesEncodingOffset() + Integer.BYTES;
        }
        if (version < FIRST_WITH_ROOM) {
            return StatusResponseDecoder.freeBytesEncodingOffset() + Long.BYTES;
        }
        if (version < FIRST_WITH_SEATS) {
            return StatusResponseDecoder.scrubbedMsEncodingOffset() + Long.BYTES;
        }
        return version < FIRST_WITH_LEASES
                ? StatusResponseDecoder.changeFirstSlotEncodingOffset() + Long.BYTES
                : StatusResponseDecoder.BLOCK_LENGTH;
    }

    /** Messages whose blocks are as they were from the beginning. */
    private static int unchangedBlock(int templateId) {
        return switch (templateId) {
            case RedirectDecoder.TEMPLATE_ID -> RedirectDecoder.BLOCK_LENGTH;
            case RepliesDecoder.TEMPLATE_ID -> RepliesDecoder.BLOCK_LENGTH;
            case KeepAliveWantedDecoder.TEMPLATE_ID -> KeepAliveWantedDecoder.BLOCK_LENGTH;
            case GapDecoder.TEMPLATE_ID -> GapDecoder.BLOCK_LENGTH;
            case SessionEndedDecoder.TEMPLATE_ID -> SessionEndedDecoder.BLOCK_LENGTH;
            case FailureDecoder.TEMPLATE_ID -> FailureDecoder.BLOCK_LENGTH;
            case TailEntriesDecoder.TEMPLATE_ID -> TailEntriesDecoder.BLOCK_LENGTH;
            case LogEntriesDecoder.TEMPLATE_ID -> LogEntriesDecoder.BLOCK_LENGTH;
            case OutcomeResponseDecoder.TEMPLATE_ID -> OutcomeResponseDecoder.BLOCK_LENGTH;
            case DecidedDecoder.TEMPLATE_ID -> DecidedDecoder.BLOCK_LENGTH;
            case SnapshotResponseDecoder.TEMPLATE_ID -> SnapshotResponseDecoder.BLOCK_LENGTH;
            case TailEndDecoder.TEMPLATE_ID -> TailEndDecoder.BLOCK_LENGTH;
            case ChangeResponseDecoder.TEMPLATE_ID -> ChangeResponseDecoder.BLOCK_LENGTH;
            case TransferResponseDecoder.TEMPLATE_ID -> TransferResponseDecoder.BLOCK_LENGTH;
            case VersionResponseDecoder.TEMPLATE_ID -> VersionResponseDecoder.BLOCK_LENGTH;
            case ReadAnswersDecoder.TEMPLATE_ID -> ReadAnswersDecoder.BLOCK_LENGTH;
            case EventsDecoder.TEMPLATE_ID -> EventsDecoder.BLOCK_LENGTH;
            default -> Long.BYTES;
        };
    }

    private static int replyBlock(int version) {
        return version >= FIRST_WITH_HALTS ? REPLY_BLOCK_BYTES : FIRST_REPLY_BLOCK_BYTES;
    }

    private static boolean holdsText(DirectBuffer buffer, int position, int end) {
        if (end - position < TEXT_LENGTH_BYTES) {
            return false;
        }
        int bytes = buffer.getShort(position, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        return bytes <= end - position - TEXT_LENGTH_BYTES;
    }

    private static boolean holdsBytes(DirectBuffer buffer, int position, int end) {
        if (end - position < BYTES_LENGTH_BYTES) {
            return false;
        }
        int bytes = buffer.getInt(position, ByteOrder.LITTLE_ENDIAN);
        return bytes >= 0 && bytes <= end - position - BYTES_LENGTH_BYTES;
    }

    /** Items of a block and bytes behind their length, one behind the other. */
    private boolean holdsItems(DirectBuffer buffer, int position, int end, int shortestItem) {
        return behindItems(buffer, position, end, shortestItem) != NOTHING_FITS;
    }

    private boolean holdsMembers(DirectBuffer buffer, int position, int end) {
        int coming = behindItems(buffer, position, end, MEMBER_BLOCK_BYTES);
        int text =
                coming == NOTHING_FITS
                        ? NOTHING_FITS
                        : behindItems(buffer, coming, end, COMING_BLOCK_BYTES);
        return text != NOTHING_FITS && holdsText(buffer, text, end);
    }

    private int behindItems(DirectBuffer buffer, int position, int end, int shortestItem) {
        if (end - position < GroupSizeEncodingDecoder.ENCODED_LENGTH) {
            return NOTHING_FITS;
        }
        group.wrap(buffer, position);
        int itemBlock = group.blockLength();
        int next = position + GroupSizeEncodingDecoder.ENCODED_LENGTH;
        for (int left = group.numInGroup(); left > 0; left--) {
            int behindLength = behindLength(next, itemBlock, end);
            if (itemBlock < shortestItem || behindLength == NOTHING_FITS) {
                return NOTHING_FITS;
            }
            int bytes = buffer.getInt(behindLength - BYTES_LENGTH_BYTES, ByteOrder.LITTLE_ENDIAN);
            if (bytes < 0 || bytes > end - behindLength) {
                return NOTHING_FITS;
            }
            next = behindLength + bytes;
        }
        return next;
    }

    private static int behindLength(int item, int itemBlock, int end) {
        int needed = itemBlock + BYTES_LENGTH_BYTES;
        return needed > end - item ? NOTHING_FITS : item + needed;
    }
}
