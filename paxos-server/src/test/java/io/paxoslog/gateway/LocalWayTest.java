package io.paxoslog.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Whoever sleeps at the other end is woken, once there is something to find. */
class LocalWayTest {
    private static final int BYTES = 1024;

    private final UnsafeBuffer message = new UnsafeBuffer("pear".getBytes(UTF_8));
    private final List<String> foundByClient = new ArrayList<>();
    private int ringsAtNode;
    private int ringsAtClient;
    private final LocalWay way =
            new LocalWay(BYTES, BYTES, BYTES, () -> ringsAtNode++, this::ringAtClient);

    private void ringAtClient() {
        ringsAtClient++;
        way.hear(
                (stream, buffer, offset, length) ->
                        foundByClient.add(buffer.getStringWithoutLengthUtf8(offset, length)),
                1);
    }

    private boolean say() {
        return way.say(message, 2, message, 2, 2);
    }

    @Test
    void eachWordOfTheClientWakesTheNode() {
        assertThat(say()).isTrue();
        assertThat(say()).isTrue();
        assertThat(ringsAtNode).isEqualTo(2);
    }

    @Test
    void whatIsNotTakenWakesNobody() {
        way.end();
        assertThat(say()).isFalse();
        assertThat(ringsAtNode).isZero();
    }

    @Test
    void anAnswerWakesTheClientWhichFindsIt() {
        assertThat(way.link().send(message, message.capacity())).isTrue();
        assertThat(foundByClient).containsExactly("pear");
        assertThat(ringsAtClient).isEqualTo(1);
    }

    @Test
    void whoLeavesWakesTheOther() {
        way.leave();
        assertThat(ringsAtNode).isEqualTo(1);
        way.end();
        assertThat(ringsAtClient).isEqualTo(1);
    }
}
