package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Node 1 of three on its road to leadership, led by hand as far as a test wants it. */
final class Candidate {
    private final HandCluster cluster = new HandCluster(3);
    private final Replica replica = cluster.replica(1);

    HandCluster cluster() {
        return cluster;
    }

    Replica replica() {
        return replica;
    }

    /** Identity of a node. */
    long member(int node) {
        return cluster.node(node).config.self();
    }

    /** Genesis is chosen everywhere and nobody leads; no time-out after the start is left. */
    void found() {
        cluster.started();
        Batch genesis = Batches.membership(Ballot.NONE, Roles.genesis(cluster.node(1).config));
        for (int id = 1; id <= 3; id++) {
            cluster.replica(id).chosen(member(2), genesis, 1);
        }
        cluster.drop(letter -> true);
    }

    /** Waits until it asks whether it could win. */
    void canvass() {
        cluster.pass(2 * HandCluster.ELECTION_TIMEOUT, 1);
        assertThat(replica.role()).isEqualTo(Role.CANVASSING);
    }

    /** Answers to the last canvass. */
    void grant(long... members) {
        String text = lastText("Canvass ");
        long ballot = Ballot.of(Long.parseLong(text.substring(10, text.indexOf('.'))), 1);
        for (long member : members) {
            replica.canvassed(member, ballot, true, Ballot.NONE, 1);
        }
    }

    /**
     * A member says, and stands by it, that it has promised a ballot far above all that is known.
     */
    void nackedBy(int node, long ballot) {
        replica.nack(member(node), ballot);
        long nonce = Long.parseUnsignedLong(lastText("Question ").substring(9), 16);
        replica.vouch(member(node), nonce, ballot);
        replica.nack(member(node), ballot);
    }

    /** The last message that waits and begins so. */
    String lastText(String start) {
        List<String> texts =
                cluster.waiting().stream()
                        .map(Letter::text)
                        .filter(text -> text.startsWith(start))
                        .toList();
        assertThat(texts).isNotEmpty();
        return texts.get(texts.size() - 1);
    }

    /** All that was said since; taken away. */
    List<String> answers() {
        List<String> answers = cluster.waiting().stream().map(Letter::toString).toList();
        cluster.drop(letter -> true);
        return answers;
    }

    /** As {@link #canvass}, and wins: its Prepare is on its way. */
    void prepare() {
        canvass();
        grant(member(1), member(2));
        assertThat(replica.role()).isEqualTo(Role.PREPARING);
    }

    /** As {@link #prepare}, with promises of a quorum; all that was said is taken away. */
    void lead() {
        prepare();
        replica.promise(member(1), replica.ballot(), 1, 0, 0);
        replica.promise(member(3), replica.ballot(), 1, 0, 0);
        assertThat(replica.role()).isEqualTo(Role.LEADING);
        cluster.drop(letter -> true);
    }
}
