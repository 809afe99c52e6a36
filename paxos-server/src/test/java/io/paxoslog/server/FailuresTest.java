package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.exceptions.AeronException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void theLineSaysTheRealCause() {
        assertThat(Failures.cause(new OutOfMemoryError("Java heap space")))
                .startsWith("out of memory (Java heap space)");
        assertThat(
                        Failures.cause(
                                new InternalError(
                                        "a fault occurred in a recent unsafe memory access"
                                                + " operation in compiled Java code")))
                .startsWith("a mapped file could not be read or written");
        assertThat(Failures.cause(new AeronException("no room")))
                .startsWith("the media driver failed: ");
        assertThat(Failures.cause(new IllegalStateException("promise fell")))
                .startsWith("a rule of the node was broken: ")
                .contains("promise fell");
    }

    @Test
    void aLineIsALine() {
        List<Throwable> failures =
                List.of(
                        new OutOfMemoryError("one\ntwo"),
                        new AeronException("one\ntwo"),
                        new InternalError("one\ntwo"),
                        new IllegalStateException("one\ntwo"));
        assertThat(failures).allSatisfy(f -> assertThat(Failures.cause(f)).doesNotContain("\n"));
    }

    @Test
    void theFirstReasonCountsAndSaysWhetherAnotherStartHelps() {
        StopRequest stop = new StopRequest();
        stop.because("the disk is full");
        stop.forGood("a foreign directory");
        assertThat(stop.reason()).isEqualTo("the disk is full");
        assertThat(stop.isForGood()).isFalse();
        StopRequest other = new StopRequest();
        other.forGood("a foreign directory");
        assertThat(other.isForGood()).isTrue();
    }
}
