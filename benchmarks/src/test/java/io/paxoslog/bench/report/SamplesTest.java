package io.paxoslog.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplesTest {
    private static Samples samples(double... numbers) {
        return Samples.of(DoubleStream.of(numbers));
    }

    @Test
    void takesTheMiddleOne() {
        assertThat(samples(9, 1, 5).median()).isEqualTo(5);
        assertThat(samples(4, 1, 2, 100).median()).isEqualTo(3);
        assertThat(samples().median()).isNaN();
    }

    @Test
    void comparesMedians() {
        assertThat(samples(200, 220, 90_000).ratioTo(samples(110, 1, 500))).isEqualTo(2);
    }

    @Test
    void knowsTheEnds() {
        assertThat(samples(3, 1, 2).lowest()).isEqualTo(1);
        assertThat(samples(3, 1, 2).highest()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "0.1234, 0.12",
        "12.345, 12.3",
        "1234567.8, '1,234,568'",
        "NaN, –",
    })
    void readsWell(double number, String text) {
        assertThat(Samples.text(number)).isEqualTo(text);
    }
}
