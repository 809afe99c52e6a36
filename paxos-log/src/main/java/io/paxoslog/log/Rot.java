package io.paxoslog.log;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a start found damaged among all that was forced: records whose payload is not as it was
 * written, and gaps in which no record can be read. Records are named by their positions.
 */
final class Rot {
    private final Set<Long> lost = new HashSet<>();
    private final Set<Long> resumed = new HashSet<>();
    private final List<String> places = new ArrayList<>();
    private boolean isGapAtEnd;

    /** What the record of a head was about is not to be read any more. */
    void lost(String place, long position) {
        lost.add(position);
        places.add(place);
    }

    /** Nothing can be read up to the record here, which is the next one. */
    void gap(String place, long nextPosition) {
        resumed.add(nextPosition);
        places.add(place);
    }

    /** Nothing can be read up to the end of what was forced. */
    void gapAtEnd(String place) {
        isGapAtEnd = true;
        places.add(place);
    }

    boolean isGapAtEnd() {
        return isGapAtEnd;
    }

    boolean isLost(long position) {
        return lost.contains(position);
    }

    /** Whether the record here follows a gap. */
    boolean isResumed(long position) {
        return resumed.contains(position);
    }

    /** Where, for people; one for each record or gap. */
    List<String> places() {
        return places;
    }
}
