package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.client.ChangeReport;
import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.FreePorts;
import io.paxoslog.client.MembersReport;
import io.paxoslog.client.NodeReport;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.PaxosMembers;
import io.paxoslog.client.PaxosStatus;
import io.paxoslog.client.PaxosTail;
import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Role;
import io.paxoslog.core.Seat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A node that knows some addresses only, until it is made a member. */
@Timeout(180)
@Isolated
class JoiningNodeTest {
    private static final int TIMEOUT_MS = 60_000;
    private static final int BRIEF_MS = 3_000;
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
                Change.Member voter = new Change.Member(alone.self(), address);
                ChangeReport added = change(asked, members -> with(members, voter));
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

    private static ChangeReport change(
            List<String> asked, UnaryOperator<List<Change.Member>> wanted) {
        MembersReport now = MembersReport.latestOf(PaxosMembers.ask(asked, TIMEOUT_MS));
        List<Change.Member> members = wanted.apply(new ArrayList<>(now.members()));
        int voters = (int) members.stream().filter(member -> member.seat().votes()).count();
        int majority = voters / 2 + 1;
        Change change = new Change(now.slot(), members, majority, majority, now.openSlotLimit());
        return PaxosMembers.change(asked, change, TIMEOUT_MS, report -> {}, () -> false);
    }

    private static List<Change.Member> with(List<Change.Member> members, Change.Member added) {
        members.add(added);
        return members;
    }

    private NodeReport standing() {
        return PaxosStatus.ask(List.of(address), TIMEOUT_MS).get(0);
    }

    @Test
    void anObserverServesClientsAndCostsNoQuorumAnything() {
        try (TestNodes nodes = new TestNodes(directory, 3, SMALL)) {
            nodes.startAll();
            nodes.awaitLeader();
            nodes.awaitApplied(1);
            List<String> asked = nodes.addresses();
            try (PaxosNode fourth =
                    PaxosLog.launch(joining(4, asked), new RecordingStateMachine())) {
                Change.Member observer =
                        new Change.Member(said().self(), address, Seat.OBSERVER, "west");
                assertThat(change(asked, members -> with(members, observer)).state())
                        .isEqualTo(ChangeReport.State.IN_FORCE);
                nodes.await("seen", () -> said().members().size() == 4);
                assertThat(standing().role()).isEqualTo("observer");
                assertThat(said().members().get(3)).isEqualTo(observer);
                assertThat(said().acceptQuorum()).isEqualTo(2);
                // Two of three go on, as before; the client knows of nobody but the observer.
                nodes.stop(nodes.awaitLeader());
                nodes.awaitLeader();
                long slot;
                try (PaxosClient client = PaxosClient.connect(List.of(address))) {
                    slot = client.append(new byte[] {7}, TIMEOUT_MS).slot();
                }
                nodes.await("learnt", () -> fourth.appliedIndex() >= slot);
                List<Long> tailed = new ArrayList<>();
                try (PaxosTail tail =
                        PaxosTail.open(
                                ClientConfig.of(List.of(address)),
                                slot,
                                true,
                                (at, command, offset, length) -> tailed.add(at))) {
                    nodes.await(
                            "tailed",
                            () -> {
                                tail.poll();
                                return !tailed.isEmpty();
                            });
                }
                assertThat(tailed).containsExactly(slot);
            }
            // Nobody misses it, and nothing counts it.
            nodes.stop(nodes.awaitLeader());
            nodes.await("nobody leads", () -> nodes.running().get(0).role() != Role.LEADING);
        }
    }

    @Test
    void aSpareTakesThePlaceOfANodeThatIsGone() {
        Map<Setting<?>, Object> replacing = new HashMap<>(SMALL);
        replacing.put(Settings.REPLACE_AFTER_MS, 2_000);
        try (TestNodes nodes = new TestNodes(directory, 3, replacing)) {
            nodes.startAll();
            nodes.awaitLeader();
            nodes.awaitApplied(1);
            List<String> asked = nodes.addresses();
            try (PaxosNode fourth =
                    PaxosLog.launch(joining(4, asked), new RecordingStateMachine())) {
                Change.Member spare = new Change.Member(said().self(), address, Seat.SPARE, "");
                assertThat(change(asked, members -> with(members, spare)).state())
                        .isEqualTo(ChangeReport.State.IN_FORCE);
                int gone = nodes.awaitLeader();
                nodes.stop(gone);
                nodes.await("replaced", () -> said().members().equals(replaced(spare)));
                // Of the three that are members now two are enough, the spare among them.
                nodes.stop(nodes.awaitLeader());
                nodes.await(
                        "led", () -> fourth.leader() != 0 && nodes.running().get(0).leader() != 0);
                assertThat(fourth.isRunning()).isTrue();
            }
        }
    }

    /** The voters that are left, and the spare as one of them. */
    private List<Change.Member> replaced(Change.Member spare) {
        List<Change.Member> now = said().members();
        return now.size() == 3 && now.get(2).equals(spare.as(Seat.VOTER)) ? now : List.of();
    }

    /** Nobody runs where the new members are to be. */
    @Test
    void aChangeThatIsPreparedIsSeenAndCanBeGivenUp() {
        try (TestNodes nodes = new TestNodes(directory, 1, SMALL)) {
            nodes.startAll();
            nodes.awaitApplied(1);
            List<String> asked = nodes.addresses();
            MembersReport now = PaxosMembers.ask(asked, TIMEOUT_MS).get(0);
            List<Change.Member> members = new ArrayList<>(now.members());
            members.add(new Change.Member(MemberId.of(2, 5), "localhost:" + FreePorts.two()));
            members.add(new Change.Member(MemberId.of(3, 5), address, Seat.SPARE, "west"));
            Change change = new Change(now.slot(), members, 2, 2, now.openSlotLimit());
            ChangeReport last =
                    PaxosMembers.change(asked, change, BRIEF_MS, report -> {}, () -> false);
            assertThat(last.state()).isEqualTo(ChangeReport.State.PREPARING);
            nodes.await("prepared", () -> isSeenAsPrepared(asked, members));
            assertThat(PaxosMembers.giveUp(asked, TIMEOUT_MS).state())
                    .isEqualTo(ChangeReport.State.GIVEN_UP);
            MembersReport after = PaxosMembers.ask(asked, TIMEOUT_MS).get(0);
            assertThat(after.isPreparing()).isFalse();
            assertThat(after.coming()).isEmpty();
            assertThat(after.members()).isEqualTo(now.members());
        }
    }

    private static boolean isSeenAsPrepared(List<String> asked, List<Change.Member> members) {
        MembersReport said = PaxosMembers.ask(asked, TIMEOUT_MS).get(0);
        NodeReport standing = PaxosStatus.ask(asked, TIMEOUT_MS).get(0);
        return said.isPreparing()
                && said.coming().equals(members)
                && said.waitsFor().endsWith("nodes 2")
                && standing.membership().isChanging()
                && standing.membership().changeFirstSlot() == 0;
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
