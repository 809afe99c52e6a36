package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.service.MapFormat;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Lines as people and programs type them for the map shell. */
class MapLineTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] read(String line) {
        return MapLine.read(bytes(line)).bytes();
    }

    private static void refuses(String line, String why) {
        assertThatThrownBy(() -> MapLine.read(bytes(line)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }

    @Test
    void readsEachCommand() {
        assertThat(read("put k v")).isEqualTo(MapFormat.put(bytes("k"), bytes("v")));
        assertThat(read("  get\tk \r")).isEqualTo(MapFormat.get(bytes("k")));
        assertThat(read("cas k a b")).isEqualTo(MapFormat.swap(bytes("k"), bytes("a"), bytes("b")));
        assertThat(read("del k")).isEqualTo(MapFormat.delete(bytes("k")));
    }

    @Test
    void aWordInQuotesMayHoldBlanksAndNothing() {
        assertThat(read("put \"a key\" \"\"")).isEqualTo(MapFormat.put(bytes("a key"), bytes("")));
        assertThat(read("put k \"say \\\"no\\\" \\\\\""))
                .isEqualTo(MapFormat.put(bytes("k"), bytes("say \"no\" \\")));
        assertThat(read("put k a\\b")).isEqualTo(MapFormat.put(bytes("k"), bytes("a\\b")));
    }

    @Test
    void bytesThatAreNoTextStayAsTheyAre() {
        byte[] line = {'g', 'e', 't', ' ', (byte) 0xC3, (byte) 0xFF};
        assertThat(MapLine.read(line).bytes())
                .isEqualTo(MapFormat.get(new byte[] {(byte) 0xC3, (byte) 0xFF}));
        assertThat(read("get \u20ac")).isEqualTo(MapFormat.get(bytes("\u20ac")));
        assertThat(MapLine.read(bytes("get \u20ac")).key()).isEqualTo("\u20ac");
    }

    @Test
    void aBlankLineIsNone() {
        assertThat(MapLine.read(bytes(" \t"))).isNull();
        assertThat(MapLine.read(new byte[0])).isNull();
    }

    @Test
    void saysInOneLineWhatIsWrong() {
        refuses("list", "'list' is none of put, get, cas and del");
        refuses("x".repeat(50), "'" + "x".repeat(40) + "...' is none of put, get, cas and del");
        refuses(
                "put k a b",
                "put KEY VALUE, not 4 words; a word with blanks stands in double quotes");
        refuses("get", "get KEY, not 1 words; a word with blanks stands in double quotes");
        refuses("get \"k", "a double quote is not closed");
        refuses("get \"\"", "a key has 1 to 1024 bytes, not 0");
        refuses("get " + "k".repeat(1025), "a key has 1 to 1024 bytes, not 1025");
        refuses("put k " + "v".repeat(65_537), "a value has up to 65536 bytes, not 65537");
        refuses("cas k " + "v".repeat(65_537) + " a", "a value has up to 65536 bytes, not 65537");
    }
}
