package io.paxoslog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLinesTest {

    @Test
    void eachLineIsACommandAndTheLastNeedsNoLineFeed() {
        assertThat(read("pear\n\ntwo words\napple"))
                .containsExactly("pear", "", "two words", "apple");
        assertThat(read("pear\n")).containsExactly("pear");
        assertThat(read("")).isEmpty();
    }

    @Test
    void eachWordIsACommand() {
        CommandLines commands = CommandLines.of(List.of("pear", "", "two words"));
        assertThat(readAll(commands)).containsExactly("pear", "", "two words");
    }

    @Test
    void moreLinesThanAreReadAheadComeInOrder() {
        StringBuilder text = new StringBuilder();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            lines.add("line " + i);
            text.append("line ").append(i).append('\n');
        }
        assertThat(read(text.toString())).isEqualTo(lines);
    }

    @Test
    void aLineWithoutEndIsGivenUpAndNamed() {
        CommandLines commands =
                CommandLines.of(
                        new ByteArrayInputStream(
                                ("first\n" + "x".repeat(1_200_000)).getBytes(UTF_8)));
        assertThat(readAll(commands)).containsExactly("first");
        assertThat(commands.problem()).isEqualTo("a line is longer than 1048576 bytes");
    }

    @Test
    void anInputThatBreaksIsNamed() {
        InputStream broken =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("it broke");
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        return read();
                    }
                };
        CommandLines commands = CommandLines.of(broken);
        assertThat(readAll(commands)).isEmpty();
        assertThat(commands.problem()).contains("it broke");
    }

    private static List<String> read(String text) {
        CommandLines commands = CommandLines.of(new ByteArrayInputStream(text.getBytes(UTF_8)));
        List<String> read = readAll(commands);
        assertThat(commands.problem()).isNull();
        return read;
    }

    private static List<String> readAll(CommandLines commands) {
        List<String> read = new ArrayList<>();
        while (!commands.hasEnded()) {
            byte[] command = commands.peek();
            if (command == null) {
                Thread.onSpinWait();
                continue;
            }
            read.add(new String(command, UTF_8));
            commands.remove();
        }
        return read;
    }
}
