package io.paxoslog.bench.contender;

import io.aeron.Aeron;
import io.aeron.cluster.client.AeronCluster;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.paxoslog.media.MediaTurns;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.LangUtil;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.NoOpLock;

/** A client of Aeron Cluster whose driver and conductor run when it is polled. */
final class AeronClusterClient implements LoadClient {
    private static final long CONNECT_NS = TimeUnit.SECONDS.toNanos(60);

    /** Replies are polled in handfuls; a turn of the driver may bring many. */
    private static final int POLLS_PER_TURN = 32;

    private final MediaDriver driver;
    private final AgentInvoker driverInvoker;
    private final MediaTurns turns = new MediaTurns();
    private final Aeron aeron;
    private final ClusterSettings settings;
    private final ReplyHandler replies;
    private AeronCluster cluster;
    private AeronCluster.AsyncConnect connecting;

    private AeronClusterClient(ClusterSettings settings, ReplyHandler replies) {
        this.settings = settings;
        this.replies = replies;
        driver = MediaDriver.launch(turns.setUp(driverContext(settings)));
        driverInvoker = driver.sharedAgentInvoker();
        try {
            aeron = Aeron.connect(aeronContext());
            turns.drive(driver, aeron);
            cluster = AeronCluster.connect(clusterContext());
        } catch (RuntimeException e) {
            CloseHelper.quietClose(driver);
            throw e;
        }
    }

    static LoadClient connect(ClusterSettings settings, ReplyHandler replies) {
        return new AeronClusterClient(settings, replies);
    }

    private static MediaDriver.Context driverContext(ClusterSettings settings) {
        MediaDriver.Context context =
                new MediaDriver.Context()
                        .aeronDirectoryName(settings.clientMemoryDir().toString())
                        .dirDeleteOnStart(true)
                        .dirDeleteOnShutdown(true);
        AeronTuning.apply(settings, context);
        return context.threadingMode(ThreadingMode.INVOKER);
    }

    private Aeron.Context aeronContext() {
        return new Aeron.Context()
                .aeronDirectoryName(driver.aeronDirectoryName())
                .useConductorAgentInvoker(true)
                .clientLock(NoOpLock.INSTANCE)
                .driverAgentInvoker(driverInvoker);
    }

    private AeronCluster.Context clusterContext() {
        return new AeronCluster.Context()
                .aeron(aeron)
                .ownsAeronClient(false)
                .agentInvoker(turnsInvoker())
                .ingressChannel("aeron:udp")
                .ingressEndpoints(endpoints(settings))
                .egressChannel("aeron:udp?endpoint=" + ClusterSettings.anyPort())
                .messageTimeoutNs(CONNECT_NS)
                .newLeaderTimeoutNs(CONNECT_NS)
                .egressListener(
                        (session, timestamp, buffer, offset, length, header) ->
                                replies.onReply(buffer, offset, length));
    }

    /** While it connects, the cluster's client gives driver and conductor their turns. */
    private AgentInvoker turnsInvoker() {
        Agent agent =
                new Agent() {
                    @Override
                    public int doWork() {
                        return turns.invoke();
                    }

                    @Override
                    public String roleName() {
                        return "turns";
                    }
                };
        AgentInvoker invoker = new AgentInvoker(LangUtil::rethrowUnchecked, null, agent);
        invoker.start();
        return invoker;
    }

    private static String endpoints(ClusterSettings settings) {
        return settings.nodeNumbers().stream()
                .map(node -> node + "=" + settings.address(node, AeronClusterNode.ingressPort()))
                .collect(Collectors.joining(","));
    }

    @Override
    public boolean offer(DirectBuffer command, int offset, int length) {
        return !cluster.isClosed() && cluster.offer(command, offset, length) > 0;
    }

    @Override
    public int poll() {
        int work = turns.invoke();
        if (cluster.isClosed()) {
            return work + reconnect();
        }
        for (int i = 0; i < POLLS_PER_TURN; i++) {
            int heard = cluster.pollEgress();
            work += heard;
            if (heard == 0) {
                break;
            }
        }
        return work;
    }

    /** A cluster that changes its leader may close sessions; what was in flight is lost then. */
    private int reconnect() {
        if (connecting == null) {
            connecting = AeronCluster.asyncConnect(clusterContext());
        }
        AeronCluster connected = connecting.poll();
        if (connected == null) {
            return 0;
        }
        cluster = connected;
        connecting = null;
        return 1;
    }

    @Override
    public int leader() {
        return cluster.leaderMemberId();
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(connecting, cluster, aeron, driver);
    }
}
