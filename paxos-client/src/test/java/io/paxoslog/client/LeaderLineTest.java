package io.paxoslog.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.client.CommandsDecoder;
import io.paxoslog.codecs.client.HelloDecoder;
import io.paxoslog.codecs.client.KeepAliveDecoder;
import io.paxoslog.codecs.client.KeepAliveWantedEncoder;
import io.paxoslog.codecs.client.MembersRequestDecoder;
import io.paxoslog.codecs.client.MessageHeaderDecoder;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.OpenSessionDecoder;
import io.paxoslog.codecs.client.ResumeDecoder;
import io.paxoslog.codecs.client.SessionOpenedEncoder;
import io.paxoslog.codecs.client.WelcomeEncoder;
import io.paxoslog.codecs.client.YesNo;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** A client core and the way to its leader, which the test opens and breaks. */
class LeaderLineTest {
    private static final String MEMBER = "10.0.0.1:9000";
    private static final UnsafeBuffer COMMAND = new UnsafeBuffer(new byte[8]);
    private static final int STREAM = 7;

    private final List<Integer> said = new ArrayList<>();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder heardHeader = new MessageHeaderDecoder();
    private final UnsafeBuffer answer = new UnsafeBuffer(new byte[256]);
    private final UnsafeBuffer lastSaid = new UnsafeBuffer(new byte[1 << 16]);
    private final ClientCore core =
            new ClientCore(
                    new Lines(),
                    ClientConfig.of(List.of(MEMBER)),
                    new Random(1),
                    (sequence, slot, reply, offset, length) -> {});
    private Line line;
    private boolean isPrompt = true;
    private int mostInAMessage;
    private long link;
    private long nonce;
    private long nowMs = 1_000;

    private final class Lines implements MemberLines {
        @Override
        public String responseEndpoint(String member) {
            return "10.0.0.9:1";
        }

        @Override
        public MemberLine connect(String member, int largestMessageBytes) {
            line = new Line();
            line.isOpen = isPrompt;
            return line;
        }
    }

    private final class Line implements MemberLine {
        private boolean isOpen;
        private boolean isBroken;

        @Override
        public boolean isOpen() {
            return isOpen;
        }

        @Override
        public boolean isBroken() {
            return isBroken;
        }

        /** As of a publication that is not there yet. */
        @Override
        public int fragmentBytes() {
            if (!isOpen) {
                throw new IllegalStateException("there is no way yet");
            }
            return 1 << 16;
        }

        @Override
        public int maxMessageBytes() {
            return 1 << 20;
        }

        @Override
        public boolean send(DirectBuffer message, int length) {
            return send(message, length, message, 0, 0);
        }

        @Override
        public boolean send(
                DirectBuffer head, int headLength, DirectBuffer body, int offset, int length) {
            if (!isOpen || isBroken) {
                return false;
            }
            lastSaid.putBytes(0, head, 0, headLength);
            heardHeader.wrap(lastSaid, 0);
            said.add(heardHeader.templateId());
            int block = MessageHeaderDecoder.ENCODED_LENGTH;
            if (heardHeader.templateId() == HelloDecoder.TEMPLATE_ID) {
                link = new HelloDecoder().wrapAndApplyHeader(lastSaid, 0, heardHeader).link();
            } else if (heardHeader.templateId() == OpenSessionDecoder.TEMPLATE_ID) {
                nonce =
                        new OpenSessionDecoder()
                                .wrapAndApplyHeader(lastSaid, 0, heardHeader)
                                .nonce();
            } else if (heardHeader.templateId() == CommandsDecoder.TEMPLATE_ID) {
                lastSaid.putBytes(headLength, body, offset, length);
                int count =
                        new CommandsDecoder()
                                .wrap(
                                        lastSaid,
                                        block,
                                        heardHeader.blockLength(),
                                        heardHeader.version())
                                .items()
                                .count();
                mostInAMessage = Math.max(mostInAMessage, count);
            }
            return true;
        }

        @Override
        public void close() {
            isOpen = false;
        }
    }

    private void tick(int ms) {
        nowMs += ms;
        core.tick(nowMs);
    }

    private void welcome() {
        int length =
                new WelcomeEncoder()
                        .wrapAndApplyHeader(answer, 0, header)
                        .link(link)
                        .connection(1)
                        .ballot(1 << 16 | 1)
                        .node(1)
                        .leader(1)
                        .maxCommandBytes(1024)
                        .takesCommands(YesNo.YES)
                        .haltedAt(0)
                        .lacksRoom(YesNo.NO)
                        .leaderAddress(MEMBER)
                        .encodedLength();
        core.hear(STREAM, answer, 0, MessageHeaderEncoder.ENCODED_LENGTH + length);
    }

    private void openSession() {
        tick(1);
        welcome();
        tick(1);
        int length =
                new SessionOpenedEncoder()
                        .wrapAndApplyHeader(answer, 0, header)
                        .link(link)
                        .nonce(nonce)
                        .session(5)
                        .maxInFlight(16_384)
                        .maxInFlightBytes(2 << 20)
                        .clusterId(3)
                        .encodedLength();
        core.hear(STREAM, answer, 0, MessageHeaderEncoder.ENCODED_LENGTH + length);
        assertThat(core.isOpen()).isTrue();
    }

    private long count(int template) {
        return said.stream().filter(other -> other == template).count();
    }

    @Test
    void aLeaderWhoseWayBreaksIsSoughtAnewAndGetsWhatIsUnanswered() {
        openSession();
        assertThat(core.offer(COMMAND, 0, 8)).isEqualTo(1);
        tick(1);
        assertThat(count(CommandsDecoder.TEMPLATE_ID)).isEqualTo(1);
        line.isBroken = true;
        isPrompt = false;
        // The next way is opened, before the leader was silent for long, and takes its time.
        tick(600);
        assertThat(line.isBroken).isFalse();
        assertThat(core.offer(COMMAND, 0, 8)).isEqualTo(2);
        tick(100);
        assertThat(count(CommandsDecoder.TEMPLATE_ID)).isEqualTo(1);
        line.isOpen = true;
        tick(100);
        welcome();
        tick(1);
        assertThat(count(CommandsDecoder.TEMPLATE_ID)).isEqualTo(2);
        assertThat(core.unanswered()).isEqualTo(2);
    }

    private void wantKeepAlive(int everyMs) {
        int length =
                new KeepAliveWantedEncoder()
                        .wrapAndApplyHeader(answer, 0, header)
                        .link(link)
                        .session(5)
                        .everyMs(everyMs)
                        .encodedLength();
        core.hear(STREAM, answer, 0, MessageHeaderEncoder.ENCODED_LENGTH + length);
    }

    /** Otherwise nobody would hear of it again, and its session would expire. */
    @Test
    void whoAsksForNothingBringsItsSessionUntilTheLeaderHasIt() {
        openSession();
        tick(1);
        assertThat(count(ResumeDecoder.TEMPLATE_ID)).isEqualTo(1);
        // What was said or answered is lost.
        tick(3_000);
        assertThat(count(ResumeDecoder.TEMPLATE_ID)).isEqualTo(2);
        wantKeepAlive(100_000);
        for (int i = 0; i < 50; i++) {
            tick(100);
            welcome();
        }
        assertThat(count(ResumeDecoder.TEMPLATE_ID)).isEqualTo(2);
        assertThat(count(KeepAliveDecoder.TEMPLATE_ID)).isZero();
        wantKeepAlive(2_000);
        tick(1);
        assertThat(count(KeepAliveDecoder.TEMPLATE_ID)).isEqualTo(1);
    }

    /** It may be of members that the leader before knew nothing of, and be gone soon. */
    @Test
    void eachLeaderIsAskedAtOnceWhoTheMembersAre() {
        core.links().followMembers();
        openSession();
        welcome();
        assertThat(count(MembersRequestDecoder.TEMPLATE_ID)).isEqualTo(1);
        line.isBroken = true;
        tick(600);
        tick(1);
        welcome();
        assertThat(count(MembersRequestDecoder.TEMPLATE_ID)).isEqualTo(2);
    }

    private void pollSeldom() {
        core.links().wasDeaf(1_500);
        tick(1_500);
    }

    /** What a member says is heard two polls later. */
    @Test
    void whoPollsSeldomKeepsTheLeaderItFound() {
        openSession();
        assertThat(core.offer(COMMAND, 0, 8)).isEqualTo(1);
        pollSeldom();
        Line before = line;
        for (int i = 0; i < 20; i++) {
            pollSeldom();
            pollSeldom();
            welcome();
        }
        assertThat(line).isSameAs(before);
        assertThat(count(CommandsDecoder.TEMPLATE_ID)).isGreaterThan(1);
    }

    /** However seldom it listens. */
    @Test
    void whoPollsSeldomLeavesALeaderThatIsSilent() {
        openSession();
        assertThat(core.offer(COMMAND, 0, 8)).isEqualTo(1);
        Line before = line;
        for (int i = 0; i < 6; i++) {
            pollSeldom();
        }
        assertThat(line).isNotSameAs(before);
    }

    /** A batch of the leader has room for them: each takes far more there than its own bytes. */
    @Test
    void smallCommandsTravelInMessagesOfBoundedCount() {
        openSession();
        for (int i = 0; i < 4_000; i++) {
            assertThat(core.offer(COMMAND, 0, 0)).isPositive();
        }
        tick(1);
        assertThat(mostInAMessage).isEqualTo(1024);
        assertThat(count(CommandsDecoder.TEMPLATE_ID)).isEqualTo(4);
    }
}
