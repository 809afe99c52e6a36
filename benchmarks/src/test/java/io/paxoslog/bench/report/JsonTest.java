package io.paxoslog.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void readsWhatItWrote() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("whole", 5_000_000_000L);
        value.put("part", 0.125);
        value.put("text", "\"quoted\" \\ \n\t\u0001 µ \ud83d\ude00");
        value.put("none", null);
        value.put("list", Arrays.asList(true, false, List.of(), Map.of()));

        assertThat(Json.read(Json.write(value))).isEqualTo(value);
    }

    @Test
    void writesOnOneLine() {
        assertThat(Json.write(Map.of("a", List.of("b\nc", 1.5))))
                .isEqualTo("{\"a\":[\"b\\u000ac\",1.50000]}");
    }

    @Test
    void writesWhatIsNoNumberAsNull() {
        assertThat(Json.write(Double.NaN)).isEqualTo("null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[1,", "[1 2]", "{\"a\"}", "\"open", "nul", "1-", "1 2", "\"\\x\""})
    void refusesWhatIsNotJson(String text) {
        assertThatThrownBy(() -> Json.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not JSON");
    }
}
