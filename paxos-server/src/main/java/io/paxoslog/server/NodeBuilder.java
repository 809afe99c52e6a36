package io.paxoslog.server;

import io.aeron.exceptions.AeronException;
import io.paxoslog.apply.ApplyFeed;
import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.apply.ApplySide;
import io.paxoslog.apply.HandOver;
import io.paxoslog.core.Base;
import io.paxoslog.core.Batch;
import io.paxoslog.core.KnownVersions;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.NonceKey;
import io.paxoslog.core.Replica;
import io.paxoslog.core.ReplicaConfig;
import io.paxoslog.core.SyncRule;
import io.paxoslog.gateway.ClientGateway;
import io.paxoslog.gateway.CommittedReader;
import io.paxoslog.gateway.GatewayConfig;
import io.paxoslog.gateway.NodeStatus;
import io.paxoslog.log.ChronicleJournal;
import io.paxoslog.log.JournalConfig;
import io.paxoslog.log.JournalException;
import io.paxoslog.log.JournalReader;
import io.paxoslog.media.HostNames;
import io.paxoslog.media.MediaDirectory;
import io.paxoslog.media.MediaPlaces;
import io.paxoslog.media.MediaRoom;
import io.paxoslog.media.TermLength;
import io.paxoslog.metrics.ApplyCounters;
import io.paxoslog.metrics.ReplicaCounters;
import io.paxoslog.service.Halt;
import io.paxoslog.service.SessionLimits;
import io.paxoslog.service.StateMachine;
import io.paxoslog.transport.Admission;
import io.paxoslog.transport.JournalPositions;
import io.paxoslog.transport.PeerCounters;
import io.paxoslog.transport.PeerTransport;
import io.paxoslog.transport.TransportConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.agrona.BitUtil;
import org.agrona.concurrent.SystemNanoClock;

/** Puts a node together, and takes it apart again when a part cannot be had. */
final class NodeBuilder {
    private static final int RING_BYTES = 16 << 20;
    private static final int LEAST_FACT_BYTES = 4 << 20;
    private static final int APPLY_READ_BYTES = 256 << 10;
    private static final long LARGEST_QUEUE_BYTES = 1 << 30;

    /** A promise may have to carry everything that a replica keeps in memory. */
    private static final long QUEUE_PER_OPEN_BYTE = 4;

    private final NodeConfig config;
    private final StateMachine app;
    private final Supplier<? extends StateMachine> fresh;
    private final KnownVersions knows;
    private final NodeLog log;
    private final StopRequest stop = new StopRequest();
    private final SecureRandom random = new SecureRandom();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final HandOver handOver;

    private final HostNames names;
    private final String ownHost;

    /**
     * @param fresh makes state machines like {@code app}, or null
     * @param ownHost where this node listens, as a number
     */
    private NodeBuilder(
            NodeConfig config,
            StateMachine app,
            Supplier<? extends StateMachine> fresh,
            KnownVersions knows,
            NodeLog log,
            HostNames names,
            String ownHost) {
        this.config = config;
        this.names = names;
        this.ownHost = ownHost;
        this.app = app;
        this.fresh = fresh;
        this.knows = knows;
        this.log = log;
        handOver = handOver(config);
    }

    /** Any batch has to fit, also one that another node with other settings has proposed. */
    private static HandOver handOver(NodeConfig config) {
        int largestReply = ApplySide.messageBytes(SessionLimits.MOST_REPLY_BYTES);
        return new HandOver(
                HandOver.ringFor(config.get(Settings.BATCH_BYTES), RING_BYTES),
                HandOver.ringFor(largestReply, LEAST_FACT_BYTES));
    }

    static PaxosNode launch(NodeConfig config, StateMachine app, NodeLog log, HostNames names) {
        return launch(config, app, null, KnownVersions.OF_BUILD, log, names);
    }

    /**
     * @param fresh makes state machines like {@code app}, or null
     * @param build which versions the build knows; the state machine says which ones it does
     */
    static PaxosNode launch(
            NodeConfig config,
            StateMachine app,
            Supplier<? extends StateMachine> fresh,
            KnownVersions build,
            NodeLog log,
            HostNames names) {
        // Before anything on disk is touched.
        KnownVersions knows = knownTo(app, build);
        Descriptors.require(config, log::line);
        InetAddress own = MemberHosts.requireOwn(config, names);
        Ports.requireFree(config.listens(), own);
        NodeBuilder builder =
                new NodeBuilder(config, app, fresh, knows, log, names, HostNames.text(own));
        try {
            return builder.start();
        } catch (JournalException e) {
            builder.close();
            throw new StartException(reasonOf(e.kind()), e.getMessage(), e);
        } catch (AeronException e) {
            builder.close();
            throw new StartException(
                    StartException.Reason.MEDIA,
                    "no stream can be opened: " + e.getMessage().replace('\n', ' '),
                    e);
        } catch (RuntimeException e) {
            builder.close();
            throw e;
        } catch (Error e) {
            builder.close();
            throw new StartException(
                    StartException.Reason.MACHINE,
                    "the node cannot start: " + Failures.cause(e),
                    e);
        }
    }

    private static KnownVersions knownTo(StateMachine app, KnownVersions build) {
        try {
            return build.withApplication(app.newestVersion());
        } catch (RuntimeException | Error e) {
            throw new StartException(
                    StartException.Reason.MACHINE,
                    "the state machine does not say which version it knows: " + Failures.cause(e),
                    e);
        }
    }

    private static StartException.Reason reasonOf(JournalException.Kind kind) {
        return switch (kind) {
            case OTHER_NODE -> StartException.Reason.FOREIGN_DIRECTORY;
            case LOCKED -> StartException.Reason.LOCKED;
            case DAMAGED -> StartException.Reason.DAMAGED;
            case NEWER_FORMAT -> StartException.Reason.NEWER_FORMAT;
            case ABSENT, COMPACTED, NOT_WRITABLE, DISK -> StartException.Reason.DIRECTORY;
        };
    }

    /** Gives everything back, what was taken last first. */
    private void close() {
        for (AutoCloseable part : opened) {
            try {
                part.close();
            } catch (Exception | Error e) {
                // What is left is given back all the same.
                log.line("while stopping: " + Failures.inOneLine(e));
            }
        }
    }

    /** A node that was refused leaves no new directory behind. */
    private void close(ChronicleJournal journal) {
        if (stop.isMade() && stop.reason().isEmpty()) {
            journal.close();
        } else {
            journal.discardIfUnused();
        }
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    private PaxosNode start() {
        Rest rest = keep(Rest.of(config));
        RoomWatch roomWatch = new RoomWatch(log::line, SystemNanoClock.INSTANCE, rest::wake);
        ChronicleJournal journal = ChronicleJournal.open(journalConfig(), roomWatch);
        opened.push(() -> close(journal));
        NodeSnapshots snapshots = keep(NodeSnapshots.open(config, log));
        Media media = keep(media(rest));
        ReplicaCounters counters = new ReplicaCounters(media.aeron()::addCounter, config.id());
        ApplyCounters applyCounters = new ApplyCounters(media.aeron()::addCounter, config.id());
        DamageWatch damage = new DamageWatch(log, counters, System.nanoTime());
        JournalReader reader = keep(journal.newReader(damage));
        long self = MemberId.of(config.id(), journal.incarnation());
        PeerTransport peers = keep(transport(self, media, journal, reader, snapshots, counters));
        JournalReader applyReader = keep(journal.newReader(damage));
        ApplyOrders orders = new ApplyOrders(handOver);
        ApplyFeed feed =
                new ApplyFeed(
                        orders,
                        applyReader::read,
                        snapshots.own()::newestBelow,
                        0,
                        APPLY_READ_BYTES);
        LeaseNote granted = LeaseNote.read(config.get(Settings.DIR));
        ReplicaConfig replicaConfig =
                replicaConfig(self, journal.base())
                        .leasing(config.get(Settings.LEASE_MS), granted.longestMs());
        Ticks ticks = new Ticks(SystemNanoClock.INSTANCE);
        Replica replica =
                new Replica(
                        replicaConfig,
                        journal,
                        peers.peers(),
                        feed,
                        peers.stored(),
                        peers.snapshots(),
                        new NodeEvents(log, counters, stop));
        replica.priority(config.get(Settings.PRIORITY));
        Recovery.replay(
                journal, replica, replicaConfig, config.get(Settings.DIR), snapshots.newest());
        if (snapshots.newest() != null) {
            feed.jumped(snapshots.newestSlot());
        }
        replica.keeps(journal.firstKept(), snapshots.newestSlot());
        replica.runs(journal.runs(), journal.forcedRecords());
        damage.started(journal, replica, snapshots.newestSlot());
        Scrubber scrubber =
                keep(
                        new Scrubber(
                                config,
                                journal,
                                snapshots.store(),
                                damage,
                                counters::scrubbed,
                                log::line));
        SyncWatch syncWatch =
                new SyncWatch(counters, journal.appendedPosition(), replica.lastSlot());
        JoinInquiry join =
                config.isJoining() ? keep(new JoinInquiry(config, self, log, stop)) : null;
        MembersWatch members =
                new MembersWatch(config.self(), config.members(), peers, log::line, join);
        LiveStatus status =
                new LiveStatus(
                        config, journal, syncWatch, feed, applyCounters, damage, scrubber, members);
        peers.connect(replica, admissionOf(replica), replica::spokenCluster);
        ClientGateway clients =
                keep(clients(media, journal, damage, replica, ticks, orders, status));
        clients.door().onWord(rest::wake);
        replica.tellReads(clients.reads());
        ApplyWatch applyWatch = new ApplyWatch(log::line, applyCounters, clients::describeRead);
        LogKeeper keeper =
                new LogKeeper(
                        config,
                        journal,
                        snapshots,
                        orders,
                        feed,
                        clients.applied(),
                        replica,
                        () -> Math.min(peers.lowestCursor(), clients.lowestTail()),
                        log::line,
                        System.nanoTime());
        status.keptBy(keeper);
        LocalTails localTails =
                keep(LocalTails.open(config, journal, clients.applied(), log::line));
        peers.takeSnapshotsFor(snapshots.takerFor(replica));
        snapshots.start();
        scrubber.start();
        if (join != null) {
            join.start(replica);
        }
        granted.raise(config.get(Settings.LEASE_MS));
        NodeParts parts =
                new NodeParts(
                        ticks,
                        media,
                        peers,
                        clients,
                        journal,
                        replica,
                        feed,
                        keep(applying(orders, clients, applyWatch, snapshots, rest)),
                        applyWatch,
                        keeper,
                        localTails,
                        counters,
                        syncWatch,
                        roomWatch,
                        damage,
                        scrubber,
                        members,
                        new Farewell(config.get(Settings.HAND_OVER_MS)),
                        new VersionWatch(log::line));
        return run(parts, rest);
    }

    private Media media(Rest rest) {
        MediaRoom room = mediaRoom();
        try {
            MediaDirectory directory = mediaDirectory(room);
            opened.push(directory);
            return new Media(
                    config, directory.driver(), room, names, log, stop::because, rest.bell());
        } catch (IOException | RuntimeException | Error e) {
            throw new StartException(
                    StartException.Reason.MEDIA,
                    "the media driver cannot keep its buffers (%s): see setting %s, or choose smaller %s and %s"
                            .formatted(
                                    Failures.message(e),
                                    Settings.AERON_PARENT,
                                    Settings.BATCH_BYTES,
                                    Settings.TERM_BYTES),
                    e);
        }
    }

    private MediaDirectory mediaDirectory(MediaRoom room) throws IOException {
        Path configured = config.get(Settings.AERON_PARENT);
        String use = "node-" + config.id();
        return configured.toString().isEmpty()
                ? new MediaPlaces().take(room, use, line -> log.line("warning: " + line))
                : room.take(configured, use);
    }

    /** Three streams to and from every other node, and one to and from a first client. */
    private MediaRoom mediaRoom() {
        int others = Math.max(config.members().size() - 1, config.join().size());
        int peers = 2 * 3 * others;
        int clients = 2 * 2 * config.get(Settings.CLIENTS);
        return MediaRoom.of(peers + clients, peers, config.get(Settings.TERM_BYTES))
                .plus(2, TermLength.forMessagesOf(config.get(Settings.COMMAND_BYTES)));
    }

    private JournalConfig journalConfig() {
        io.paxoslog.log.Durability durability =
                io.paxoslog.log.Durability.valueOf(config.get(Settings.DURABILITY).name());
        return JournalConfig.of(config.get(Settings.DIR), config.id(), durability)
                .withSegmentBytes(config.get(Settings.SEGMENT_BYTES))
                .withSyncIntervalMs(config.get(Settings.SYNC_INTERVAL_MS))
                .withRoom(Sizes.roomOf(config));
    }

    private PeerTransport transport(
            long self,
            Media media,
            ChronicleJournal journal,
            JournalReader reader,
            NodeSnapshots snapshots,
            ReplicaCounters counters) {
        Map<Integer, String> others = new HashMap<>();
        for (Member member : config.members()) {
            if (member.id() != config.id()) {
                others.put(member.id(), member.peerAddress());
            }
        }
        long queueBytes = QUEUE_PER_OPEN_BYTE * config.get(Settings.OPEN_BYTES);
        TransportConfig transport =
                new TransportConfig(
                        self,
                        ownHost + ":" + config.listens().port(),
                        others,
                        RING_BYTES,
                        BitUtil.findNextPositivePowerOfTwo(
                                (int) Math.min(queueBytes, LARGEST_QUEUE_BYTES)),
                        names,
                        config.get(Settings.MTU_BYTES),
                        new SyncRule(config.get(Settings.DURABILITY) == Durability.SYNC),
                        config.get(Settings.SNAPSHOT_SEND_BYTES),
                        Sizes.chunkFor(config.get(Settings.TERM_BYTES)));
        return new PeerTransport(
                media.aeron(),
                transport,
                positionsOf(journal),
                reader::read,
                snapshots.shelf(),
                new PeerCounters(
                        counters.framesRefused(),
                        counters.framesNotAdmitted(),
                        counters.framesDropped()),
                stop::because);
    }

    private static Admission admissionOf(Replica replica) {
        return new Admission() {
            @Override
            public boolean admits(long fromMember, long clusterId) {
                return replica.admits(fromMember, clusterId);
            }

            @Override
            public boolean hears(long fromMember, long run) {
                return replica.hears(fromMember, run);
            }

            @Override
            public void speaksOtherwise(long fromMember, int version, int known) {
                replica.speaksOtherwise(fromMember, version, known);
            }
        };
    }

    private static JournalPositions positionsOf(ChronicleJournal journal) {
        return new JournalPositions() {
            @Override
            public long appendedPosition() {
                return journal.appendedPosition();
            }

            @Override
            public long ballotPosition() {
                return journal.ballotPosition();
            }

            @Override
            public long run() {
                return journal.runs().current();
            }
        };
    }

    private ReplicaConfig replicaConfig(long self, Base base) {
        ReplicaConfig plain =
                replicaConfig(self)
                        .withBase(base)
                        .replacingAfter(config.get(Settings.REPLACE_AFTER_MS))
                        .knowing(knows);
        return config.isJoining() ? plain.joining() : plain;
    }

    private ReplicaConfig replicaConfig(long self) {
        return new ReplicaConfig(
                self,
                config.members().stream()
                        .map(m -> new ReplicaConfig.Voter(m.id(), m.peerAddress()))
                        .toList(),
                config.prepareQuorum(),
                config.acceptQuorum(),
                config.get(Settings.OPEN_SLOTS),
                config.get(Settings.OPEN_BYTES),
                config.get(Settings.ELECTION_TIMEOUT_MS),
                config.get(Settings.HEARTBEAT_MS),
                random.nextLong(),
                new NonceKey(random.nextLong(), random.nextLong()),
                random.nextLong(1, Long.MAX_VALUE));
    }

    private ClientGateway clients(
            Media media,
            ChronicleJournal journal,
            DamageWatch damage,
            Replica replica,
            Ticks ticks,
            ApplyOrders orders,
            NodeStatus status) {
        GatewayConfig standard = GatewayConfig.DEFAULT;
        GatewayConfig bounds =
                new GatewayConfig(
                        config.get(Settings.CLIENTS),
                        config.get(Settings.COMMAND_BYTES),
                        config.get(Settings.BATCH_BYTES),
                        standard.fragmentsPerTurn(),
                        standard.tailBytesPerTurn(),
                        standard.clientTimeoutTicks(),
                        config.get(Settings.READS),
                        config.get(Settings.READ_BYTES));
        JournalReader tailReader = keep(journal.newReader(damage));
        return new ClientGateway(
                media.aeron(),
                ownHost + ":" + (config.listens().port() + 1),
                bounds,
                replica,
                ticks::now,
                handOver,
                orders,
                SessionLimits.DEFAULT,
                committedOf(journal, tailReader),
                status);
    }

    private static CommittedReader committedOf(ChronicleJournal journal, JournalReader reader) {
        return new CommittedReader() {
            @Override
            public long read(long firstSlot, long lastSlot, int maxBytes, Consumer<Batch> handler) {
                return reader.read(firstSlot, lastSlot, maxBytes, handler);
            }

            @Override
            public long firstKept() {
                return journal.firstKept();
            }
        };
    }

    private Applying applying(
            ApplyOrders orders,
            ClientGateway clients,
            ApplyWatch applyWatch,
            NodeSnapshots snapshots,
            Rest rest) {
        Function<Runnable, ApplySide> side =
                awaitRoom -> {
                    SessionLimits limits = SessionLimits.DEFAULT;
                    ApplySide made =
                            new ApplySide(handOver, app, fresh, limits, awaitRoom, this::onHalt);
                    made.keepSnapshots(snapshots.writer(), snapshots.own());
                    return made;
                };
        return new Applying(
                config.get(Settings.APPLY),
                side,
                orders,
                clients::hearApplied,
                rest::wake,
                applyWatch,
                stop,
                log);
    }

    /**
     * Once for each time: a line for people who read lines, and the stack for who wrote the code.
     */
    private void onHalt(Halt halt) {
        log.line(halt.inOneLine() + "; the node votes on; see docs/operations.md");
        if (halt.cause() != null) {
            log.stack(halt.cause());
        }
    }

    private PaxosNode run(NodeParts parts, Rest rest) {
        PaxosNode node =
                new PaxosNode(
                        config,
                        parts.counters(),
                        parts.applying(),
                        parts.clients().door(),
                        stop,
                        log);
        node.run(new ReplicaAgent(parts, stop, this::close), rest);
        return node;
    }
}
