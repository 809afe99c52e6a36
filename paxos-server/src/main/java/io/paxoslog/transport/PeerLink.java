package io.paxoslog.transport;

import io.aeron.Publication;
import java.util.function.Consumer;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * All that is still to be said to one listener, and what an answer of its line means. Never waits:
 * a listener who is slow or gone costs the others nothing.
 */
final class PeerLink implements AutoCloseable {
    private final String name;
    private final PeerLine line;
    private final Lane[] lanes;
    private final AtomicCounter framesDropped;
    private final Consumer<String> mustStop;

    /**
     * @param name for the message to an operator
     * @param mustStop told when this line can never speak again
     * @param lanes what to say, those first whose frames should leave first
     */
    PeerLink(
            String name,
            PeerLine line,
            AtomicCounter framesDropped,
            Consumer<String> mustStop,
            Lane... lanes) {
        this.name = name;
        this.line = line;
        this.framesDropped = framesDropped;
        this.mustStop = mustStop;
        this.lanes = lanes;
    }

    /** Says as much as the line takes now and returns how many frames that was. */
    int flush() {
        int said = 0;
        for (Lane lane : lanes) {
            while (lane.hasNext() && isTaken(lane)) {
                said++;
            }
        }
        return said;
    }

    private boolean isTaken(Lane lane) {
        if (lane.isOverrun()) {
            drop(lane);
            return false;
        }
        long answer = line.offer(lane.buffer(), lane.offset(), lane.length());
        if (answer >= 0) {
            lane.advance();
            return true;
        }
        hearRefusal(answer, lane);
        return false;
    }

    private void hearRefusal(long answer, Lane lane) {
        if (answer == Publication.BACK_PRESSURED || answer == Publication.ADMIN_ACTION) {
            return;
        }
        if (answer == Publication.NOT_CONNECTED) {
            drop(lane);
        } else if (answer == Publication.MAX_POSITION_EXCEEDED) {
            line.reopen();
        } else {
            drop(lane);
            mustStop.accept("the stream to " + name + " was closed by the media driver");
        }
    }

    private void drop(Lane lane) {
        framesDropped.getAndAddRelease(lane.skipAll());
    }

    /** Whether nothing waits to be said. */
    boolean isIdle() {
        for (Lane lane : lanes) {
            if (lane.hasNext()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        line.close();
    }
}
