package io.paxoslog.testkit.sim;

import io.paxoslog.core.ReadAnswers;
import io.paxoslog.core.Replica;
import io.paxoslog.core.Role;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/**
 * The reads of one node since its start, and what they are owed: every slot that anybody knew
 * chosen when the read came, and none that nobody knows chosen when it is answered. Whoever holds
 * to that shows one order of all commands and reads, of whatever kind they are.
 */
final class NodeReads implements ReadAnswers {
    /**
     * @param ofClient what the desk of clients knows it by; 0: it is none of a client
     * @param ballot a read under a lease is of no leader but that of the ballot under which it came
     */
    private record Waiting(long ticket, long ofClient, long owed, long ballot) {}

    private record Shown(Waiting read, long index) {}

    private final SimulatedNode node;
    private final Safety safety;
    private final NodeHost host;
    private final Map<ReadKind, Deque<Waiting>> waiting = new EnumMap<>(ReadKind.class);
    private final Deque<Shown> shown = new ArrayDeque<>();
    private long tickets;

    NodeReads(SimulatedNode node, Safety safety, NodeHost host) {
        this.node = node;
        this.safety = safety;
        this.host = host;
        for (ReadKind kind : ReadKind.values()) {
            waiting.put(kind, new ArrayDeque<>());
        }
    }

    /** The process is new, and knows of no read. */
    void restarted() {
        waiting.values().forEach(Deque::clear);
        shown.clear();
        tickets = 0;
    }

    /** A read comes. */
    void begin(ReadKind kind, Replica replica) {
        begin(kind, 0, replica);
    }

    /**
     * A read of a client comes, which the desk of clients knows by a number.
     *
     * @return false when it must ask others, for want of a lease
     */
    boolean begin(ReadKind kind, long ofClient, Replica replica) {
        Waiting read = new Waiting(++tickets, ofClient, safety.committedUpTo(), replica.ballot());
        waiting.get(kind).add(read);
        switch (kind) {
            case INDEX -> replica.read(tickets);
            case QUORUM -> replica.readByQuorum(tickets);
            case LEASE -> {
                if (!replica.readByLease(tickets)) {
                    waiting.get(kind).remove(read);
                    return false;
                }
            }
        }
        return true;
    }

    /** How many wait. */
    int waiting() {
        waiting.get(ReadKind.LEASE).removeIf(read -> !isLeadingUnder(read.ballot));
        return waiting.values().stream().mapToInt(Deque::size).sum();
    }

    @Override
    public void indexed(long ticket, long index) {
        answer(ReadKind.INDEX, ticket, index);
    }

    @Override
    public void indexedByQuorum(long ticket, long index) {
        answer(ReadKind.QUORUM, ticket, index);
        if (host.judgesReads() && index > node.replica().commitIndex()) {
            throw new SafetyViolation(
                    "node " + node.node() + " is told to read at slot " + index + ", its future");
        }
    }

    private boolean isLeadingUnder(long ballot) {
        return node.replica().role() == Role.LEADING && node.replica().ballot() == ballot;
    }

    @Override
    public void indexedByLease(long ticket, long index) {
        Deque<Waiting> reads = waiting.get(ReadKind.LEASE);
        while (!node.burns() && !reads.isEmpty() && reads.peek().ticket <= ticket) {
            Waiting read = reads.poll();
            if (read.ofClient > 0) {
                host.read(node, ReadKind.LEASE, index);
                node.service().reads().indexedByLease(read.ofClient, index);
            } else if (isLeadingUnder(read.ballot)) {
                shown.add(new Shown(read, index));
            }
        }
    }

    /**
     * Answers those that have been shown what they need, if the lease still runs.
     *
     * @return how many are not answered, as it does not
     */
    int answerLeased(long nowTick) {
        int refused = 0;
        for (; !shown.isEmpty(); shown.poll()) {
            Shown one = shown.peek();
            if (!node.replica().holdsLease(one.read.ballot, nowTick)) {
                refused++;
                continue;
            }
            host.read(node, ReadKind.LEASE, one.index);
            if (host.judgesReads()) {
                judge(ReadKind.LEASE, one.read.owed, one.index);
            }
        }
        return refused;
    }

    private void answer(ReadKind kind, long ticket, long index) {
        if (node.burns()) {
            return;
        }
        Deque<Waiting> reads = waiting.get(kind);
        if (reads.isEmpty() || reads.peek().ticket > ticket) {
            throw new SafetyViolation(
                    "node " + node.node() + " is told of a read that does not wait: " + ticket);
        }
        long owed = 0;
        long ofClients = 0;
        while (!reads.isEmpty() && reads.peek().ticket <= ticket) {
            Waiting read = reads.poll();
            owed = read.owed;
            ofClients = Math.max(ofClients, read.ofClient);
            host.read(node, kind, index);
        }
        if (host.judgesReads()) {
            judge(kind, owed, index);
        }
        if (ofClients > 0) {
            tellDesk(kind, ofClients, index);
        }
    }

    private void tellDesk(ReadKind kind, long upTo, long index) {
        if (kind == ReadKind.INDEX) {
            node.service().reads().indexed(upTo, index);
        } else {
            node.service().reads().indexedByQuorum(upTo, index);
        }
    }

    private void judge(ReadKind kind, long owed, long index) {
        require(index >= owed, kind, index, "slot " + owed + " was chosen before it came");
        require(
                index <= safety.committedUpTo(),
                kind,
                index,
                "nobody knows more chosen than slot " + safety.committedUpTo());
    }

    private void require(boolean isRight, ReadKind kind, long index, String why) {
        if (!isRight) {
            throw new SafetyViolation(
                    String.format(
                            "a read by %s at node %d is answered at slot %d, but %s",
                            kind, node.node(), index, why));
        }
    }
}
