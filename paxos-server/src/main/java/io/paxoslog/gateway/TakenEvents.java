package io.paxoslog.gateway;

import io.paxoslog.service.EntryFormat;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a leader puts into the log so that events are let go of: up to where clients have taken
 * them. All that is heard in one turn shares an entry, and of each client the latest word counts.
 * Belongs to the replica thread.
 */
final class TakenEvents {
    private static final int MOST_IN_ENTRY = 1024;

    private final Proposals proposals;
    private final CommandBatch batch;
    private final UnsafeBuffer taken =
            new UnsafeBuffer(new byte[MOST_IN_ENTRY * EntryFormat.TAKEN_BYTES]);
    private final List<Connection> due = new ArrayList<>();

    TakenEvents(Proposals proposals, CommandBatch batch) {
        this.proposals = proposals;
        this.batch = batch;
    }

    /** A client has all events of its session up to a position. */
    void take(Connection client, long slot, int index) {
        if (!client.areEventsTaken()) {
            due.add(client);
        }
        client.takeEvents(slot, index);
    }

    /** Another leader is told anew. */
    void forget() {
        due.forEach(Connection::takenEventsSaid);
        due.clear();
    }

    /** Adds to the batch of this turn what there is to say; what finds no room waits. */
    void endTurn() {
        if (due.isEmpty() || !proposals.takesCommands()) {
            return;
        }
        int count = 0;
        while (count < Math.min(MOST_IN_ENTRY, due.size()) && hasRoomFor(count + 1)) {
            put(count * EntryFormat.TAKEN_BYTES, due.get(count));
            count++;
        }
        if (count > 0) {
            batch.add(EntryFormat.TAKE_EVENTS, 0, 0, 0, taken, 0, count * EntryFormat.TAKEN_BYTES);
            due.subList(0, count).clear();
        }
    }

    private boolean hasRoomFor(int count) {
        return batch.hasRoomFor(
                CommandBatch.bytesNeeded(1, (long) count * EntryFormat.TAKEN_BYTES));
    }

    private void put(int at, Connection client) {
        taken.putLong(at, client.takenOf(), ByteOrder.LITTLE_ENDIAN);
        taken.putLong(at + Long.BYTES, client.takenSlot(), ByteOrder.LITTLE_ENDIAN);
        taken.putInt(at + 2 * Long.BYTES, client.takenIndex(), ByteOrder.LITTLE_ENDIAN);
        client.takenEventsSaid();
    }
}
