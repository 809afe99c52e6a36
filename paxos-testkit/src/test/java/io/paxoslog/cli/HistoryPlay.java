package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.ReadMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Clients read and write a store on three real processes that are killed and frozen; then all that
 * they saw is checked. {@code -Dreads.seconds}, {@code reads.clients}, {@code reads.sessions} of
 * each, and {@code reads.mode}, some kinds of reads alone, say how.
 */
final class HistoryPlay {
    private static final int CLIENTS = Integer.getInteger("reads.clients", 3);
    private static final int SESSIONS = Integer.getInteger("reads.sessions", 1);
    private static final String ONLY = System.getProperty("reads.mode");
    private static final List<String> SETTINGS =
            List.of("--segment-bytes", "4194304", "--snapshot-slots", "2000", "--app");

    private final ReadHistory history = new ReadHistory();
    private final Registers registers;
    private final List<String> settings = new ArrayList<>(SETTINGS);
    private final List<ReadMode> modes;

    /**
     * @param modes the kinds of reads, unless others were asked for
     */
    HistoryPlay(Registers registers, List<ReadMode> modes, List<String> settings) {
        this.registers = registers;
        this.modes =
                ONLY == null
                        ? modes
                        : Stream.of(ONLY.split(",", -1)).map(ReadMode::valueOf).toList();
        this.settings.add(registers.app());
        this.settings.addAll(settings);
    }

    /**
     * Plays.
     *
     * @param usual seconds, unless others were asked for
     */
    void play(Path directory, int usual) throws Exception {
        int seconds = Integer.getInteger("reads.seconds", usual);
        System.out.println("seed " + ClusterFaults.SEED + ", reads " + modes);
        int sessions = CLIENTS * SESSIONS;
        String faults;
        try (ClusterFaults cluster = new ClusterFaults(directory, settings)) {
            List<HistoryClient> clients = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                clients.add(
                        new HistoryClient(
                                i,
                                sessions,
                                cluster.addresses(),
                                registers,
                                modes,
                                history,
                                ClusterFaults.SEED + i));
            }
            try {
                cluster.play(seconds, () -> failed(clients));
            } finally {
                clients.forEach(HistoryClient::end);
            }
            clients.forEach(HistoryClient::join);
            for (HistoryClient client : clients) {
                assertThat(client.failure()).isNull();
            }
            assertThat(cluster.count()).isPositive();
            faults = cluster.toString();
        }
        System.out.println(faults + "; " + history);
        assertThat(history.problems()).isEmpty();
        assertThat(history.operations()).isGreaterThan(seconds * sessions);
    }

    private static boolean failed(List<HistoryClient> clients) {
        return clients.stream().anyMatch(client -> client.failure() != null);
    }
}
