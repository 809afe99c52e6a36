package io.paxoslog.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.PaxosClient;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Membership;
import io.paxoslog.core.PeerMessages;
import io.paxoslog.log.JournalInspector;
import io.paxoslog.media.Forger;
import io.paxoslog.transport.ForgedFrames;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Well-formed messages under the names of members, to running nodes, from outside. */
@Timeout(180)
@Isolated
class ForgedPeersTest {
    private static final int TIMEOUT_MS = 60_000;
    private static final int STREAM = 1;
    private static final long HIGHEST = Ballot.MAX_ROUND;
    private static final Map<Setting<?>, Object> PATIENT =
            Map.of(Settings.ELECTION_TIMEOUT_MS, 600, Settings.HEARTBEAT_MS, 100);

    @TempDir Path directory;

    private final Forger stranger = new Forger();
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final long[] identities = new long[3];
    private TestNodes nodes;
    private long clusterId;
    private int session = 1_000;

    /**
     * A cluster that has stopped once, so that its directories tell what a stranger may overhear.
     */
    @BeforeEach
    void start() {
        System.setErr(new PrintStream(lines, true, UTF_8));
        nodes = new TestNodes(directory, 3, PATIENT);
        nodes.startAll();
        nodes.awaitLeader();
        nodes.awaitApplied(1);
        nodes.stopAll();
        for (int id = 1; id <= 3; id++) {
            long incarnation =
                    JournalInspector.inspect(nodes.directoryOf(id), (e, b) -> {}).incarnation();
            identities[id - 1] = MemberId.of(id, incarnation);
        }
        JournalInspector.committed(nodes.directoryOf(1), this::learnCluster);
        nodes.startAll();
        nodes.awaitLeader();
    }

    private void learnCluster(Batch batch) {
        if (batch.kind() == Batch.MEMBERSHIP) {
            clusterId =
                    Membership.decode(
                                    batch.buffer(),
                                    Batch.ENTRY_PREFIX_BYTES,
                                    batch.length() - Batch.ENTRY_PREFIX_BYTES)
                            .clusterId();
        }
    }

    @AfterEach
    void stop() {
        nodes.close();
        stranger.close();
        System.setErr(err);
    }

    @Test
    void theHighestBallotThereIsStopsNobodyAndIsNotRecorded() {
        for (int name = 1; name <= 3; name++) {
            long from = identities[name - 1];
            long ballot = Ballot.of(HIGHEST, name);
            Batch noOp = new Batch().slots(ballot, 1, 1).value(Batch.NO_OP, ballot, 0).noBytes();
            sendToAll(
                    List.of(
                            m -> m.prepare(from, ballot, 1),
                            m -> m.accept(from, noOp, 1),
                            m -> m.nack(from, ballot),
                            m -> m.heartbeat(from, ballot, 1, 0, true, 0, 0, 0, 0),
                            m -> m.canvass(from, ballot, 0),
                            m -> m.canvassed(from, ballot, false, ballot, 0),
                            m -> m.survey(from, ballot),
                            m -> m.vouch(from, 1, ballot),
                            m -> m.question(from, 1),
                            m -> m.prepare(from, ballot, 1)));
        }
        append();
        nodes.await("it is said", () -> lines.toString(UTF_8).contains("somebody forges messages"));
        nodes.stopAll();
        for (int id = 1; id <= 3; id++) {
            JournalInspector.Totals totals =
                    JournalInspector.inspect(nodes.directoryOf(id), (e, b) -> {});
            assertThat(Ballot.round(totals.promised())).isLessThan(1_000);
            assertThat(Ballot.round(totals.campaigned())).isLessThan(1_000);
        }
        nodes.startAll();
        append();
    }

    @Test
    void whatStrangersSayOfIdentitiesAndClustersStopsNobody() {
        long other = 12_345;
        for (int name = 1; name <= 3; name++) {
            long from = identities[name - 1];
            long forged = MemberId.of(name, 77);
            for (int listener = 1; listener <= 3; listener++) {
                long invented = MemberId.of(listener, 78);
                send(listener, clusterId, m -> m.stranger(from, invented, other));
                send(listener, other, m -> m.stranger(forged, invented, other));
                send(listener, other, m -> m.canvass(forged, Ballot.of(5, 2), 0));
                send(listener, other, m -> m.canvass(from, Ballot.of(5, 2), 0));
            }
        }
        append();
        nodes.await("it is said", () -> lines.toString(UTF_8).contains("warning: not believed"));
        nodes.await("it is said", () -> lines.toString(UTF_8).contains("warning: not heard"));
        assertThat(nodes.running()).hasSize(3).allMatch(PaxosNode::isRunning);
    }

    private void sendToAll(List<Consumer<PeerMessages>> messages) {
        for (Member member : nodes.config(1).members()) {
            int link = connect(member.port());
            int offset = 0;
            for (Consumer<PeerMessages> message : messages) {
                byte[] frame = ForgedFrames.of(clusterId, message);
                byte[] datagram = Forger.message(STREAM, link, offset, frame);
                stranger.send(member.port(), datagram);
                offset += datagram.length;
                append();
            }
        }
    }

    private void send(int listener, long cluster, Consumer<PeerMessages> message) {
        int port = nodes.config(listener).self().port();
        byte[] frame = ForgedFrames.of(cluster, message);
        stranger.send(port, Forger.message(STREAM, connect(port), 0, frame));
    }

    /** As a publication that is its own driver. */
    private int connect(int port) {
        int link = ++session;
        int echoes = stranger.echoes();
        stranger.send(port, Forger.setup(STREAM, link));
        nodes.await(
                "the node looks where the stranger is",
                () -> {
                    stranger.answer();
                    return stranger.echoes() > echoes;
                });
        return link;
    }

    private void append() {
        try (PaxosClient client = PaxosClient.connect(nodes.addresses())) {
            assertThat(client.append("pear".getBytes(US_ASCII), TIMEOUT_MS).slot()).isPositive();
        }
    }
}
