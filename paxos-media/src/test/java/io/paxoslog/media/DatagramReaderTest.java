package io.paxoslog.media;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DatagramReaderTest {
    private static final int ROUNDS = 5;
    private static final int DATAGRAMS = 20_000;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(2048);
    private DatagramChannel socket;
    private DatagramChannel first;
    private DatagramChannel second;
    private DatagramReader reader;

    @BeforeEach
    void open() throws IOException {
        assertThat(DatagramReader.isAllowed()).as("sun.nio.ch is open").isTrue();
        socket = bound();
        first = bound().connect(socket.getLocalAddress());
        second = bound().connect(socket.getLocalAddress());
        reader = new DatagramReader(socket);
    }

    private static DatagramChannel bound() throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        channel.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
        channel.configureBlocking(false);
        return channel;
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        first.close();
        second.close();
    }

    @Test
    void tellsWhatCameAndFromWhom() throws IOException {
        send(first, "one");
        send(second, "another");

        assertThat(reader.receive(buffer)).isEqualTo(first.getLocalAddress());
        assertThat(text()).isEqualTo("one");
        assertThat(reader.receive(buffer)).isEqualTo(second.getLocalAddress());
        assertThat(text()).isEqualTo("another");
        assertThat(reader.receive(buffer)).as("no more").isNull();
    }

    @Test
    void anEmptyDatagramHasASenderToo() throws IOException {
        first.disconnect();
        first.send(ByteBuffer.allocate(0), socket.getLocalAddress());

        assertThat(reader.receive(buffer)).isEqualTo(first.getLocalAddress());
        assertThat(buffer.position()).isZero();
    }

    @Test
    void cutsOffWhatTheBufferHasNoRoomFor() throws IOException {
        ByteBuffer small = ByteBuffer.allocateDirect(4);
        send(first, "much too long");
        send(first, "next");

        assertThat(reader.receive(small)).isNotNull();
        assertThat(small.position()).isEqualTo(4);
        assertThat(reader.receive(buffer)).isNotNull();
        assertThat(text()).isEqualTo("next");
    }

    @Test
    void hearsNothingOnceTheSocketIsClosed() throws IOException {
        send(first, "late");
        socket.close();

        assertThat(reader.receive(buffer)).isNull();
    }

    @Test
    void makesNoObjectsForSendersInTurn() throws IOException {
        assertThat(leastBytesOfRounds(reader::receive)).isLessThan(DATAGRAMS);
    }

    /** Shows what the reader is for, and that the measurement sees it. */
    @Test
    void theChannelItselfMakesSome() throws IOException {
        long bytes =
                leastBytesOfRounds(
                        into -> {
                            into.clear();
                            return (InetSocketAddress) socket.receive(into);
                        });
        assertThat(bytes).isGreaterThan(16L * DATAGRAMS);
    }

    private interface Receiver {
        InetSocketAddress receive(ByteBuffer into) throws IOException;
    }

    /** The virtual machine makes a few objects too, but not in every round. */
    private long leastBytesOfRounds(Receiver receiver) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ByteBuffer words = ByteBuffer.allocateDirect(100);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < DATAGRAMS; i++) {
                (i % 2 == 0 ? first : second).write(words.clear());
                if (receiver.receive(buffer) == null) {
                    throw new AssertionError("datagram " + i + " did not arrive");
                }
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    @Test
    void forgetsSendersWhenTheyAreMany() throws IOException {
        DatagramReader forgetful = new DatagramReader(socket, 100);
        for (int i = 0; i < 300; i++) {
            try (DatagramChannel other = bound().connect(socket.getLocalAddress())) {
                send(other, "hello");
                assertThat(forgetful.receive(buffer)).isEqualTo(other.getLocalAddress());
                assertThat(forgetful.knownSenders()).isBetween(1, 100);
            }
        }
    }

    private static void send(DatagramChannel from, String text) throws IOException {
        from.write(ByteBuffer.wrap(text.getBytes(US_ASCII)));
    }

    private String text() {
        byte[] bytes = new byte[buffer.position()];
        buffer.get(0, bytes);
        return new String(bytes, US_ASCII);
    }
}
