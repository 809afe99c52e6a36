package io.paxoslog.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.client.CommandFate;
import io.paxoslog.codecs.client.EndReason;
import io.paxoslog.codecs.client.FailureCode;
import io.paxoslog.codecs.client.GroupSizeEncodingDecoder;
import io.paxoslog.codecs.client.LogEntriesDecoder;
import io.paxoslog.codecs.client.MessageHeaderDecoder;
import io.paxoslog.codecs.client.RepliesDecoder;
import io.paxoslog.codecs.client.SnapshotResponseDecoder;
import io.paxoslog.codecs.client.StatusResponseDecoder;
import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes of nodes of former and later releases; the hex strings are never changed. */
class ResponseSchemaEvolutionTest {
    /** One message of each kind as version 0 wrote it, on link 0. */
    static final List<String> VERSION_0 =
            List.of(
                    "250015000200000000000000000000000b00000000000000020001000000000001000000"
                            + "0200000000000200010e003132372e302e302e313a39303030",
                    "200017000200000000000000000000000500000000000000060000000000000064000000"
                            + "e8030000",
                    "100018000200000000000000000000000600000000000000100002000100000000000000"
                            + "070000000000000004000000706561720200000000000000080000000000000000000000",
                    "1c0019000200000000000000000000000600000000000000030000000000000004000000",
                    "11001a00020000000000000000000000060000000000000001",
                    "19001b000200000000000000000000000500000000000000090000000000000003",
                    "49001c000200000000000000000000000100000000000000020000000000000003000000"
                            + "000000000400000000000000050000000000000006000000000000000700000000000000"
                            + "080000000900000002",
                    "18001d000200000000000000000000000300000000000000090000000000000008000100"
                            + "080000000000000003000000666967",
                    "18001e0002000000000000000000000003000000000000000900000000000000");

    private static final String VERSION_2_STATUS =
            "a200"
                    + "1c00020002000000000000000000010000000000000002000000000000000300000000000000"
                    + "0400000000000000050000000000000006000000000000000700000000000000"
                    + "080000000900000002"
                    + "0a0000000000000001"
                    + "0b000000000000000c000000000000000d00000000000000"
                    + "0100000002000000030000000400000"
                    + "0"
                    + "110000000000000010000000000000001200000000000000"
                    + "13000000000000001400000000000000";

    private static final List<String> MEANING =
            List.of(
                    "welcome node 1 leader 2 takes true ballot 65538 new true",
                    "opened 5 6 100 1000",
                    "reply 6 1 7 pear",
                    "reply 6 2 8 ",
                    "gap 6 4",
                    "ended 6 EXPIRED",
                    "failure 5 TOO_MANY_SESSIONS",
                    "status 1 2 3 4 5 6 7 8 9 LEADER",
                    "tail 3 8 fig",
                    "tail to 3 9 false",
                    "tail to 3 9 true");

    private static final int HEADER_BYTES = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int GROUP_HEADER_BYTES = GroupSizeEncodingDecoder.ENCODED_LENGTH;
    private static final int MORE_BYTES = 150;

    private final List<String> heard = new ArrayList<>();

    @Test
    void hearsVersion0() {
        decodeAll(VERSION_0.stream().map(HexFormat.of()::parseHex).toList());
        assertThat(heard).isEqualTo(MEANING);
    }

    /** Version 1 tells the cluster with a session, and what became of commands. */
    @Test
    void hearsVersion1() {
        String opened =
                "280017000200010000000000000000000500000000000000060000000000000064000000e8030000"
                        + "0900000000000000";
        String outcome =
                "190020000200010000000000000000000d00000000000000030000000000000000"
                        + "0400000070656172";
        decodeAll(List.of(HexFormat.of().parseHex(opened), HexFormat.of().parseHex(outcome)));
        assertThat(heard)
                .containsExactly("cluster 9", "opened 5 6 100 1000", "outcome 13 APPLIED 3 pear");
    }

    /** Version 2 tells of snapshots, and of slots that are kept no more. */
    @Test
    void hearsVersion2() {
        String snapshot =
                "2900210002000200000000000000000005000000000000000700000000000000"
                        + "0800000000000000090000000000000003040066756c6c";
        String compacted =
                "19001b00020002000000000000000000050000000000000009000000000000000" + "7";
        decodeAll(List.of(HexFormat.of().parseHex(snapshot), HexFormat.of().parseHex(compacted)));
        assertThat(heard).containsExactly("snapshot 5 FAILED 7 8 9 full", "compacted 5 9");
    }

    /** Until version 8 nodes did not say whether they hold leases. */
    @ParameterizedTest
    @ValueSource(strings = {VERSION_2_STATUS, VERSION_7_STATUS})
    void aStatusFromVersion2OnSaysWhatIsStored(String status) {
        decodeAll(List.of(HexFormat.of().parseHex(status)));
        assertThat(heard)
                .containsExactly("status 1 2 3 4 5 6 7 8 9 LEADER", "stores 17 16 18 19 20");
    }

    /** Version 4 tells who the members are; all of them vote. */
    @Test
    void hearsMembersOfVersion4() {
        decodeAll(List.of(HexFormat.of().parseHex(VERSION_4_MEMBERS)));
        assertThat(heard)
                .containsExactly(
                        "members of 6: [11@h:9 VOTER '', 12@h:8 VOTER ''] changing true to []");
    }

    private static final String VERSION_4_MEMBERS =
            "4300220002000400"
                    + "0000000000000000"
                    + "0500000000000000"
                    + "0b00010000000000"
                    + "0600000000000000"
                    + "070000000000000008000000000000000900000000000000"
                    + "64000000020000000202"
                    + "01"
                    + "08000200"
                    + "0b0000000000010003000000683a39"
                    + "0c0000000000020003000000683a38";

    /** Version 5 tells of seats, and of a change that is prepared. */
    @Test
    void hearsMembersOfVersion5() {
        decodeAll(List.of(HexFormat.of().parseHex(VERSION_5_MEMBERS)));
        assertThat(heard)
                .containsExactly(
                        "members of 6: [11@h:9 VOTER 'b', 12@h:8 SPARE ''] changing true to [13@h:7 OBSERVER 'c'] ugh");
    }

    private static final String ZONE_31 = "00".repeat(31);
    private static final String VERSION_5_MEMBERS =
            "4400220002000500"
                    + "0000000000000000"
                    + "0500000000000000"
                    + "0b00010000000000"
                    + "0600000000000000"
                    + "070000000000000008000000000000000900000000000000"
                    + "64000000020000000202"
                    + "01"
                    + "01"
                    + "29000200"
                    + "0b00000000000100"
                    + "00"
                    + "62"
                    + ZONE_31
                    + "03000000683a39"
                    + "0c00000000000200"
                    + "03"
                    + "00"
                    + ZONE_31
                    + "03000000683a38"
                    + "29000100"
                    + "0d00000000000300"
                    + "01"
                    + "63"
                    + ZONE_31
                    + "03000000683a37"
                    + "0300756768";

    /** Version 6 answers reads; what a node says that was not asked is no reason to give up. */
    @Test
    void hearsAnswersOfVersion6() {
        decodeAll(List.of(HexFormat.of().parseHex(VERSION_6_ANSWERS)));
        assertThat(heard).containsExactly("read 1 at 7 pear");
    }

    static final String VERSION_6_ANSWERS =
            "08003d0002000600"
                    + "0000000000000000"
                    + "11000200"
                    + "0100000000000000070000000000000000"
                    + "0400000070656172"
                    + "0200000000000000000000000000000003"
                    + "03000000626164";

    /** Version 7 serves those who subscribe. */
    @Test
    void hearsEntriesOfVersion7() {
        decodeAll(List.of(HexFormat.of().parseHex(VERSION_7_ENTRIES)));
        assertThat(heard).containsExactly("log 3 of 9 from 5 to 9 applied 8: 8 2/4 at 77 fig");
    }

    static final String VERSION_7_ENTRIES =
            "3000520002000700"
                    + "0000000000000000"
                    + "0300000000000000"
                    + "0900000000000000"
                    + "0500000000000000"
                    + "0900000000000000"
                    + "0800000000000000"
                    + "20000100"
                    + "08000000000000000200000000000000"
                    + "04000000000000004d00000000000000"
                    + "03000000666967";

    @Test
    void aStatusOfVersion8SaysWhetherALeaseIsHeld() {
        decodeAll(List.of(HexFormat.of().parseHex(VERSION_8_STATUS)));
        assertThat(heard)
                .containsExactly(
                        "status 1 2 3 4 5 6 7 8 9 LEADER",
                        "stores 17 16 18 19 20",
                        "leases 150 YES but for 3");
    }

    private static final String STATUS_UP_TO_VERSION_7 =
            "0000000000000000010000000000000002000000000000000300000000000000"
                    + "0400000000000000050000000000000006000000000000000700000000000000"
                    + "0800000009000000020a00000000000000010b000000000000000c0000000000"
                    + "00000d0000000000000001000000020000000300000004000000110000000000"
                    + "0000100000000000000012000000000000001300000000000000140000000000"
                    + "0000150000000000000000160000000000000017000000000000001800000000"
                    + "000000011900000000000000";

    static final String VERSION_7_STATUS = "cc001c0002000700" + STATUS_UP_TO_VERSION_7 + "010033";

    static final String VERSION_8_STATUS =
            "d1001c0002000800" + STATUS_UP_TO_VERSION_7 + "9600000001" + "010033";

    /** What no build says is not read: a seat, and a zone, that there is none of. */
    @Test
    void membersInNoSeatAreNotHeard() {
        byte[] seat = HexFormat.of().parseHex(VERSION_5_MEMBERS);
        seat[8 + 0x44 + 4 + 8] = 2;
        byte[] zone = HexFormat.of().parseHex(VERSION_5_MEMBERS);
        zone[8 + 0x44 + 4 + 9] = 7;
        decodeAll(List.of(seat, zone));
        assertThat(heard).isEmpty();
    }

    /** Its version says more than its length. */
    @Test
    void aStatusOfVersion2ThatIsTooShortIsNotRead() {
        byte[] status = HexFormat.of().parseHex(VERSION_2_STATUS);
        status[0]--;
        decodeAll(List.of(Arrays.copyOf(status, status.length - 1)));
        assertThat(heard).isEmpty();
    }

    @Test
    void hearsALaterVersionWithFieldsItDoesNotKnow() {
        decodeAll(
                VERSION_0.stream()
                        .map(hex -> withMoreFields(HexFormat.of().parseHex(hex)))
                        .toList());
        assertThat(heard)
                .filteredOn(line -> !line.startsWith("stores") && !line.startsWith("leases"))
                .isEqualTo(MEANING);
    }

    @Test
    void leavesMessagesOfLaterVersionsAlone() {
        byte[] unknown = HexFormat.of().parseHex(VERSION_0.get(0));
        unknown[2] = 99;
        byte[] foreign = HexFormat.of().parseHex(VERSION_0.get(0));
        foreign[4] = 9;
        byte[] otherLink = HexFormat.of().parseHex(VERSION_0.get(0));
        otherLink[8] = 9;
        decodeAll(List.of(unknown, foreign, otherLink, new byte[0], new byte[15]));
        assertThat(heard).isEmpty();
    }

    /** A later version has longer blocks, of messages and of what is in their groups. */
    private static byte[] withMoreFields(byte[] frame) {
        int end = HEADER_BYTES + (frame[0] & 0xFF);
        ByteArrayOutputStream later = new ByteArrayOutputStream();
        later.write(frame, 0, end);
        later.writeBytes(new byte[MORE_BYTES]);
        boolean hasItems = frame[2] == RepliesDecoder.TEMPLATE_ID;
        byte[] behind = Arrays.copyOfRange(frame, end, frame.length);
        later.writeBytes(hasItems ? withMoreInEachItem(behind) : behind);
        if (frame[2] == StatusResponseDecoder.TEMPLATE_ID) {
            // The text that has come since.
            later.writeBytes(new byte[Short.BYTES]);
        }
        byte[] bytes = later.toByteArray();
        bytes[0] = (byte) (frame[0] + MORE_BYTES);
        bytes[6] = MessageHeaderDecoder.SCHEMA_VERSION + 1;
        return bytes;
    }

    private static byte[] withMoreInEachItem(byte[] group) {
        UnsafeBuffer items = new UnsafeBuffer(group);
        ByteArrayOutputStream later = new ByteArrayOutputStream();
        int block = items.getShort(0, ByteOrder.LITTLE_ENDIAN);
        later.write(group, 0, GROUP_HEADER_BYTES);
        int next = GROUP_HEADER_BYTES;
        while (next < group.length) {
            later.write(group, next, block);
            later.writeBytes(new byte[MORE_BYTES]);
            int length = Integer.BYTES + items.getInt(next + block, ByteOrder.LITTLE_ENDIAN);
            later.write(group, next + block, length);
            next += block + length;
        }
        byte[] bytes = later.toByteArray();
        bytes[0] = (byte) (block + MORE_BYTES);
        return bytes;
    }

    /** Links that were never opened have the id 0, which is the one in the bytes. */
    private void decodeAll(List<byte[]> frames) {
        ClientConfig config = ClientConfig.of(List.of("127.0.0.1:1"));
        try (ClientTransport transport = new ClientTransport(config, new Guard("test"))) {
            MemberLinks links = new MemberLinks(transport, config, new SecureRandom());
            ResponseDecoder decoder = new ResponseDecoder(links, new Noting());
            decoder.answer(twoReads(links, config));
            for (byte[] frame : frames) {
                decoder.hear(0, new UnsafeBuffer(frame), 0, frame.length);
            }
        }
    }

    /** Two reads that wait. */
    private ClientReads twoReads(MemberLinks links, ClientConfig config) {
        ClientReads reads = new ClientReads(links, config, new NotingReads(), () -> 0);
        for (int i = 0; i < 2; i++) {
            reads.offer(ReadMode.STALE, 0, 1_000, new UnsafeBuffer(new byte[1]), 0, 1);
        }
        return reads;
    }

    private final class NotingReads implements ReplyListener {
        @Override
        public void onReply(long sequence, long slot, DirectBuffer reply, int at, int length) {}

        @Override
        public void onRead(long read, long slot, DirectBuffer answer, int at, int length) {
            String text = answer.getStringWithoutLengthUtf8(at, length);
            heard.add("read " + read + " at " + slot + " " + text);
        }

        @Override
        public void onReadFailed(long read, ClientError why, String about) {
            heard.add("read " + read + " " + why + " " + about);
        }
    }

    /** Notes what nodes say as text. */
    private final class Noting implements NodeMessages {
        @Override
        public void welcomed(MemberLink from, boolean isNew) {
            heard.add(
                    "welcome node "
                            + from.node()
                            + " leader "
                            + from.leader()
                            + " takes "
                            + from.takesCommands()
                            + " ballot "
                            + from.ballot()
                            + " new "
                            + isNew);
        }

        @Override
        public void cluster(long clusterId) {
            if (clusterId > 0) {
                heard.add("cluster " + clusterId);
            }
        }

        @Override
        public void outcome(
                long about, CommandFate fate, long slot, DirectBuffer buffer, int at, int length) {
            String text = buffer.getStringWithoutLengthUtf8(at, length);
            heard.add("outcome " + about + " " + fate + " " + slot + " " + text);
        }

        @Override
        public void sessionOpened(
                MemberLink from, long nonce, long session, int maxInFlight, int maxBytes) {
            heard.add("opened " + nonce + " " + session + " " + maxInFlight + " " + maxBytes);
        }

        @Override
        public void reply(
                long session, long sequence, long slot, DirectBuffer buffer, int at, int length) {
            String text = buffer.getStringWithoutLengthUtf8(at, length);
            heard.add("reply " + session + " " + sequence + " " + slot + " " + text);
        }

        @Override
        public void gap(MemberLink from, long session, int attempt) {
            heard.add("gap " + session + " " + attempt);
        }

        @Override
        public void sessionEnded(long session, EndReason reason) {
            heard.add("ended " + session + " " + reason);
        }

        @Override
        public void failure(MemberLink from, long about, FailureCode code) {
            heard.add("failure " + about + " " + code);
        }

        @Override
        public void members(MemberLink from, long about, MembersReport report) {
            heard.add(
                    "members of %x: [%s] changing %s to [%s] %s"
                            .formatted(
                                    report.clusterId(),
                                    text(report.members()),
                                    report.isChanging(),
                                    text(report.coming()),
                                    report.waitsFor())
                            .strip());
        }

        private static String text(List<Change.Member> members) {
            return members.stream()
                    .map(
                            member ->
                                    "%d@%s %s '%s'"
                                            .formatted(
                                                    MemberId.node(member.identity()),
                                                    member.address(),
                                                    member.seat(),
                                                    member.zone()))
                    .collect(Collectors.joining(", "));
        }

        @Override
        public void status(MemberLink from, StatusResponseDecoder status) {
            heard.add(
                    "status "
                            + status.correlation()
                            + " "
                            + status.ballot()
                            + " "
                            + status.commit()
                            + " "
                            + status.applied()
                            + " "
                            + status.synced()
                            + " "
                            + status.clusterId()
                            + " "
                            + status.appliedHash()
                            + " "
                            + status.node()
                            + " "
                            + status.leader()
                            + " "
                            + status.role());
            if (status.actingVersion() >= ResponseShape.FIRST_WITH_STORAGE) {
                heard.add(
                        "stores %d %d %d %d %d"
                                .formatted(
                                        status.firstKept(),
                                        status.snapshotSlot(),
                                        status.journalBytes(),
                                        status.snapshotBytes(),
                                        status.freeBytes()));
            }
            if (status.actingVersion() >= ResponseShape.FIRST_WITH_LEASES) {
                heard.add(
                        "leases %d %s but for %s"
                                .formatted(status.leaseMs(), status.holdsLease(), status.behind()));
            }
        }

        @Override
        public void snapshot(MemberLink from, SnapshotResponseDecoder snapshot) {
            heard.add(
                    "snapshot %d %s %d %d %d %s"
                            .formatted(
                                    snapshot.correlation(),
                                    snapshot.state(),
                                    snapshot.slot(),
                                    snapshot.bytes(),
                                    snapshot.ms(),
                                    snapshot.reason()));
        }

        @Override
        public void compacted(MemberLink from, long of, long firstKept) {
            heard.add("compacted " + of + " " + firstKept);
        }

        @Override
        public void logEntries(MemberLink from, LogEntriesDecoder entries) {
            StringBuilder text = new StringBuilder();
            text.append("log ").append(entries.correlation()).append(" of ");
            text.append(entries.clusterId()).append(" from ").append(entries.firstSlot());
            text.append(" to ").append(entries.nextSlot());
            text.append(" applied ").append(entries.applied()).append(":");
            for (LogEntriesDecoder.ItemsDecoder item : entries.items()) {
                text.append(" ").append(item.slot()).append(" ").append(item.session());
                text.append("/").append(item.sequence()).append(" at ").append(item.timestamp());
                byte[] command = new byte[item.commandLength()];
                item.getCommand(command, 0, command.length);
                text.append(" ").append(new String(command, StandardCharsets.UTF_8));
            }
            heard.add(text.toString());
        }

        @Override
        public void tailEntry(long of, long slot, DirectBuffer buffer, int at, int length) {
            String text = buffer.getStringWithoutLengthUtf8(at, length);
            heard.add("tail " + of + " " + slot + " " + text);
        }

        @Override
        public void tailProgress(long correlation, long nextSlot, boolean isEnd) {
            heard.add("tail to " + correlation + " " + nextSlot + " " + isEnd);
        }
    }
}
