package io.paxoslog.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatrixTest {
    private static List<List<String>> titles(Map<Key, String> overruling, String... lines) {
        return Matrix.read(List.of(lines), overruling).stream()
                .map(group -> group.stream().map(Cell::title).toList())
                .toList();
    }

    @Test
    void groupsWhatDiffersOnlyInWhoPlays() {
        assertThat(titles(Map.of(), "contender = paxoslog, floor", "window = 1, 16"))
                .containsExactly(
                        List.of("paxoslog window=1", "floor window=1"),
                        List.of("paxoslog window=16", "floor window=16"));
    }

    @Test
    void aBlankLineBeginsAnotherBlockAndACommentDoesNot() {
        assertThat(titles(Map.of(), "nodes = 1", "# and", "payload = 8", "", "nodes = 5 # five"))
                .containsExactly(
                        List.of("paxoslog nodes=1 payload=8"), List.of("paxoslog nodes=5"));
    }

    @Test
    void aContenderMayNameItsProfile() {
        List<Cell> group =
                Matrix.read(List.of("contender = paxoslog, aeron-cluster:best-32k"), Map.of())
                        .get(0);

        assertThat(group.get(0).get(Key.PROFILE)).isEqualTo("best");
        assertThat(group.get(1).mtuBytes()).isEqualTo(32_768);
        assertThat(group.get(1).get(Key.CONTENDER)).isEqualTo("aeron-cluster");
    }

    @Test
    void paxosLogFindsTheLargestDatagramByItselfUnlessItIsTold() {
        List<Cell> group =
                Matrix.read(List.of("contender = paxoslog, aeron-cluster"), Map.of()).get(0);
        assertThat(group.get(0).mtuBytes()).isZero();
        assertThat(group.get(1).mtuBytes()).isEqualTo(8192);

        List<Cell> told =
                Matrix.read(List.of("contender = paxoslog", "mtu = 1408"), Map.of()).get(0);
        assertThat(told.get(0).mtuBytes()).isEqualTo(1408);
    }

    @Test
    void whatIsGivenOverrulesTheMatrix() {
        assertThat(titles(Map.of(Key.WINDOW, "4096"), "window = 1, 16"))
                .containsExactly(List.of("paxoslog window=4096"));
    }

    @Test
    void withoutAMatrixThereIsOneCell() {
        assertThat(titles(Map.of(), new String[0])).containsExactly(List.of("paxoslog"));
    }

    @Test
    void saysWhichLineIsWrong() {
        assertThatThrownBy(() -> titles(Map.of(), "windows = 1"))
                .isInstanceOf(CompareException.class)
                .hasMessageContaining("\"windows = 1\"");
        assertThatThrownBy(() -> titles(Map.of(), "window = many"))
                .hasMessage("--window: many is not right; give 1 to 1048576");
        assertThatThrownBy(() -> titles(Map.of(), "durability = maybe"))
                .hasMessage("--durability: maybe is not right; give async, sync, page-cache");
    }

    @Test
    void aCellSurvivesItsOwnArguments() {
        Cell cell = new Cell(Map.of(Key.RATE, "1000.5", Key.IDLE, "spin"));

        assertThat(Cell.parse(cell.arguments()).texts()).isEqualTo(cell.texts());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "quick",
                "target",
                "windows",
                "rates",
                "payloads",
                "nodes",
                "threads",
                "gap"
            })
    void everyMatrixThatComesWithThisCanBePlayed(String name) throws IOException {
        String text;
        try (InputStream in = getClass().getResourceAsStream("/matrices/" + name + ".txt")) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(Matrix.read(text.lines().toList(), Map.of()))
                .isNotEmpty()
                .allSatisfy(group -> assertThat(group).isNotEmpty());
    }
}
