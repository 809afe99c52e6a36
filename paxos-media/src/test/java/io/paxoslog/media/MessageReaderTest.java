package io.paxoslog.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FrameDescriptor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.agrona.DirectBuffer;
import org.agrona.LangUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Senders of messages that cannot be lose their stream, and nobody else notices. */
@Timeout(60)
class MessageReaderTest {
    private static final String CHANNEL = "aeron:ipc?term-length=64k";
    private static final int STREAM = 7;
    private static final int LONGEST = 8 * 1024;
    private static final int PART = 1024;

    @TempDir Path directory;

    private final Heard heard = new Heard();
    private MediaDriver driver;
    private Aeron aeron;
    private MessageReader reader;

    @BeforeEach
    void start() {
        driver =
                MediaDriver.launch(
                        new MediaDriver.Context()
                                .aeronDirectoryName(directory.resolve("aeron").toString())
                                .threadingMode(ThreadingMode.INVOKER)
                                .dirDeleteOnShutdown(true));
        aeron =
                Aeron.connect(
                        new Aeron.Context()
                                .aeronDirectoryName(driver.aeronDirectoryName())
                                .errorHandler(PatientMedia::tell)
                                .driverAgentInvoker(driver.sharedAgentInvoker())
                                .subscriberErrorHandler(LangUtil::rethrowUnchecked)
                                .useConductorAgentInvoker(true));
        reader = new MessageReader(aeron, CHANNEL, STREAM, heard);
    }

    @AfterEach
    void stop() {
        reader.close();
        aeron.close();
        driver.close();
    }

    @Test
    void aMessageAsLongAsItsTermsAllowIsHeard() {
        ExclusivePublication sender = publication();
        sendLong(sender, LONGEST / PART, FrameDescriptor.END_FRAG_FLAG);
        turnUntil(() -> heard.lengths.contains(LONGEST));
        assertThat(reader.refusals()).isZero();
    }

    @Test
    void aLongerOneCostsItsSenderTheStream() {
        ExclusivePublication sender = publication();
        ExclusivePublication other = publication();
        sendLong(sender, LONGEST / PART + 1, FrameDescriptor.END_FRAG_FLAG);
        turnUntil(() -> reader.refusals() == 1 || !heard.lengths.isEmpty());
        assertThat(heard.lengths).isEmpty();
        assertThat(reader.heldBytes()).isZero();
        send(other, 6, FrameDescriptor.UNFRAGMENTED);
        turnUntil(() -> heard.lengths.contains(6) && !sender.isConnected());
        assertThat(heard.lengths).containsExactly(6);
    }

    @Test
    void whatALateEndBeginsWithIsDropped() {
        ExclusivePublication sender = publication();
        send(sender, PART, (byte) 0);
        send(sender, PART, FrameDescriptor.END_FRAG_FLAG);
        send(sender, 6, FrameDescriptor.UNFRAGMENTED);
        turnUntil(() -> !heard.lengths.isEmpty());
        assertThat(heard.lengths).containsExactly(6);
    }

    @Test
    void aMessageThatCannotBeReadCostsItsSenderTheStream() {
        ExclusivePublication sender = publication();
        ExclusivePublication other = publication();
        heard.throwsAt = 5;
        send(sender, 5, FrameDescriptor.UNFRAGMENTED);
        turnUntil(() -> reader.refusals() == 1);
        send(other, 6, FrameDescriptor.UNFRAGMENTED);
        turnUntil(() -> heard.lengths.contains(6) && !sender.isConnected());
        assertThat(heard.lengths).containsExactly(6);
    }

    @Test
    void aFailureOfTheListenerIsNotItsSenders() {
        ExclusivePublication sender = publication();
        heard.throwsAt = 5;
        heard.isActing = true;
        send(sender, 5, FrameDescriptor.UNFRAGMENTED);
        assertThatThrownBy(() -> turnUntil(() -> reader.refusals() > 0)).hasMessage("five");
        assertThat(reader.refusals()).isZero();
    }

    @Test
    void whatIsNotTakenComesAgain() {
        ExclusivePublication sender = publication();
        heard.refusals = 3;
        sendLong(sender, 3, FrameDescriptor.END_FRAG_FLAG);
        turnUntil(() -> !heard.lengths.isEmpty());
        assertThat(heard.lengths).containsExactly(3 * PART);
        assertThat(heard.refusals).isZero();
    }

    /** Four senders with ten messages each, whose length tells them apart; nothing is heard yet. */
    private void fourHaveMuchToSay() {
        List<ExclusivePublication> senders = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            senders.add(publication());
        }
        heard.room = 0;
        for (int i = 0; i < 4 * 10; i++) {
            send(senders.get(i % 4), 100 + i % 4, FrameDescriptor.UNFRAGMENTED);
        }
        heard.room = Integer.MAX_VALUE;
    }

    private List<Long> heardOfEach() {
        return LongStream.range(100, 104)
                .map(length -> heard.lengths.stream().filter(l -> l == length).count())
                .boxed()
                .toList();
    }

    @Test
    void roomThatComesAtABeatGoesToAllSendersAlike() {
        fourHaveMuchToSay();
        for (int turn = 0; turn < 24; turn++) {
            heard.room = turn % 2;
            reader.poll(10);
        }
        assertThat(heardOfEach()).containsExactly(3L, 3L, 3L, 3L);
    }

    @Test
    void nobodyTakesMoreThanTheirShareWhileOthersHaveSomethingToSay() {
        fourHaveMuchToSay();
        reader.poll(8);
        assertThat(heardOfEach()).containsExactly(2L, 2L, 2L, 2L);
    }

    @Test
    void whatSomeLeaveOthersMayHave() {
        fourHaveMuchToSay();
        while (heardOfEach().get(1) < 10 || heardOfEach().get(0) < 10) {
            reader.poll(8);
        }
        ExclusivePublication one = publication();
        heard.lengths.clear();
        heard.room = 0;
        for (int i = 0; i < 8; i++) {
            send(one, 100, FrameDescriptor.UNFRAGMENTED);
        }
        heard.room = Integer.MAX_VALUE;
        reader.poll(8);
        assertThat(heard.lengths).hasSize(8);
    }

    private ExclusivePublication publication() {
        ExclusivePublication publication = aeron.addExclusivePublication(CHANNEL, STREAM);
        turnUntil(publication::isConnected);
        return publication;
    }

    private void sendLong(ExclusivePublication sender, int parts, byte last) {
        for (int i = 0; i < parts; i++) {
            byte flags = i == 0 ? FrameDescriptor.BEGIN_FRAG_FLAG : i == parts - 1 ? last : 0;
            send(sender, PART, flags);
        }
    }

    private void send(ExclusivePublication sender, int length, byte flags) {
        BufferClaim claim = new BufferClaim();
        turnUntil(() -> sender.tryClaim(length, claim) > 0);
        claim.buffer().putBytes(claim.offset(), new UnsafeBuffer(new byte[length]), 0, length);
        claim.flags(flags);
        claim.commit();
    }

    private void turnUntil(BooleanSupplier condition) {
        do {
            driver.sharedAgentInvoker().invoke();
            aeron.conductorAgentInvoker().invoke();
            reader.poll(10);
        } while (!condition.getAsBoolean());
    }

    private static final class Heard implements MessageReader.Listener {
        private final List<Integer> lengths = new ArrayList<>();
        private int throwsAt;
        private int refusals;
        private int room = Integer.MAX_VALUE;
        private boolean isActing;

        @Override
        public boolean onMessage(
                Image image, long reserved, DirectBuffer buffer, int offset, int length) {
            if (length == throwsAt) {
                throw new IndexOutOfBoundsException("five");
            }
            if (room == 0) {
                return false;
            }
            room--;
            if (refusals > 0) {
                refusals--;
                return false;
            }
            lengths.add(length);
            return true;
        }

        @Override
        public boolean isActing() {
            return isActing;
        }
    }
}
