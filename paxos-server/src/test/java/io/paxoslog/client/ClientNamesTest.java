package io.paxoslog.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.media.HostNames;
import io.paxoslog.media.ScriptedLookup;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members by names that come late, never, or move. */
@Timeout(60)
class ClientNamesTest {
    private static final ReplyListener NOBODY = (sequence, slot, reply, offset, length) -> {};

    private final FakeCluster cluster = new FakeCluster(1);
    private final ScriptedLookup lookup = new ScriptedLookup();

    /** Time flies, so that what is asked again is asked soon. */
    private final HostNames names = new HostNames(lookup, () -> 1_000 * System.nanoTime());

    @AfterEach
    void close() {
        cluster.close();
    }

    private ClientConfig config(int connectMs) {
        String port = cluster.addresses().get(0).replaceFirst(".*:", "");
        return ClientConfig.of(List.of("member:" + port)).withTimeouts(250, 2_000, connectMs);
    }

    @Test
    void connectsOnceTheNameIsThere() {
        connectsOnceAnswered();
    }

    @Test
    void connectsOnceASilentServerOfNamesAnswers() {
        lookup.hang("member");
        connectsOnceAnswered();
    }

    private void connectsOnceAnswered() {
        PaxosClient client = PaxosClient.start(config(10_000), NOBODY, names);
        try {
            for (int i = 0; i < 1_000; i++) {
                cluster.turn();
                client.poll();
            }
            assertThat(client.isConnected()).isFalse();
            lookup.answer("member", "127.0.0.1");
            cluster.runUntil(client::isConnected, client);
        } finally {
            client.abandon();
        }
    }

    @Test
    void saysWhichNameNobodyKnows() {
        assertThatThrownBy(() -> PaxosClient.connect(config(100), NOBODY, names))
                .isInstanceOfSatisfying(
                        ClientException.class,
                        e -> assertThat(e.error()).isEqualTo(ClientError.NO_ANSWER))
                .hasMessageContaining("member");
    }

    @Test
    void followsAMemberThatMoved() {
        lookup.answer("member", "127.0.0.2");
        PaxosClient client = PaxosClient.start(config(10_000), NOBODY, names);
        try {
            for (int i = 0; i < 1_000; i++) {
                cluster.turn();
                client.poll();
            }
            assertThat(client.isConnected()).isFalse();
            lookup.answer("member", "127.0.0.1");
            cluster.runUntil(client::isConnected, client);
        } finally {
            client.abandon();
        }
    }

    /** As of a member that joined: its way is not begun anew half a second later. */
    @Test
    void aWayOpensAsSoonAsItsNameIsThere() {
        Guard guard = new Guard("a test");
        guard.enter();
        try (ClientTransport transport =
                new ClientTransport(ClientConfig.of(cluster.addresses()), names, guard)) {
            MemberPublication way = transport.connect("later:9000", 0);
            assertThat(way.isOpen()).isFalse();
            assertThat(way.isBroken()).isFalse();
            lookup.answer("later", "127.0.0.1");
            while (!way.isOpen()) {
                transport.invoke();
            }
            way.close();
        } finally {
            guard.leave();
        }
    }
}
