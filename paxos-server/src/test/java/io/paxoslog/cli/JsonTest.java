package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void writesFieldsInOrderOnOneLine() {
        Json json =
                new Json()
                        .put("slot", 7L)
                        .put("rate", 1.5)
                        .put("reachable", true)
                        .putNull("leader")
                        .put("nodes", List.of(new Json().put("id", 1L), new Json()))
                        .put("in", new Json());
        assertThat(json)
                .hasToString(
                        "{\"slot\":7,\"rate\":1.500,\"reachable\":true,\"leader\":null,"
                                + "\"nodes\":[{\"id\":1},{}],\"in\":{}}");
    }

    @Test
    void escapesWhatWouldEndALineOrAString() {
        assertThat(new Json().put("command", "a\"b\\c\nd\té"))
                .hasToString("{\"command\":\"a\\\"b\\\\c\\u000ad\\u0009é\"}");
    }
}
