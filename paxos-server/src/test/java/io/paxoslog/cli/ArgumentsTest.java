package io.paxoslog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private static final byte[] NO_TEXT = {'a', (byte) 0xFF, (byte) 0xED, (byte) 0xA0, 'b'};

    @Test
    void wordsAreTakenFromWhereTheyLieWhateverTheLocaleMadeOfThem() {
        byte[] words = zeroEnded("java".getBytes(UTF_8), "-jar".getBytes(UTF_8), text("grüße"));
        String[] reread = Arguments.reread(new String[] {"gr\uFFFD\uFFFD\uFFFD\uFFFDe"}, words);
        assertThat(reread).containsExactly("grüße");
        assertThat(Arguments.reread(new String[] {"gr????e"}, words)).containsExactly("grüße");
    }

    @Test
    void bytesThatAreNoTextComeBackAsTheyWere() {
        byte[] words = zeroEnded(text("java"), NO_TEXT, new byte[0], text("z"));
        String[] reread = Arguments.reread(new String[] {"a\uFFFDb", "", "z"}, words);
        assertThat(Arguments.bytes(reread[0])).isEqualTo(NO_TEXT);
        assertThat(reread[1]).isEmpty();
        assertThat(reread[2]).isEqualTo("z");
    }

    @Test
    void anyBytesComeBackAsTheyWere() {
        Random random = new Random(3);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            for (int k = 0; k < bytes.length; k++) {
                bytes[k] = (byte) (1 + random.nextInt(255));
            }
            String[] decoded = {new String(bytes, UTF_8)};
            String word = Arguments.reread(decoded, zeroEnded(text("java"), bytes))[0];
            assertThat(Arguments.bytes(word)).isEqualTo(bytes);
        }
    }

    @Test
    void wordsOfAnotherProcessAreNotTaken() {
        byte[] words = zeroEnded(text("java"), text("other"));
        assertThat(Arguments.reread(new String[] {"mine"}, words)).containsExactly("mine");
        assertThat(Arguments.reread(new String[] {"a", "b", "c"}, words))
                .containsExactly("a", "b", "c");
    }

    @Test
    void whatCannotBeReadAgainIsRefusedUnlessTheLocaleKeepsIt() {
        String[] words = {"plain", "grüße"};
        assertThat(Arguments.requireReadable(words, "UTF-8")).isEqualTo(words);
        assertThatThrownBy(() -> Arguments.requireReadable(words, "ISO-8859-1"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("'grüße' cannot be read in this locale")
                .hasMessageContaining("LC_ALL=C.UTF-8");
        assertThatThrownBy(() -> Arguments.requireReadable(new String[] {"gr\uFFFD"}, "UTF-8"))
                .isInstanceOf(CommandFailure.class);
    }

    private static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] zeroEnded(byte[]... words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] word : words) {
            bytes.writeBytes(word);
            bytes.write(0);
        }
        return bytes.toByteArray();
    }
}
