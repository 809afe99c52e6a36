package io.paxoslog.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.client.CommandsEncoder;
import io.paxoslog.codecs.client.HelloEncoder;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * Noise on the port for clients: what is no datagram of Aeron's, and what is no message of ours.
 */
class IngressNoiseTest {

    @Test
    void noiseIsCountedAndTheClientGoesOn() throws Exception {
        List<Long> replies = new ArrayList<>();
        try (FakeCluster cluster = new FakeCluster(1)) {
            ClientConfig config = ClientConfig.of(cluster.addresses());
            PaxosClient client =
                    PaxosClient.start(
                            config, (sequence, slot, b, offset, length) -> replies.add(sequence));
            cluster.runUntil(client::isConnected, client);
            sendNoise(cluster.addresses().get(0));
            speakNonsense(cluster, config);
            UnsafeBuffer command = new UnsafeBuffer(new byte[10]);
            for (int i = 0; i < 100; i++) {
                client.offer(command, 0, 10);
            }
            cluster.runUntil(() -> client.unanswered() == 0, client);
            assertThat(replies).hasSize(100);
            assertThat(cluster.node(1).gateway.malformedFrames()).isGreaterThanOrEqualTo(500);
            client.abandon();
        }
    }

    @Test
    void answersThatCannotBeSentHurtNobody() {
        try (FakeCluster cluster = new FakeCluster(1)) {
            ClientConfig config = ClientConfig.of(cluster.addresses());
            for (String endpoint :
                    List.of(
                            "224.0.0.1:4000",
                            "255.255.255.255:4000",
                            "0.0.0.0:4000",
                            "[1::2::3]:4000",
                            "[::ffff]:65535")) {
                sayHello(cluster, config, endpoint);
            }
            PaxosClient client = PaxosClient.start(config, (a, b, c, d, e) -> {});
            client.offer(new UnsafeBuffer(new byte[10]), 0, 10);
            cluster.runUntil(() -> client.unanswered() == 0, client);
            client.abandon();
        }
    }

    private static void sayHello(FakeCluster cluster, ClientConfig config, String endpoint) {
        try (ClientTransport transport = new ClientTransport(config, new Guard("test"))) {
            MemberPublication line = transport.connect(cluster.addresses().get(0), 0);
            UnsafeBuffer message = new UnsafeBuffer(new byte[128]);
            HelloEncoder hello =
                    new HelloEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder());
            hello.link(7).protocolVersion(1).responseEndpoint(endpoint);
            int length = MessageHeaderEncoder.ENCODED_LENGTH + hello.encodedLength();
            cluster.runUntil(
                    () -> {
                        transport.invoke();
                        return line.send(message, length);
                    });
            // Long enough to be heard, and for the link to be tried.
            for (int i = 0; i < 200; i++) {
                transport.invoke();
                cluster.turn();
            }
            line.close();
        }
    }

    /** Datagrams straight to the port. */
    private static void sendNoise(String member) throws Exception {
        Random random = new Random(5);
        int port = MemberAddress.port(MemberAddress.ingress(member));
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 500; i++) {
                byte[] noise = new byte[random.nextInt(1400)];
                random.nextBytes(noise);
                InetAddress loopback = InetAddress.getLoopbackAddress();
                socket.send(new DatagramPacket(noise, noise.length, loopback, port));
            }
        }
    }

    /** Random bytes and truncated messages, well packed by Aeron. */
    private static void speakNonsense(FakeCluster cluster, ClientConfig config) {
        Random random = new Random(6);
        try (ClientTransport transport = new ClientTransport(config, new Guard("test"))) {
            MemberPublication line = transport.connect(cluster.addresses().get(0), 0);
            UnsafeBuffer noise = new UnsafeBuffer(new byte[1024]);
            for (int said = 0; said < 500; ) {
                random.nextBytes(noise.byteArray());
                if (said % 2 == 0) {
                    new CommandsEncoder()
                            .wrapAndApplyHeader(noise, 0, new MessageHeaderEncoder())
                            .session(1)
                            .firstSequence(1);
                }
                int length = said % 2 == 0 ? 8 + random.nextInt(24) : random.nextInt(1024);
                said += line.send(noise, length) ? 1 : 0;
                transport.invoke();
                cluster.turn();
            }
            cluster.runUntil(() -> cluster.node(1).gateway.malformedFrames() >= 500);
            line.close();
        }
    }
}
