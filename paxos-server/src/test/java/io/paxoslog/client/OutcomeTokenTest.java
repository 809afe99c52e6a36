package io.paxoslog.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.paxoslog.client.PaxosOutcome.Fate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutcomeTokenTest {
    private static final int PATIENCE_MS = 20_000;
    private static final byte[] COMMAND = "pear".getBytes(UTF_8);

    private final FakeCluster cluster = new FakeCluster(1);
    private FakeCluster.Crew crew;

    @AfterEach
    void close() {
        if (crew != null) {
            crew.close();
        }
        cluster.close();
    }

    @Test
    void aTokenIsOneWordAndComesBackFromIt() {
        for (OutcomeToken token :
                List.of(
                        new OutcomeToken(1, 2, 3, 4, 5),
                        new OutcomeToken(-1, Long.MAX_VALUE, 1, Long.MIN_VALUE, -5))) {
            assertThat(token.text()).matches("[0-9a-f-]+");
            assertThat(OutcomeToken.parse(token.text())).isEqualTo(token);
        }
        assertThat(new OutcomeToken(1, 2, 3, 0xabcdefL, 5).toString()).doesNotContain("abcdef");
    }

    @Test
    void whatIsNoTokenIsRefusedInOneLine() {
        String right = new OutcomeToken(1, 2, 3, 4, 5).text();
        for (String wrong :
                List.of(
                        "",
                        "x",
                        right + "0",
                        right.substring(1),
                        right + "-1",
                        "-" + right,
                        "1-2-3-4-5")) {
            assertThatThrownBy(() -> OutcomeToken.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("no outcome token")
                    .hasMessageNotContaining("\n");
        }
    }

    /** The command is held up; its client gives up, and learns afterwards what became of it. */
    @Test
    void whatTimedOutCanBeAskedForLater() {
        crew = cluster.new Crew();
        PaxosClient client = PaxosClient.connect(cluster.addresses());
        assertThat(client.tokenOf(1)).isNull();
        cluster.choose(false);
        ClientException timedOut =
                catchThrowableOfType(ClientException.class, () -> client.append(COMMAND, 300));
        assertThat(timedOut.error()).isEqualTo(ClientError.TIMED_OUT);
        OutcomeToken token = OutcomeToken.parse(timedOut.token().text());
        assertThat(client.tokenOf(1)).isEqualTo(token);
        cluster.choose(true);
        PaxosOutcome.Outcome outcome = ask(token);
        assertThat(outcome.fate()).isEqualTo(Fate.APPLIED);
        assertThat(outcome.slot()).isEqualTo(3);
        assertThat(outcome.reply()).hasSize(Long.BYTES);
        // The client still has its session.
        assertThat(client.append(COMMAND, PATIENCE_MS).slot()).isPositive();
        OutcomeToken next =
                new OutcomeToken(
                        token.clusterId(),
                        token.session(),
                        99,
                        token.secretHigh(),
                        token.secretLow());
        assertThat(ask(next).fate()).isEqualTo(Fate.NOT_YET);
        client.close();
        assertThat(ask(token).fate()).isEqualTo(Fate.REPLY_GONE);
        assertThat(ask(next).fate()).isEqualTo(Fate.NEVER);
    }

    private PaxosOutcome.Outcome ask(OutcomeToken token) {
        return PaxosOutcome.ask(cluster.addresses(), token, PATIENCE_MS);
    }

    @Test
    void whoeverLacksTheSecretIsToldNothing() {
        crew = cluster.new Crew();
        try (PaxosClient client = PaxosClient.connect(cluster.addresses())) {
            client.append(COMMAND, PATIENCE_MS);
            OutcomeToken token = client.tokenOf(1);
            OutcomeToken guessed =
                    new OutcomeToken(token.clusterId(), token.session(), 1, 4711, 4711);
            assertThat(ask(token).fate()).isEqualTo(Fate.APPLIED);
            assertThat(ask(guessed).fate()).isEqualTo(Fate.NOT_KNOWN);
        }
    }

    @Test
    void withoutASessionNothingWasSentAndThereIsNoToken() {
        cluster.lead(0);
        crew = cluster.new Crew();
        try (PaxosClient client =
                PaxosClient.start(ClientConfig.of(cluster.addresses()), (a, b, c, d, e) -> {})) {
            ClientException timedOut =
                    catchThrowableOfType(ClientException.class, () -> client.append(COMMAND, 100));
            assertThat(timedOut.token()).isNull();
        }
    }
}
