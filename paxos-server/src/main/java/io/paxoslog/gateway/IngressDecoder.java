package io.paxoslog.gateway;

import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.Header;
import io.paxoslog.codecs.client.CloseSessionDecoder;
import io.paxoslog.codecs.client.CommandsDecoder;
import io.paxoslog.codecs.client.GroupSizeEncodingDecoder;
import io.paxoslog.codecs.client.HelloDecoder;
import io.paxoslog.codecs.client.MessageHeaderDecoder;
import io.paxoslog.codecs.client.OpenSessionDecoder;
import io.paxoslog.codecs.client.ResumeDecoder;
import io.paxoslog.codecs.client.StatusRequestDecoder;
import io.paxoslog.codecs.client.TailRequestDecoder;
import io.paxoslog.gateway.ClientMessages.CommandItems;
import org.agrona.DirectBuffer;

/** Turns bytes from clients into calls; whatever is no message of the schema is counted. */
final class IngressDecoder implements ControlledFragmentHandler {
    private static final int TEXT_LENGTH_BYTES = Short.BYTES;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final GroupSizeEncodingDecoder groupSize = new GroupSizeEncodingDecoder();
    private final HelloDecoder hello = new HelloDecoder();
    private final OpenSessionDecoder openSession = new OpenSessionDecoder();
    private final ResumeDecoder resume = new ResumeDecoder();
    private final CommandsDecoder commands = new CommandsDecoder();
    private final CloseSessionDecoder closeSession = new CloseSessionDecoder();
    private final StatusRequestDecoder statusRequest = new StatusRequestDecoder();
    private final TailRequestDecoder tailRequest = new TailRequestDecoder();
    private final CommandItems items = new CommandItems();
    private final ClientMessages messages;
    private long malformed;

    IngressDecoder(ClientMessages messages) {
        this.messages = messages;
    }

    @Override
    public Action onFragment(DirectBuffer buffer, int offset, int length, Header aeronHeader) {
        return decode(aeronHeader.sessionId(), buffer, offset, length)
                ? Action.CONTINUE
                : Action.ABORT;
    }

    /** Returns false when the message must come again. */
    boolean decode(int image, DirectBuffer buffer, int offset, int length) {
        if (length < MessageHeaderDecoder.ENCODED_LENGTH) {
            return refuse();
        }
        header.wrap(buffer, offset);
        int block = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        int end = offset + length;
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID
                || header.blockLength() > end - block
                || header.blockLength() < blockLengthOf(header.templateId())) {
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
                return messages.openSession(image, openSession.nonce());
            }
            case ResumeDecoder.TEMPLATE_ID -> {
                resume.wrap(buffer, block, blockLength, version);
                messages.resume(image, resume.session(), resume.awaited(), resume.attempt());
                return true;
            }
            case CommandsDecoder.TEMPLATE_ID -> {
                commands.wrap(buffer, block, blockLength, version);
                return commands(image, buffer, block + blockLength, end);
            }
            case CloseSessionDecoder.TEMPLATE_ID -> {
                closeSession.wrap(buffer, block, blockLength, version);
                return messages.closeSession(image, closeSession.session());
            }
            case StatusRequestDecoder.TEMPLATE_ID -> {
                statusRequest.wrap(buffer, block, blockLength, version);
                messages.status(image, statusRequest.correlation());
                return true;
            }
            default -> {
                tailRequest.wrap(buffer, block, blockLength, version);
                messages.tail(
                        image,
                        tailRequest.correlation(),
                        tailRequest.fromSlot(),
                        tailRequest.toSlot());
                return true;
            }
        }
    }

    private boolean hello(int image, DirectBuffer buffer, int position, int end) {
        if (end - position < TEXT_LENGTH_BYTES) {
            return refuse();
        }
        int textBytes = buffer.getShort(position, java.nio.ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        if (textBytes > end - position - TEXT_LENGTH_BYTES) {
            return refuse();
        }
        String endpoint =
                buffer.getStringWithoutLengthAscii(position + TEXT_LENGTH_BYTES, textBytes);
        if (!ResponseEndpoint.isValid(endpoint)) {
            return refuse();
        }
        messages.hello(image, hello.link(), hello.protocolVersion(), endpoint);
        return true;
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
        return messages.commands(
                image, commands.session(), commands.awaited(), commands.firstSequence(), items);
    }

    /** Shortest block a message may have; no block is long enough for what clients never say. */
    private static int blockLengthOf(int templateId) {
        return switch (templateId) {
            case HelloDecoder.TEMPLATE_ID -> HelloDecoder.BLOCK_LENGTH;
            case OpenSessionDecoder.TEMPLATE_ID -> OpenSessionDecoder.BLOCK_LENGTH;
            case ResumeDecoder.TEMPLATE_ID -> ResumeDecoder.BLOCK_LENGTH;
            case CommandsDecoder.TEMPLATE_ID -> CommandsDecoder.BLOCK_LENGTH;
            case CloseSessionDecoder.TEMPLATE_ID -> CloseSessionDecoder.BLOCK_LENGTH;
            case StatusRequestDecoder.TEMPLATE_ID -> StatusRequestDecoder.BLOCK_LENGTH;
            case TailRequestDecoder.TEMPLATE_ID -> TailRequestDecoder.BLOCK_LENGTH;
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
