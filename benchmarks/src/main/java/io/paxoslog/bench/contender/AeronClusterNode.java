package io.paxoslog.bench.contender;

import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.client.AeronArchive;
import io.aeron.cluster.ConsensusModule;
import io.aeron.cluster.client.AeronCluster;
import io.aeron.cluster.service.ClusteredServiceContainer;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.AeronException;
import io.aeron.protocol.DataHeaderFlyweight;
import java.io.File;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;

/** One node of Aeron Cluster: media driver, archive, consensus module and service. */
final class AeronClusterNode implements AutoCloseable {
    private static final int INGRESS_PORT = 0;
    private static final int CONSENSUS_PORT = 1;
    private static final int LOG_PORT = 2;
    private static final int CATCHUP_PORT = 3;
    private static final int ARCHIVE_PORT = 4;

    /** Election status is sent so many times within an election time-out. */
    private static final int STATUSES_PER_ELECTION = 5;

    private final ClusterSettings settings;
    private final int node;
    private final String aeronDir;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private AeronClusterNode(ClusterSettings settings, int node) {
        this.settings = settings;
        this.node = node;
        aeronDir = settings.nodeMemoryDir(node).toString();
    }

    static AutoCloseable start(ClusterSettings settings, int node) {
        AeronClusterNode started = new AeronClusterNode(settings, node);
        try {
            started.launch();
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private void launch() {
        MediaDriver driver = keep(MediaDriver.launch(driverContext()));
        Archive archive = keep(Archive.launch(archiveContext(driver)));
        if (archive.invoker() != null) {
            runOnOneThread(archive.invoker());
        }
        keep(ConsensusModule.launch(consensusModuleContext()));
        keep(ClusteredServiceContainer.launch(serviceContext(driver.context().mtuLength())));
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    /** The archive's invoker also does the work of the driver. */
    private void runOnOneThread(AgentInvoker archive) {
        AgentRunner runner =
                keep(
                        new AgentRunner(
                                idle(),
                                AeronClusterNode::report,
                                null,
                                new InvokedArchive(archive)));
        AgentRunner.startOnThread(runner);
    }

    private boolean isOnOneThread() {
        return settings.threads() == Threads.ONE;
    }

    private MediaDriver.Context driverContext() {
        MediaDriver.Context context =
                new MediaDriver.Context()
                        .aeronDirectoryName(aeronDir)
                        .dirDeleteOnStart(true)
                        .dirDeleteOnShutdown(true)
                        .errorHandler(AeronClusterNode::report);
        AeronTuning.apply(settings, context);
        return context.threadingMode(driverThreads());
    }

    private ThreadingMode driverThreads() {
        if (settings.threads() == null) {
            return ThreadingMode.SHARED;
        }
        return switch (settings.threads()) {
            case ONE -> ThreadingMode.INVOKER;
            case TWO -> ThreadingMode.SHARED;
            case FOUR -> ThreadingMode.DEDICATED;
        };
    }

    private Archive.Context archiveContext(MediaDriver driver) {
        int syncLevel = settings.isSync() ? 1 : 0;
        Archive.Context context =
                new Archive.Context()
                        .aeronDirectoryName(aeronDir)
                        .archiveDir(new File(settings.nodeDir(node).toFile(), "archive"))
                        .controlChannel(udp(ARCHIVE_PORT))
                        .replicationChannel(anyUdp())
                        .recordingEventsEnabled(false)
                        .fileSyncLevel(syncLevel)
                        .catalogFileSyncLevel(syncLevel)
                        .errorHandler(AeronClusterNode::report)
                        .threadingMode(
                                isOnOneThread()
                                        ? ArchiveThreadingMode.INVOKER
                                        : ArchiveThreadingMode.SHARED);
        if (isOnOneThread()) {
            context.mediaDriverAgentInvoker(driver.sharedAgentInvoker());
        }
        if (settings.idle() != null) {
            context.idleStrategySupplier(settings.idle()::newStrategy);
        }
        return context;
    }

    private AeronArchive.Context archiveClientContext() {
        return new AeronArchive.Context()
                .aeronDirectoryName(aeronDir)
                .controlRequestChannel(AeronArchive.Configuration.localControlChannel())
                .controlResponseChannel(AeronArchive.Configuration.localControlChannel());
    }

    private ConsensusModule.Context consensusModuleContext() {
        ConsensusModule.Context context =
                new ConsensusModule.Context()
                        .aeronDirectoryName(aeronDir)
                        .clusterDir(clusterDir())
                        .clusterMemberId(node)
                        .clusterMembers(members())
                        .ingressChannel("aeron:udp")
                        .replicationChannel(anyUdp())
                        .fileSyncLevel(settings.isSync() ? 1 : 0)
                        .archiveContext(archiveClientContext())
                        .errorHandler(AeronClusterNode::report);
        if (settings.idle() != null) {
            context.idleStrategySupplier(settings.idle()::newStrategy);
        }
        setTimeouts(context, settings.timeouts());
        return context;
    }

    private static void setTimeouts(
            ConsensusModule.Context context, ClusterSettings.Timeouts timeouts) {
        if (timeouts.heartbeatMs() != 0) {
            context.leaderHeartbeatIntervalNs(ns(timeouts.heartbeatMs()));
        }
        if (timeouts.leaderMs() != 0) {
            context.leaderHeartbeatTimeoutNs(ns(timeouts.leaderMs()));
        }
        if (timeouts.electionMs() != 0) {
            context.electionTimeoutNs(ns(timeouts.electionMs()))
                    .electionStatusIntervalNs(ns(timeouts.electionMs()) / STATUSES_PER_ELECTION);
        }
    }

    private static long ns(int ms) {
        return TimeUnit.MILLISECONDS.toNanos(ms);
    }

    private ClusteredServiceContainer.Context serviceContext(int mtuBytes) {
        int header = DataHeaderFlyweight.HEADER_LENGTH + AeronCluster.SESSION_HEADER_LENGTH;
        ClusteredServiceContainer.Context context =
                new ClusteredServiceContainer.Context()
                        .aeronDirectoryName(aeronDir)
                        .clusterDir(clusterDir())
                        .archiveContext(archiveClientContext())
                        .clusteredService(new EchoSequencerService(mtuBytes - header))
                        .errorHandler(AeronClusterNode::report);
        if (settings.idle() != null) {
            context.idleStrategySupplier(settings.idle()::newStrategy);
        }
        return context;
    }

    private File clusterDir() {
        return new File(settings.nodeDir(node).toFile(), "cluster");
    }

    private IdleStrategy idle() {
        return (settings.idle() == null ? Idle.BACKOFF : settings.idle()).newStrategy();
    }

    private String members() {
        return settings.nodeNumbers().stream()
                .map(this::endpoints)
                .collect(Collectors.joining("|"));
    }

    private String endpoints(int member) {
        return member
                + ","
                + settings.address(member, INGRESS_PORT)
                + ","
                + settings.address(member, CONSENSUS_PORT)
                + ","
                + settings.address(member, LOG_PORT)
                + ","
                + settings.address(member, CATCHUP_PORT)
                + ","
                + settings.address(member, ARCHIVE_PORT);
    }

    private String udp(int port) {
        return "aeron:udp?endpoint=" + settings.address(node, port);
    }

    private static String anyUdp() {
        return "aeron:udp?endpoint=" + ClusterSettings.anyPort();
    }

    static int ingressPort() {
        return INGRESS_PORT;
    }

    /** Warnings are of the day's business, as when an election begins. */
    private static void report(Throwable error) {
        if (!(error instanceof AeronException known)
                || known.category() != AeronException.Category.WARN) {
            System.err.println(error);
        }
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(opened);
    }
}
