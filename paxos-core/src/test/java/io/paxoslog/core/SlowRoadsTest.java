package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Answers that take longer than time-outs are set to, as where nodes are given few turns. */
class SlowRoadsTest {
    private static final int STEP = 10;

    private record Travelling(Letter letter, long arrives) {}

    private final HandCluster cluster = new HandCluster(3);
    private final ArrayDeque<Travelling> road = new ArrayDeque<>();
    private long changes;
    private int leader;

    /** Time passes, and each letter is that long on its way. */
    private void run(int ticks, int oneWay) {
        for (int i = 0; i < ticks; i += STEP) {
            cluster.deliver(letter -> letter.from() == letter.to());
            cluster.waiting().forEach(letter -> depart(letter, oneWay));
            cluster.drop(letter -> true);
            cluster.pass(STEP, 1, 2, 3);
            while (!road.isEmpty() && road.peek().arrives() <= cluster.now()) {
                cluster.hear(road.remove().letter());
            }
            noteLeader();
        }
    }

    private void depart(Letter letter, int oneWay) {
        road.add(new Travelling(letter, cluster.now() + oneWay));
    }

    private void noteLeader() {
        int now =
                IntStream.rangeClosed(1, 3)
                        .filter(id -> cluster.replica(id).role() == Role.LEADING)
                        .findFirst()
                        .orElse(0);
        changes += now != leader ? 1 : 0;
        leader = now;
    }

    private void someoneLeadsAndGoesOn(int oneWay) {
        cluster.started();
        run(100_000, oneWay);
        assertThat(leader).as("leader after 100 s").isPositive();
        changes = 0;

        for (int i = 0; i < 20; i++) {
            cluster.propose(leader, "c" + i);
            run(1_000, oneWay);
        }

        assertThat(cluster.node(leader).committed).endsWith("21:c19");
        assertThat(changes).as("changes of the leader").isZero();
    }

    @Test
    void someoneLeadsWhereAnswersTakeAsLongAsTimeouts() {
        someoneLeadsAndGoesOn(150);
    }

    @Test
    void someoneLeadsWhereAnswersTakeLongerThanAnyTimeout() {
        someoneLeadsAndGoesOn(250);
    }

    @Test
    void someoneLeadsWhereAnswersTakeNearlyThreeTimeouts() {
        someoneLeadsAndGoesOn(400);
    }

    @Test
    void whoHearsNobodyAsksAsOftenAsBefore() {
        cluster.founded();
        cluster.node(2).roles.clear();

        for (int i = 0; i < 6_000; i++) {
            cluster.pass(STEP, 1, 2, 3);
            cluster.drop(letter -> letter.from() != letter.to());
            cluster.settle();
        }

        long asked =
                cluster.node(2).roles.stream()
                        .filter(said -> said.startsWith(Role.CANVASSING.name()))
                        .count();
        assertThat(asked).as("candidacies in 60 s").isGreaterThanOrEqualTo(60_000 / 300);
    }
}
