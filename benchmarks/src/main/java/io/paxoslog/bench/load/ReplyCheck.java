package io.paxoslog.bench.load;

import io.paxoslog.bench.contender.Contender;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Checks that replies come in order, each once, numbered without gaps and with the right bytes. */
final class ReplyCheck {
    /** Every so-manieth reply is compared byte by byte. */
    private static final int SAMPLE = 64;

    private final Payloads payloads;
    private final boolean mayLose;
    private long nextNumber;
    private long lastStamp;
    private long lost;
    private long checkedEchoes;

    ReplyCheck(Payloads payloads, boolean mayLose) {
        this.payloads = payloads;
        this.mayLose = mayLose;
    }

    /** Returns the number of the command that this is the reply to. */
    long check(DirectBuffer reply, int offset, int length) {
        require(length == Contender.NUMBER_BYTES + payloads.payloadBytes(), "wrong length", length);
        long stamp = reply.getLong(offset, ByteOrder.LITTLE_ENDIAN);
        int echo = offset + Contender.NUMBER_BYTES;
        long number = Payloads.numberOf(reply, echo);
        require(number == nextNumber || (mayLose && number > nextNumber), "out of order", number);
        require(
                stamp == lastStamp + 1 || (stamp > lastStamp && (mayLose || lastStamp == 0)),
                "numbered wrongly by the cluster",
                stamp);
        if (number % SAMPLE == 0) {
            require(payloads.isEcho(number, reply, echo), "not the command's bytes", number);
            checkedEchoes++;
        }
        lost += number - nextNumber;
        nextNumber = number + 1;
        lastStamp = stamp;
        return number;
    }

    private void require(boolean isRight, String what, long value) {
        if (!isRight) {
            throw new IllegalStateException(
                    "wrong reply, %s: %d, after %d replies".formatted(what, value, nextNumber));
        }
    }

    /** The lowest number that has no reply yet and may still get one. */
    long nextNumber() {
        return nextNumber;
    }

    long lost() {
        return lost;
    }

    long checkedEchoes() {
        return checkedEchoes;
    }
}
