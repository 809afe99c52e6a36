package io.paxoslog.bench.load;

import org.HdrHistogram.Histogram;

/**
 * What a load measured.
 *
 * @param replies replies within the measured part
 * @param measuredNs its length
 * @param latenciesNs of the commands that were meant to leave within it
 * @param unanswered commands of the whole run without a reply long after its end
 * @param lost commands of the whole run that a later reply overtook
 * @param mostInFlight most commands in flight since the first half of the warm-up
 * @param longestGapNs longest time without a reply within the measured part
 * @param checkedEchoes replies whose every byte was compared
 */
public record LoadResult(
        long replies,
        long measuredNs,
        Histogram latenciesNs,
        long unanswered,
        long lost,
        long mostInFlight,
        long longestGapNs,
        long checkedEchoes) {

    /** Replies a second. */
    public double perSecond() {
        return replies * 1e9 / measuredNs;
    }
}
