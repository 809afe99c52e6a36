package io.paxoslog.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.client.HelloDecoder;
import io.paxoslog.codecs.client.MessageHeaderDecoder;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.ReadsDecoder;
import io.paxoslog.codecs.client.WelcomeEncoder;
import io.paxoslog.codecs.client.YesNo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Which member is asked for reads that any may answer, where one is in the same process. */
class NearReaderTest {
    private static final String NEAR = "10.0.0.1:9000";
    private static final String LEADER = "10.0.0.2:9000";
    private static final String OTHER = "10.0.0.3:9000";
    private static final List<String> MEMBERS = List.of(LEADER, OTHER, NEAR);
    private static final UnsafeBuffer QUERY = new UnsafeBuffer(new byte[4]);

    private final Map<String, Line> lines = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private final UnsafeBuffer answer = new UnsafeBuffer(new byte[256]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ClientCore core =
            new ClientCore(new Lines(), ClientConfig.of(MEMBERS), new Random(1), new Listener());
    private long nowMs = 1_000;

    private final class Listener implements ReplyListener {
        @Override
        public void onReply(long sequence, long slot, DirectBuffer reply, int at, int length) {}

        @Override
        public void onReadFailed(long read, ClientError why, String about) {
            failed.add(why + " " + about);
        }
    }

    private final class Lines implements MemberLines {
        @Override
        public String responseEndpoint(String member) {
            return "10.0.0.9:1";
        }

        @Override
        public MemberLine connect(String member, int largestMessageBytes) {
            lines.put(member, new Line(member));
            return lines.get(member);
        }
    }

    private final class Line implements MemberLine {
        private final MessageHeaderDecoder head = new MessageHeaderDecoder();
        private final String member;
        private long link;

        Line(String member) {
            this.member = member;
        }

        @Override
        public boolean isNear() {
            return member.equals(NEAR);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isBroken() {
            return false;
        }

        @Override
        public int fragmentBytes() {
            return 1024;
        }

        @Override
        public int maxMessageBytes() {
            return 1 << 20;
        }

        @Override
        public boolean send(DirectBuffer message, int length) {
            head.wrap(message, 0);
            if (head.templateId() == HelloDecoder.TEMPLATE_ID) {
                link = new HelloDecoder().wrapAndApplyHeader(message, 0, head).link();
            } else if (head.templateId() == ReadsDecoder.TEMPLATE_ID) {
                asked.add(member);
            }
            return true;
        }

        @Override
        public boolean send(
                DirectBuffer first, int firstLength, DirectBuffer body, int offset, int length) {
            return send(first, firstLength);
        }

        @Override
        public void close() {}
    }

    private void welcome(String member, long haltedAt) {
        int node = MEMBERS.indexOf(member) + 1;
        int length =
                new WelcomeEncoder()
                        .wrapAndApplyHeader(answer, 0, header)
                        .link(lines.get(member).link)
                        .connection(node)
                        .ballot(1 << 16 | 1)
                        .node(node)
                        .leader(1)
                        .maxCommandBytes(1024)
                        .takesCommands(member.equals(LEADER) ? YesNo.YES : YesNo.NO)
                        .haltedAt(haltedAt)
                        .lacksRoom(YesNo.NO)
                        .leaderAddress(LEADER)
                        .encodedLength();
        core.hear(node, answer, 0, MessageHeaderEncoder.ENCODED_LENGTH + length);
    }

    private void tick(int ms) {
        nowMs += ms;
        core.tick(nowMs);
    }

    private void begin() {
        // One after the other.
        for (int opened = 0; opened < MEMBERS.size(); opened++) {
            tick(MemberLinks.NEXT_WAY_MS + 1);
        }
        MEMBERS.forEach(member -> welcome(member, 0));
    }

    private String whoIsAsked(ReadMode mode) {
        asked.clear();
        assertThat(core.read(mode, 0, 60_000, QUERY, 0, 4, nowMs)).isPositive();
        tick(1);
        assertThat(asked).hasSize(1);
        return asked.get(0);
    }

    @Test
    void theOneInTheSameProcessIsAskedAndTheLeaderForWhatOnlyItAnswers() {
        begin();
        for (ReadMode mode : ReadMode.values()) {
            assertThat(whoIsAsked(mode)).isEqualTo(mode.isOfLeader() ? LEADER : NEAR);
        }
    }

    /** What it was asked is asked of another one; and it is asked first again once it is heard. */
    @Test
    void whileItIsSilentAnotherIsAsked() {
        begin();
        assertThat(whoIsAsked(ReadMode.STALE)).isEqualTo(NEAR);
        asked.clear();
        for (int ms = 0; ms < 600; ms += 50) {
            tick(50);
            welcome(LEADER, 0);
            welcome(OTHER, 0);
        }
        assertThat(asked).containsExactly(OTHER);
        assertThat(whoIsAsked(ReadMode.STALE)).isEqualTo(OTHER);
        welcome(NEAR, 0);
        asked.clear();
        tick(1);
        // All that is not answered goes to it at once.
        assertThat(asked).containsExactly(NEAR);
        assertThat(failed).isEmpty();
    }

    @Test
    void whileItsStateMachineStandsStillAnotherIsAsked() {
        begin();
        welcome(NEAR, 17);
        assertThat(whoIsAsked(ReadMode.STALE)).isEqualTo(OTHER);
        welcome(NEAR, 0);
        assertThat(whoIsAsked(ReadMode.STALE)).isEqualTo(NEAR);
    }

    @Test
    void anotherThatIsNamedIsAsked() {
        begin();
        core.readFrom(OTHER);
        assertThat(whoIsAsked(ReadMode.STALE)).isEqualTo(OTHER);
        core.readFrom(null);
        assertThat(whoIsAsked(ReadMode.STALE)).isEqualTo(NEAR);
    }
}
