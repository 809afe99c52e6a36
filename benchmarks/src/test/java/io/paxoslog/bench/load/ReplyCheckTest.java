package io.paxoslog.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.bench.contender.Contender;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ReplyCheckTest {
    private static final int PAYLOAD = 32;

    private final Payloads payloads = new Payloads(PAYLOAD, 1);
    private final ReplyCheck check = new ReplyCheck(payloads, false);

    private UnsafeBuffer reply(long stamp, long number) {
        UnsafeBuffer command = new UnsafeBuffer(new byte[PAYLOAD]);
        payloads.write(number, command);
        UnsafeBuffer reply = new UnsafeBuffer(new byte[Contender.NUMBER_BYTES + PAYLOAD]);
        reply.putLong(0, stamp, ByteOrder.LITTLE_ENDIAN);
        reply.putBytes(Contender.NUMBER_BYTES, command, 0, PAYLOAD);
        return reply;
    }

    private void take(UnsafeBuffer reply) {
        check.check(reply, 0, reply.capacity());
    }

    @Test
    void takesRepliesInOrder() {
        take(reply(7, 0));
        take(reply(8, 1));

        assertThat(check.nextNumber()).isEqualTo(2);
        assertThat(check.checkedEchoes()).isEqualTo(1);
    }

    @Test
    void refusesAReplyThatComesTwice() {
        take(reply(1, 0));

        assertThatThrownBy(() -> take(reply(2, 0))).hasMessageContaining("out of order");
    }

    @Test
    void refusesAReplyThatOvertakes() {
        assertThatThrownBy(() -> take(reply(1, 1))).hasMessageContaining("out of order");
    }

    @Test
    void refusesANumberThatTheClusterGaveTwice() {
        take(reply(1, 0));

        assertThatThrownBy(() -> take(reply(1, 1))).hasMessageContaining("numbered wrongly");
    }

    @Test
    void refusesOtherBytes() {
        UnsafeBuffer wrong = reply(1, 0);
        wrong.putByte(wrong.capacity() - 1, (byte) ~wrong.getByte(wrong.capacity() - 1));

        assertThatThrownBy(() -> take(wrong)).hasMessageContaining("not the command's bytes");
    }

    @Test
    void refusesAnotherLength() {
        UnsafeBuffer right = reply(1, 0);

        assertThatThrownBy(() -> check.check(right, 0, right.capacity() - 1))
                .hasMessageContaining("wrong length: 39");
    }

    @Test
    void countsWhatIsLostWhereItMay() {
        ReplyCheck lenient = new ReplyCheck(payloads, true);
        UnsafeBuffer late = reply(9, 5);

        lenient.check(late, 0, late.capacity());

        assertThat(lenient.lost()).isEqualTo(5);
    }
}
