package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Room;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What an operator reads while room is short. */
class RoomWatchTest {
    private final List<String> lines = new ArrayList<>();
    private long nowNs = -5;
    private final RoomWatch watch = new RoomWatch(lines::add, () -> nowNs, () -> {});

    @Test
    void saysWhetherTheNodeVotesOnCommandsWhenThatChanges() {
        watch.room(Room.COMMANDS, 5_000, 1_000);
        assertThat(lines).isEmpty();

        for (int i = 0; i < 3; i++) {
            watch.room(Room.REPORTED, 999, 1_000);
        }
        watch.room(Room.BALLOTS, 0, 1_000);
        watch.room(Room.COMMANDS, 5_000, 1_000);

        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .startsWith("999 bytes are free on the disk and the floor is 1,000")
                .contains("votes on no new commands");
        assertThat(lines.get(1)).contains("only promises");
        assertThat(lines.get(2)).contains("votes on new commands again");
    }

    @Test
    void saysItOnceThenSeldomAndWhenItIsOver() {
        for (int second = 0; second < 100; second++) {
            watch.cannotPrepare("No space left on device");
            nowNs += TimeUnit.SECONDS.toNanos(1);
        }
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).contains("No space left on device").contains("tried again");

        watch.prepared();
        watch.cannotPrepare("Read-only file system");

        assertThat(lines).hasSize(4);
        assertThat(lines.get(2)).contains("is made");
        assertThat(lines.get(3)).contains("Read-only file system");
    }
}
