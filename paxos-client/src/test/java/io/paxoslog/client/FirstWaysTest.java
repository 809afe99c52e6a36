package io.paxoslog.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.client.HelloDecoder;
import io.paxoslog.codecs.client.MessageHeaderDecoder;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.ReadsDecoder;
import io.paxoslog.codecs.client.WelcomeEncoder;
import io.paxoslog.codecs.client.YesNo;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** To whom a client opens ways, and how often it says Hello there. */
class FirstWaysTest {
    private static final List<String> MEMBERS =
            List.of("10.0.0.1:9000", "10.0.0.2:9000", "10.0.0.3:9000");

    private static final UnsafeBuffer QUERY = new UnsafeBuffer(new byte[4]);

    private final List<Way> ways = new ArrayList<>();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder heardHeader = new MessageHeaderDecoder();
    private final UnsafeBuffer answer = new UnsafeBuffer(new byte[256]);
    private final ClientCore core =
            new ClientCore(
                    new Ways(),
                    ClientConfig.of(MEMBERS),
                    new Random(1),
                    (sequence, slot, reply, offset, length) -> {});
    private long nowMs = 1_000;

    private void run(int ms) {
        for (int i = 0; i < ms; i++) {
            nowMs++;
            core.tick(nowMs);
        }
    }

    private void welcome(Way way, int leader) {
        int node = 1 + MEMBERS.indexOf(way.member);
        int length =
                new WelcomeEncoder()
                        .wrapAndApplyHeader(answer, 0, header)
                        .link(way.link)
                        .connection(1)
                        .ballot(1 << 16 | 1)
                        .node(node)
                        .leader(leader)
                        .maxCommandBytes(1024)
                        .takesCommands(node == leader ? YesNo.YES : YesNo.NO)
                        .haltedAt(0)
                        .lacksRoom(YesNo.NO)
                        .leaderAddress(leader == 0 ? "" : MEMBERS.get(leader - 1))
                        .encodedLength();
        core.hear(node, answer, 0, MessageHeaderEncoder.ENCODED_LENGTH + length);
    }

    private static int other(Way than) {
        return 1 + (MEMBERS.indexOf(than.member) + 1) % MEMBERS.size();
    }

    @Test
    void whoHasFoundTheLeaderAtOnceNeedsNoOtherForAWhile() {
        run(1);
        assertThat(ways).hasSize(1);
        for (int ms = 0; ms < MemberLinks.SETTLED_MS; ms += 100) {
            welcome(ways.get(0), 1 + MEMBERS.indexOf(ways.get(0).member));
            assertThat(ways).hasSize(1);
            run(100);
        }
        assertThat(ways).hasSize(3);
    }

    @Test
    void whoIsToldWhoLeadsGoesThereAtOnce() {
        run(1);
        int leader = other(ways.get(0));
        welcome(ways.get(0), leader);
        run(1);
        assertThat(ways).hasSize(2);
        assertThat(ways.get(1).member).isEqualTo(MEMBERS.get(leader - 1));
        run(MemberLinks.NEXT_WAY_MS - 1);
        assertThat(ways).hasSize(2);
    }

    @Test
    void whereOneDoesNotAnswerTheNextIsAsked() {
        run(MemberLinks.NEXT_WAY_MS);
        assertThat(ways).hasSize(1);
        run(1);
        assertThat(ways).hasSize(2);
        run(MemberLinks.NEXT_WAY_MS);
        assertThat(ways).hasSize(3);
        assertThat(ways.stream().map(way -> way.member))
                .containsExactlyInAnyOrderElementsOf(MEMBERS);
    }

    @Test
    void whoLosesItsLeaderAsksAllAtOnce() {
        run(1);
        welcome(ways.get(0), 1 + MEMBERS.indexOf(ways.get(0).member));
        welcome(ways.get(0), 0);
        run(1);
        assertThat(ways).hasSize(3);
    }

    /** A cluster that has too much to do is not to have more of it. */
    @Test
    void whoIsNotAnsweredSaysHelloLessAndLess() {
        run(1_000);
        assertThat(ways.get(0).hellos).isBetween(5, 7);
        int before = ways.get(0).hellos;
        welcome(ways.get(0), 0);
        run(100);
        assertThat(ways.get(0).hellos - before).isBetween(2, 3);
    }

    /** Followers are not greeted while nobody reads, and so none has been heard of late. */
    @Test
    void whoReadsLateReadsFromAFollowerAsSoonAsOneIsHeard() {
        run(1);
        Way first = ways.get(0);
        int leader = 1 + MEMBERS.indexOf(first.member);
        for (int ms = 0; ms < 3 * MemberLinks.SETTLED_MS; ms += 100) {
            welcome(first, leader);
            run(100);
        }
        read();
        welcome(first, leader);
        run(100);
        assertThat(first.reads).isPositive();

        Way follower = ways.get(1);
        assertThat(follower.hellos).isPositive();
        welcome(follower, leader);
        run(1);
        int before = first.reads;
        read();
        assertThat(first.reads).isEqualTo(before);
        assertThat(follower.reads).isPositive();
    }

    private void read() {
        assertThat(core.read(ReadMode.STALE, 0, 60_000, QUERY, 0, 4, nowMs)).isPositive();
        run(1);
    }

    @Test
    void clientsBeginWithDifferentMembers() {
        List<String> first = new ArrayList<>();
        for (int seed = 0; seed < 30; seed++) {
            ways.clear();
            new ClientCore(
                            new Ways(),
                            ClientConfig.of(MEMBERS),
                            new Random(seed),
                            (sequence, slot, reply, offset, length) -> {})
                    .tick(nowMs);
            first.add(ways.get(0).member);
        }
        assertThat(first).containsAll(MEMBERS);
    }

    private final class Ways implements MemberLines {
        @Override
        public String responseEndpoint(String member) {
            return "10.0.0.9:1";
        }

        @Override
        public MemberLine connect(String member, int largestMessageBytes) {
            Way way = new Way(member);
            ways.add(way);
            return way;
        }
    }

    private final class Way implements MemberLine {
        private final String member;
        private long link;
        private int hellos;
        private int reads;

        Way(String member) {
            this.member = member;
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
            heardHeader.wrap(head, 0);
            if (heardHeader.templateId() == HelloDecoder.TEMPLATE_ID) {
                link = new HelloDecoder().wrapAndApplyHeader(head, 0, heardHeader).link();
                hellos++;
            } else if (heardHeader.templateId() == ReadsDecoder.TEMPLATE_ID) {
                reads++;
            }
            return true;
        }

        @Override
        public void close() {}
    }
}
