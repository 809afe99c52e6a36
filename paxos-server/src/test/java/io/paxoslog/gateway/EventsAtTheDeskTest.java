package io.paxoslog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.client.MessageHeaderDecoder;
import io.paxoslog.codecs.client.ResumeDecoder;
import io.paxoslog.core.Batch;
import io.paxoslog.service.Cluster;
import io.paxoslog.service.Entry;
import io.paxoslog.service.EntryFormat;
import io.paxoslog.service.EventLimits;
import io.paxoslog.service.Reply;
import io.paxoslog.service.SessionLimits;
import io.paxoslog.service.StateMachine;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * Events, from the state machine to the links of clients, and what these have taken into the log.
 */
class EventsAtTheDeskTest {
    private static final int IMAGE = 7;
    private static final int OTHER = 8;
    private static final SessionLimits LIMITS =
            new SessionLimits(8, 100, 200, 64 * 1024).with(new EventLimits(4_000, 1_000));
    private static final GatewayConfig CONFIG = new GatewayConfig(4, 1000, 4000, 16, 4096, 1 << 30);

    private final Desk desk = new Desk(CONFIG, LIMITS, new Speaking()).withExpiry();
    private final ClientFrames frames = desk.frames();
    private final FakeLink link = desk.hello(IMAGE);
    private final long session = desk.session(IMAGE);
    private long sequence;

    /** Sends what its commands say: "SESSION TEXT", some with commas between them. */
    private static final class Speaking implements StateMachine {
        private Cluster cluster;

        @Override
        public void begin(Cluster newCluster) {
            cluster = newCluster;
        }

        @Override
        public void apply(Entry entry, Reply reply) {
            String text = entry.buffer().getStringWithoutLengthUtf8(entry.offset(), entry.length());
            for (String one : text.split(",", -1)) {
                String[] words = one.split(" ", 2);
                if (words[0].equals("fail")) {
                    throw new IllegalStateException("as asked");
                }
                if (words.length == 2) {
                    byte[] bytes = words[1].getBytes(StandardCharsets.UTF_8);
                    cluster.send(
                            Long.parseLong(words[0]), new UnsafeBuffer(bytes), 0, bytes.length);
                }
            }
        }
    }

    /** One turn: what was heard is chosen and applied, and all is said; returns the last slot. */
    private long turn() {
        desk.clients.endTurn(true);
        desk.choose();
        desk.speak();
        return desk.lastSlot();
    }

    private void command(String text) {
        sequence++;
        assertThat(desk.hear(IMAGE, frames.commands(session, 1, sequence, text))).isTrue();
    }

    private long send(String... texts) {
        String all = "";
        for (String text : texts) {
            all += session + " " + text + ",";
        }
        command(all);
        return turn();
    }

    private static String reply(long sequence, long slot) {
        return "reply " + sequence + " at " + slot + " 0";
    }

    /** What entries say that let events go, of the last batch. */
    private List<String> taken() {
        Batch batch = desk.log.get(desk.log.size() - 1);
        int length = batch.buffer().getInt(0, ByteOrder.LITTLE_ENDIAN);
        int body = Batch.ENTRY_PREFIX_BYTES;
        assertThat(batch.buffer().getByte(body)).isEqualTo((byte) EntryFormat.TAKE_EVENTS);
        String[] items = new String[(length - EntryFormat.HEADER_BYTES) / EntryFormat.TAKEN_BYTES];
        for (int i = 0; i < items.length; i++) {
            int at = body + EntryFormat.HEADER_BYTES + i * EntryFormat.TAKEN_BYTES;
            items[i] =
                    "%d up to %d.%d"
                            .formatted(
                                    batch.buffer().getLong(at, ByteOrder.LITTLE_ENDIAN),
                                    batch.buffer().getLong(at + 8, ByteOrder.LITTLE_ENDIAN),
                                    batch.buffer().getInt(at + 16, ByteOrder.LITTLE_ENDIAN));
        }
        return Arrays.asList(items);
    }

    @Test
    void eventsComeBehindTheReplyOfTheirSlot() {
        long slot = send("apple", "pear");
        assertThat(link.takeSaid())
                .containsExactly(
                        reply(1, slot), "events behind 0.0", slot + ".0 apple", slot + ".1 pear");
        command("none");
        command(session + " plum");
        command("none");
        long last = turn();
        assertThat(link.takeSaid())
                .containsExactly(
                        reply(2, last - 2),
                        reply(3, last - 1),
                        "events behind " + slot + ".1",
                        last - 1 + ".0 plum",
                        reply(4, last));
    }

    @Test
    void anotherClientsCommandSendsThem() {
        FakeLink its = desk.hello(OTHER);
        long other = desk.session(OTHER);
        command(other + " fill," + session + " ack," + other + " more");
        long slot = turn();
        assertThat(its.takeSaid())
                .containsExactly("events behind 0.0", slot + ".0 fill", slot + ".2 more");
        assertThat(link.takeSaid())
                .containsExactly(reply(1, slot), "events behind 0.0", slot + ".1 ack");
    }

    @Test
    void whatClientsHaveTakenGoesIntoOneEntry() {
        desk.hello(OTHER);
        long other = desk.session(OTHER);
        command(other + " a," + session + " b," + session + " c");
        long slot = turn();
        desk.hear(OTHER, frames.eventsTaken(other, slot, 0));
        desk.hear(IMAGE, frames.eventsTaken(session, slot, 1));
        desk.hear(IMAGE, frames.eventsTaken(session, slot, 2));
        // That they live stands in front.
        desk.clients.endTurn(true);
        assertThat(desk.heardCommands()).isEqualTo(2);
        desk.clients.endTurn(true);
        assertThat(desk.heardCommands()).isEqualTo(2);
        desk.forgetBatch();
        desk.hear(OTHER, frames.eventsTaken(other, slot, 0));
        desk.hear(IMAGE, frames.eventsTaken(session, slot, 2));
        desk.isConnected = false;
        turn();
        assertThat(desk.applier.session(session).events().takenSlot()).isEqualTo(slot);
        assertThat(desk.applier.session(session).events().takenIndex()).isEqualTo(2);
        assertThat(desk.applier.session(other).events().takenIndex()).isZero();
    }

    /** They come in each turn, and would never leave room for a command. */
    @Test
    void whileTheWindowIsFullWordsWaitAndThenShareAnEntry() {
        long slot = send("apple");
        desk.beFull(true);
        for (int turn = 0; turn < 5; turn++) {
            desk.hear(IMAGE, frames.eventsTaken(session, slot, 0));
            desk.clients.endTurn(true);
            assertThat(desk.heardCommands()).isZero();
        }
        desk.beFull(false);
        desk.clients.endTurn(true);
        assertThat(desk.heardCommands()).isEqualTo(2);
    }

    @Test
    void whatFindsNoRoomInABatchComesInTheNext() {
        long slot = send("apple");
        assertThat(link.takeSaid()).isNotEmpty();
        sequence++;
        desk.hear(IMAGE, frames.commands(session, 2, 2, "n".repeat(990)));
        desk.hear(IMAGE, frames.commands(session, 2, 3, "n".repeat(990)));
        desk.hear(IMAGE, frames.commands(session, 2, 4, "n".repeat(990)));
        desk.hear(IMAGE, frames.commands(session, 2, 5, "n".repeat(860)));
        desk.hear(IMAGE, frames.eventsTaken(session, slot, 0));
        turn();
        assertThat(desk.applier.session(session).events().takenSlot()).isZero();
        turn();
        assertThat(desk.applier.session(session).events().takenSlot()).isEqualTo(slot);
    }

    @Test
    void aStrangerTakesNothing() {
        long slot = send("apple");
        desk.hello(OTHER);
        desk.hear(OTHER, frames.eventsTaken(session, slot, 0));
        turn();
        assertThat(desk.applier.session(session).events().takenSlot()).isZero();
    }

    @Test
    void aSlowLinkCostsNothingAndMissesNothing() {
        long first = send("a");
        link.takeSaid();
        link.room = 0;
        long second = send("b");
        long third = send("c");
        assertThat(link.takeSaid()).isEmpty();
        link.room = 2;
        desk.speak();
        assertThat(link.takeSaid())
                .containsExactly(
                        reply(2, second), "events behind " + first + ".0", second + ".0 b");
        link.room = Integer.MAX_VALUE;
        desk.speak();
        assertThat(link.takeSaid())
                .containsExactly(reply(3, third), "events behind " + second + ".0", third + ".0 c");
    }

    @Test
    void manyEventsAreManyMessages() {
        link.fragmentBytes = 300;
        desk.hear(IMAGE, frames.resume(session, 1, 2));
        desk.speak();
        link.messages = 0;
        String text = "x".repeat(100);
        send(text, text, text, text, text);
        assertThat(link.messages).isEqualTo(4);
        assertThat(link.takeSaid()).filteredOn(said -> said.startsWith("events")).hasSize(3);
    }

    @Test
    void anotherLeaderGoesOnBehindWhatTheClientHas() {
        long slot = send("apple", "pear", "plum");
        link.takeSaid();
        desk.reelect();
        desk.hear(IMAGE, frames.resume(session, ClientFrames.SECRET, 2, 2, 0, slot, 1));
        desk.speak();
        assertThat(link.takeSaid()).endsWith("events behind " + slot + ".1", slot + ".2 plum");
        turn();
        assertThat(taken()).containsExactly(session + " up to " + slot + ".1");
    }

    @Test
    void whoComesFromFartherBackThanWhatIsKeptIsToldSo() {
        long slot = send("apple", "pear", "plum");
        desk.hear(IMAGE, frames.eventsTaken(session, slot, 1));
        turn();
        link.takeSaid();
        desk.hear(IMAGE, frames.resume(session, ClientFrames.SECRET, 2, 2, 0, slot, 0));
        desk.speak();
        assertThat(link.takeSaid())
                .endsWith(
                        "events behind " + slot + ".0",
                        "lost up to " + slot + ".1",
                        slot + ".2 plum");
        desk.hear(IMAGE, frames.eventsTaken(session, slot, 2));
        turn();
        link.takeSaid();
        desk.hear(IMAGE, frames.resume(session, ClientFrames.SECRET, 2, 3, 0, 0, 0));
        desk.speak();
        assertThat(link.takeSaid()).endsWith("events behind 0.0", "lost up to " + slot + ".2");
        long next = send("fig");
        assertThat(link.takeSaid()).endsWith("events behind " + slot + ".2", next + ".0 fig");
    }

    @Test
    void anotherProcessOfTheClientTakesOver() {
        long slot = send("apple", "pear");
        desk.hear(IMAGE, frames.resume(session, ClientFrames.SECRET, 2, 9, 0, 0, 0));
        desk.speak();
        link.takeSaid();
        FakeLink its = desk.hello(OTHER);
        desk.hear(OTHER, frames.resume(session, ClientFrames.SECRET, 2, 1, 55, slot, 0));
        desk.speak();
        assertThat(its.takeSaid())
                .contains("opened 0 as " + session)
                .endsWith("events behind " + slot + ".0", slot + ".1 pear");
        send("plum");
        assertThat(link.takeSaid()).isNotEmpty().noneMatch(said -> said.contains("plum"));
    }

    /** Of a slot at which the machine stands still nothing counts: it may be skipped. */
    @Test
    void whatWasSentWhereTheMachineHaltsIsNotSaid() {
        long slot = send("apple");
        link.takeSaid();
        command(session + " pear,fail");
        turn();
        desk.hear(IMAGE, frames.resume(session, ClientFrames.SECRET, 2, 2, 0, slot, 0));
        desk.speak();
        assertThat(desk.applier.halt()).isNotNull();
        assertThat(link.takeSaid()).noneMatch(said -> said.contains("pear"));
    }

    @Test
    void aSlowClientHearsWhatWasBeforeItsEndAndWhy() {
        link.takeSaid();
        String much = "x".repeat(200);
        int enough = 4_000 / 216;
        for (int i = 0; i < enough; i++) {
            command(session + " " + much);
            if (i < enough - 1) {
                turn();
            }
        }
        command(session + " " + much);
        turn();
        List<String> said = link.takeSaid();
        assertThat(said).endsWith("ended " + session + " SLOW");
        assertThat(said).filteredOn(line -> line.endsWith(much)).hasSize(enough);
        desk.hear(IMAGE, frames.resume(session, 1, 2));
        desk.speak();
        assertThat(link.takeSaid()).endsWith("ended " + session + " SLOW");
        FakeLink its = desk.hello(OTHER);
        desk.hear(OTHER, frames.resume(session, 99, 1, 1));
        desk.speak();
        assertThat(its.takeSaid()).containsExactly("ended " + session + " EXPIRED");
    }

    /** What clients of the version before say ends in front of the new fields. */
    @Test
    void clientsOfTheVersionBeforeResumeAsTheyDid() {
        byte[] frame = frames.resume(session, 1, 2);
        byte[] old =
                Arrays.copyOf(
                        frame,
                        MessageHeaderDecoder.ENCODED_LENGTH + ResumeDecoder.lifeEncodingOffset());
        UnsafeBuffer header = new UnsafeBuffer(old);
        header.putShort(0, (short) ResumeDecoder.lifeEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
        header.putShort(6, (short) 6, ByteOrder.LITTLE_ENDIAN);
        desk.reelect();
        desk.speak();
        link.takeSaid();
        desk.hear(IMAGE, old);
        long slot = send("apple");
        assertThat(link.takeSaid()).contains(reply(1, slot), slot + ".0 apple");
        header.putShort(6, (short) 7, ByteOrder.LITTLE_ENDIAN);
        desk.reelect();
        desk.speak();
        link.takeSaid();
        desk.hear(IMAGE, old);
        desk.speak();
        assertThat(link.takeSaid()).isEmpty();
    }
}
