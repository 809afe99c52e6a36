package io.paxoslog.bench.contender;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.server.NodeConfig;
import io.paxoslog.server.PaxosLog;
import io.paxoslog.server.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

/** PaxosLog as an embedding program starts it. */
final class PaxosLogContender implements Contender {
    /** A session has to have room for the replies too. */
    private static final int LARGEST_WINDOW_BYTES = 2 << 20;

    private static final int COMMAND_HEADER_BYTES = 4;
    private static final int CONNECT_MS = (int) TimeUnit.SECONDS.toMillis(60);

    @Override
    public AutoCloseable startNode(ClusterSettings settings, int node) {
        int entries = settings.state().entries();
        return PaxosLog.launch(
                config(settings, node),
                entries == 0 ? new EchoSequencer() : new MapSequencer(entries));
    }

    private static NodeConfig config(ClusterSettings settings, int node) {
        NodeConfig.Builder config =
                NodeConfig.builder()
                        .set(Settings.ID, node + 1)
                        .set(Settings.MEMBERS, members(settings))
                        .set(Settings.DIR, settings.nodeDir(node))
                        .set(Settings.AERON_PARENT, madeParent(settings))
                        .set(Settings.DURABILITY, settings.durability())
                        .set(Settings.APPLY, settings.apply());
        if (settings.threads() != null) {
            config.set(Settings.THREADS, text(settings.threads()));
        }
        if (settings.idle() != null) {
            config.set(Settings.IDLE, text(settings.idle()));
        }
        if (settings.mtuBytes() != 0) {
            config.set(Settings.MTU_BYTES, settings.mtuBytes());
        }
        if (settings.state().snapshotSlots() != 0) {
            config.set(Settings.SNAPSHOT_SLOTS, settings.state().snapshotSlots());
        }
        setTimeouts(config, settings.timeouts());
        return config.build();
    }

    private static void setTimeouts(NodeConfig.Builder config, ClusterSettings.Timeouts timeouts) {
        if (timeouts.heartbeatMs() != 0) {
            config.set(Settings.HEARTBEAT_MS, timeouts.heartbeatMs());
        }
        if (timeouts.leaderMs() != 0) {
            // A node draws its time-out between this setting and twice as much.
            config.set(Settings.ELECTION_TIMEOUT_MS, timeouts.leaderMs() * 2 / 3);
        }
    }

    private static String members(ClusterSettings settings) {
        return settings.nodeNumbers().stream()
                .map(node -> node + 1 + "=" + settings.address(node, 0))
                .collect(Collectors.joining(","));
    }

    private static String madeParent(ClusterSettings settings) {
        try {
            return Files.createDirectories(settings.memoryDir()).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String campaignWords() {
        return "canvassing ballot";
    }

    @Override
    public String leadWords() {
        return "leading ballot";
    }

    @Override
    public LoadClient connect(ClusterSettings settings, ReplyHandler replies) {
        List<String> members =
                settings.nodeNumbers().stream().map(node -> settings.address(node, 0)).toList();
        ClientConfig standard = ClientConfig.of(members);
        ClientConfig config =
                new ClientConfig(
                        members,
                        settings.window(),
                        windowBytes(settings),
                        standard.silenceMs(),
                        standard.resendMs(),
                        CONNECT_MS,
                        settings.mtuBytes() == 0 ? standard.mtuBytes() : settings.mtuBytes(),
                        standard.bind(),
                        standard.advertisedPort(),
                        standard.errorHandler());
        return new Client(
                PaxosClient.connect(
                        config,
                        (sequence, slot, reply, offset, length) ->
                                replies.onReply(reply, offset, length)));
    }

    private static int windowBytes(ClusterSettings settings) {
        long wanted = (long) settings.window() * (settings.payloadBytes() + COMMAND_HEADER_BYTES);
        return BitUtil.findNextPositivePowerOfTwo(
                (int) Math.min(LARGEST_WINDOW_BYTES, Math.max(wanted, 1 << 16)));
    }

    private record Client(PaxosClient client) implements LoadClient {
        @Override
        public boolean offer(DirectBuffer command, int offset, int length) {
            return client.offer(command, offset, length) > 0;
        }

        @Override
        public int poll() {
            int work = client.poll();
            if (client.hasEnded()) {
                throw new IllegalStateException("the client ended: " + client.endedBy());
            }
            return work;
        }

        @Override
        public int leader() {
            return client.leader() - 1;
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
