package io.paxoslog.apply;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotRangesTest {
    @Test
    void rangesOfSlotsStayCompact() {
        SlotRanges ranges = new SlotRanges();
        for (long slot = 100; slot < 200; slot++) {
            ranges.add(slot);
        }
        for (long slot = 300; slot < 400; slot += 2) {
            ranges.add(slot);
        }
        assertThat(ranges.count()).isEqualTo(51);
        assertThat(ranges.contains(99)).isFalse();
        assertThat(ranges.contains(100)).isTrue();
        assertThat(ranges.contains(199)).isTrue();
        assertThat(ranges.contains(200)).isFalse();
        assertThat(ranges.contains(398)).isTrue();
        assertThat(ranges.contains(397)).isFalse();
    }
}
