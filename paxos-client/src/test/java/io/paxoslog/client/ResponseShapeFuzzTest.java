package io.paxoslog.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.paxoslog.codecs.client.FailureDecoder;
import io.paxoslog.codecs.client.GapDecoder;
import io.paxoslog.codecs.client.LogEntriesDecoder;
import io.paxoslog.codecs.client.MessageHeaderDecoder;
import io.paxoslog.codecs.client.ReadAnswersDecoder;
import io.paxoslog.codecs.client.RedirectDecoder;
import io.paxoslog.codecs.client.RepliesDecoder;
import io.paxoslog.codecs.client.SessionEndedDecoder;
import io.paxoslog.codecs.client.SessionOpenedDecoder;
import io.paxoslog.codecs.client.StatusResponseDecoder;
import io.paxoslog.codecs.client.TailEndDecoder;
import io.paxoslog.codecs.client.TailEntriesDecoder;
import io.paxoslog.codecs.client.WelcomeDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.sbe.MessageDecoderFlyweight;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What passes for whole can be read to its last byte, whatever came. */
@Tag("fuzz")
class ResponseShapeFuzzTest {
    private static final int HEADER_BYTES = MessageHeaderDecoder.ENCODED_LENGTH;

    private final ResponseShape shape = new ResponseShape();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    @FuzzTest(maxDuration = "10m")
    void whatIsWholeReadsWithoutReachingBeyondItsEnd(byte[] frame) {
        if (isWhole(frame)) {
            read(frame);
        }
    }

    private boolean isWhole(byte[] frame) {
        if (frame.length < HEADER_BYTES + Long.BYTES) {
            return false;
        }
        UnsafeBuffer bytes = new UnsafeBuffer(frame);
        header.wrap(bytes, 0);
        return shape.isWhole(header, bytes, HEADER_BYTES, frame.length);
    }

    /** A text of a message shows every field, every item and every length of it. */
    private void read(byte[] frame) {
        for (MessageDecoderFlyweight message : messages()) {
            if (message.sbeTemplateId() == header.templateId()) {
                message.wrap(
                        new UnsafeBuffer(frame),
                        HEADER_BYTES,
                        header.blockLength(),
                        header.version());
                message.appendTo(new StringBuilder());
            }
        }
    }

    private static List<MessageDecoderFlyweight> messages() {
        return List.of(
                new WelcomeDecoder(),
                new RedirectDecoder(),
                new SessionOpenedDecoder(),
                new RepliesDecoder(),
                new GapDecoder(),
                new SessionEndedDecoder(),
                new FailureDecoder(),
                new StatusResponseDecoder(),
                new TailEntriesDecoder(),
                new LogEntriesDecoder(),
                new ReadAnswersDecoder(),
                new TailEndDecoder());
    }

    @Test
    void noPartOfAMessageIsWhole() {
        List<String> messages = new ArrayList<>(ResponseSchemaEvolutionTest.VERSION_0);
        messages.add(ResponseSchemaEvolutionTest.VERSION_6_ANSWERS);
        messages.add(ResponseSchemaEvolutionTest.VERSION_7_ENTRIES);
        messages.add(ResponseSchemaEvolutionTest.VERSION_7_STATUS);
        messages.add(ResponseSchemaEvolutionTest.VERSION_8_STATUS);
        for (String hex : messages) {
            byte[] frame = HexFormat.of().parseHex(hex);
            assertThat(isWhole(frame)).as(hex).isTrue();
            for (int length = 0; length < frame.length; length++) {
                assertThat(isWhole(Arrays.copyOf(frame, length))).as(hex + " " + length).isFalse();
            }
        }
    }
}
