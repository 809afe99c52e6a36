package io.paxoslog.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * One history of a cluster whose members are changed at random while letters are lost, late and
 * doubled, and nodes are cut off and started again. The same seed has the same history.
 */
final class ChangesUnderFire {
    private static final int STEPS = 3_000;
    private static final int MOST_NODES = 12;
    private static final int MOST_LETTERS = 400;

    private final Random random;
    private final HandCluster cluster;
    private final ChangingLog log;
    private int commands;
    private int asked;

    ChangesUnderFire(long seed) {
        random = new Random(seed);
        int size = 1 + random.nextInt(4);
        int prepare = 1 + random.nextInt(size);
        cluster =
                new HandCluster(
                        size,
                        prepare,
                        size - prepare + 1 + random.nextInt(prepare),
                        1 + random.nextInt(6));
        log = new ChangingLog(cluster);
    }

    /** Plays it to the end, and requires that the cluster goes on then. */
    ChangingLog play() {
        cluster.started();
        cluster.run(1_000);
        log.look();
        for (int i = 0; i < STEPS; i++) {
            step();
            log.look();
        }
        calmDown();
        return log;
    }

    private void step() {
        int dice = random.nextInt(1_000);
        if (dice < 700) {
            deliverOne();
        } else if (dice < 850) {
            cluster.pass(10, someone());
        } else if (dice < 900) {
            propose();
        } else if (dice < 930) {
            change();
        } else if (dice < 940) {
            int id = someone();
            cluster.restart(id, cluster.node(id).journal.size());
        } else if (dice < 960) {
            HandCluster.Node node = cluster.node(someone());
            node.isUp = !node.isUp || random.nextInt(3) > 0;
        } else if (dice < 970) {
            loseSome();
        } else if (dice < 975) {
            cluster.replica(someone()).giveUpChange();
            cluster.replica(someone()).transfer(someone());
        } else if (dice < 980 && cluster.size() < MOST_NODES) {
            cluster.join();
        } else {
            cluster.pass(50, everybody());
        }
    }

    private int someone() {
        return 1 + random.nextInt(cluster.size());
    }

    private int[] everybody() {
        return IntStream.rangeClosed(1, cluster.size()).toArray();
    }

    private void deliverOne() {
        List<Letter> waiting = cluster.waiting();
        if (waiting.isEmpty()) {
            return;
        }
        // Mostly in order, as otherwise nothing ever comes of anything.
        int reach = random.nextInt(4) == 0 ? waiting.size() : Math.min(4, waiting.size());
        Letter letter = waiting.get(random.nextInt(reach));
        boolean isKept = random.nextInt(40) == 0;
        if (isKept) {
            cluster.hear(letter);
        } else {
            cluster.deliverOnce(letter::equals);
        }
    }

    private void loseSome() {
        cluster.drop(letter -> random.nextInt(3) == 0);
        while (cluster.waiting().size() > MOST_LETTERS) {
            Letter oldest = cluster.waiting().get(0);
            cluster.drop(oldest::equals);
        }
    }

    private void propose() {
        for (int id : everybody()) {
            if (cluster.replica(id).role() == Role.LEADING
                    && cluster.tryPropose(id, "c" + commands)) {
                commands++;
            }
        }
    }

    private void change() {
        for (int id : everybody()) {
            Replica replica = cluster.replica(id);
            if (replica.role() == Role.LEADING && replica.clusterId() != 0) {
                asked += replica.change(anyFrom(replica)) ? 1 : 0;
            }
        }
    }

    private Change anyFrom(Replica replica) {
        TreeSet<Integer> nodes = new TreeSet<>();
        int wanted = 1 + random.nextInt(4);
        List<Integer> eligible = new ArrayList<>();
        Membership newest = replica.newestMembership();
        for (int id : everybody()) {
            if (newest.indexOfNode(id) >= 0 || id > newest.highestNode()) {
                eligible.add(id);
            }
        }
        while (nodes.size() < Math.min(wanted, eligible.size())) {
            nodes.add(eligible.get(random.nextInt(eligible.size())));
        }
        List<Change.Member> members = new ArrayList<>();
        for (int id : nodes) {
            members.add(
                    new Change.Member(cluster.node(id).config.self(), "host:" + id, seat(), ""));
        }
        if (members.stream().noneMatch(member -> member.seat().votes())) {
            members.set(0, members.get(0).as(Seat.VOTER));
        }
        int voters = (int) members.stream().filter(member -> member.seat().votes()).count();
        int prepare = 1 + random.nextInt(voters);
        return new Change(
                replica.membershipSlot(),
                members,
                prepare,
                voters - prepare + 1,
                1 + random.nextInt(6));
    }

    private Seat seat() {
        int dice = random.nextInt(8);
        return dice == 0 ? Seat.SPARE : dice <= 2 ? Seat.OBSERVER : Seat.VOTER;
    }

    private void calmDown() {
        for (int id : everybody()) {
            cluster.restartKnowingAll(id);
        }
        cluster.run(6_000);
        log.look();
        long before = log.lastSlot();
        propose();
        cluster.run(600);
        log.look();
        Membership last = log.newest();
        boolean hasMoved = log.lastSlot() > before;
        for (int i = 0; i < last.size(); i++) {
            int id = MemberId.node(last.member(i));
            hasMoved &= cluster.replica(id).commitIndex() == log.lastSlot();
        }
        if (!hasMoved) {
            throw new AssertionError(
                    "nothing more is chosen, or not everywhere, by [%s] above %d: %s"
                            .formatted(last, before, standings()));
        }
    }

    private List<String> standings() {
        List<String> lines = new ArrayList<>();
        for (int id : everybody()) {
            HandCluster.Node node = cluster.node(id);
            lines.add(
                    "\nnode %d %s commit %d last %d membership %d [%s] %s %s"
                            .formatted(
                                    id,
                                    node.replica.role(),
                                    node.replica.commitIndex(),
                                    node.replica.lastSlot(),
                                    node.replica.membershipSlot(),
                                    node.replica.newestMembership(),
                                    node.stops,
                                    node.roles.subList(
                                            Math.max(0, node.roles.size() - 3),
                                            node.roles.size())));
        }
        return lines;
    }

    /** How many changes leaders began to prepare. */
    int asked() {
        return asked;
    }
}
