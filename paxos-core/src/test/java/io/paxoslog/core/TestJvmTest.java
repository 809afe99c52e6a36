package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Tests that run without assertions or bounds checks would pass where they must fail. */
class TestJvmTest {

    @Test
    void runsWithAssertions() {
        assertThat(TestJvmTest.class.desiredAssertionStatus()).isTrue();
    }

    @Test
    void runsWithBoundsChecks() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[Long.BYTES]);

        assertThatThrownBy(() -> buffer.getLong(1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
