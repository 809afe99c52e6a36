package io.paxoslog.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChecksumBenchmarkTest {

    @Test
    void measuresTheChecksumOfTheStandardsCheckValue() {
        long checksum = new ChecksumBenchmark().checksumOf("123456789".getBytes(US_ASCII));

        assertThat(checksum).isEqualTo(0xE3069283L);
    }
}
