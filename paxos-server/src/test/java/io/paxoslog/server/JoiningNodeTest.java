package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.client.ChangeReport;
import io.paxoslog.client.FreePorts;
import io.paxoslog.client.MembersReport;
import io.paxoslog.client.PaxosMembers;
import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that knows some addresses only, until it is made a member. */
@Timeout(180)
class JoiningNodeTest {
    private static final int TIMEOUT_MS = 60_000;
    private static final Map<Setting<?>, Object> SMALL =
            Map.of(Settings.SEGMENT_BYTES, 4 << 20, Settings.OPEN_SLOTS, 1_024);

    @TempDir Path directory;

    private final String address = "localhost:" + FreePorts.two();

    private NodeConfig joining(int id, List<String> asked) {
        NodeConfig.Builder builder =
                NodeConfig.builder()
                        .set(Settings.ID, id)
                        .set(Settings.ADDRESS, address)
                        .set(Settings.JOIN, String.join(",", asked))
                        .set(Settings.DIR, directory.resolve("joining"));
        SMALL.forEach(builder::set);
        return builder.build();
    }

    private MembersReport said() {
        List<MembersReport> answers = PaxosMembers.ask(List.of(address), TIMEOUT_MS);
        assertThat(answers).hasSize(1);
        return answers.get(0);
    }

    private static ChangeReport add(List<String> asked, Change.Member added) {
        MembersReport now = PaxosMembers.ask(List.of(asked.get(0)), TIMEOUT_MS).get(0);
        List<Change.Member> members = new ArrayList<>(now.members());
        members.add(added);
        int majority = members.size() / 2 + 1;
        Change change = new Change(now.slot(), members, majority, majority, now.openSlotLimit());
        return PaxosMembers.change(asked, change, TIMEOUT_MS, report -> {}, () -> false);
    }

    @Test
    void becomesAMemberByTheLogAndStaysOneWhenItStartsAgain() {
        try (TestNodes nodes = new TestNodes(directory, 3, SMALL)) {
            nodes.startAll();
            nodes.awaitLeader();
            nodes.awaitApplied(1);
            List<String> asked = nodes.addresses();
            long inForce;
            try (PaxosNode fourth =
                    PaxosLog.launch(joining(4, asked), new RecordingStateMachine())) {
                MembersReport alone = said();
                assertThat(MemberId.node(alone.self())).isEqualTo(4);
                assertThat(alone.clusterId()).isZero();
                ChangeReport added = add(asked, new Change.Member(alone.self(), address));
                assertThat(added.state()).isEqualTo(ChangeReport.State.IN_FORCE);
                inForce = added.firstSlot();
                nodes.await("learnt", () -> fourth.appliedIndex() >= inForce);
                assertThat(said().members()).hasSize(4);
            }
            // Three of four: without the fourth one and a third nobody would lead.
            nodes.stop(nodes.awaitLeader());
            try (PaxosNode again =
                    PaxosLog.launch(joining(4, asked), new RecordingStateMachine())) {
                // The fourth may lead as well as any.
                nodes.await(
                        "one leader of all",
                        () ->
                                again.leader() != 0
                                        && nodes.running().stream()
                                                .allMatch(node -> node.leader() == again.leader()));
            }
        }
    }

    @Test
    void anIdThatWasUsedIsNotUsedAgain() throws InterruptedException {
        try (TestNodes nodes = new TestNodes(directory, 1, SMALL)) {
            nodes.startAll();
            nodes.awaitApplied(1);
            try (PaxosNode other =
                    PaxosLog.launch(joining(1, nodes.addresses()), new RecordingStateMachine())) {
                assertThat(other.awaitStop())
                        .contains("has had a node 1 before")
                        .contains("an id above 1");
                assertThat(other.needsOperator()).isTrue();
            }
            assertThat(nodes.running().get(0).isRunning()).isTrue();
        }
    }

    @Test
    void hasToSayWhereItListens() {
        NodeConfig.Builder nowhere =
                NodeConfig.builder()
                        .set(Settings.ID, 4)
                        .set(Settings.JOIN, "localhost:9000")
                        .set(Settings.DIR, directory);
        assertThatThrownBy(nowhere::build)
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("address: is missing");
        NodeConfig.Builder both =
                NodeConfig.builder()
                        .set(Settings.ID, 1)
                        .set(Settings.MEMBERS, "1=localhost:9000")
                        .set(Settings.ADDRESS, "localhost:9000")
                        .set(Settings.DIR, directory);
        assertThatThrownBy(both::build)
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("address: goes with join only");
    }
}
