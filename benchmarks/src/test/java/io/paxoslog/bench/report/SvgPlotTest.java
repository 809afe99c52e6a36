package io.paxoslog.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.DoubleStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class SvgPlotTest {
    private static SvgPlot plot(boolean isLogarithmic, SvgPlot.Point... points) {
        return new SvgPlot("a < b & c", "x", isLogarithmic, "y", isLogarithmic)
                .line("line", false, List.of(points));
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void writesAWellFormedPicture() throws Exception {
        Document svg =
                parse(
                        plot(false, new SvgPlot.Point(0, 0, ""), new SvgPlot.Point(10, 5, "5"))
                                .svg());

        assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(1);
        assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(1);
        assertThat(svg.getElementsByTagName("text").item(0).getTextContent())
                .isEqualTo("a < b & c");
    }

    @Test
    void drawsLinesBetweenTheCorners() {
        String svg = plot(false, new SvgPlot.Point(0, 0, ""), new SvgPlot.Point(10, 5, "")).svg();

        assertThat(svg).contains("points=\"80.0,330.0 740.0,40.0\"");
    }

    @Test
    void aLongTitleTakesMoreRowsAndThePictureGrows() throws Exception {
        String title = "setting=value ".repeat(15).strip();
        SvgPlot plot = new SvgPlot(title, "x", false, "y", false);
        for (int i = 0; i < 10; i++) {
            plot.line("line " + i, false, List.of(new SvgPlot.Point(1, 1, "")));
        }

        Document svg = parse(plot.svg());

        String first = svg.getElementsByTagName("text").item(0).getTextContent();
        String second = svg.getElementsByTagName("text").item(1).getTextContent();
        String third = svg.getElementsByTagName("text").item(2).getTextContent();
        assertThat(first.length()).isBetween(80, 100);
        assertThat(second.length()).isBetween(80, 100);
        assertThat(first + " " + second + " " + third).isEqualTo(title);
        // Two rows more of the title, one more of the names of lines.
        assertThat(svg.getDocumentElement().getAttribute("viewBox")).isEqualTo("0 0 760 490");
    }

    @Test
    void leavesOutWhatHasNoPlace() {
        assertThat(plot(true, new SvgPlot.Point(0, 1, "")).isEmpty()).isTrue();
        assertThat(plot(false, new SvgPlot.Point(1, Double.NaN, "")).isEmpty()).isTrue();
        assertThat(plot(true, new SvgPlot.Point(1, 1, "")).isEmpty()).isFalse();
    }

    @Test
    void logarithmicAxesRunBetweenPowersOfTen() {
        Axis axis = Axis.around("x", true, DoubleStream.of(3, 700));

        assertThat(axis.ticks()).containsExactly(1.0, 10.0, 100.0, 1000.0);
        assertThat(axis.place(1)).isZero();
        assertThat(axis.place(1000)).isCloseTo(1, within(1e-9));
        assertThat(axis.place(100)).isCloseTo(2.0 / 3, within(1e-9));
    }

    @Test
    void linearAxesBeginAtZeroAndEndOnAMark() {
        Axis axis = Axis.around("x", false, DoubleStream.of(2, 7));

        assertThat(axis.ticks()).containsExactly(0.0, 2.0, 4.0, 6.0, 8.0);
        assertThat(axis.place(4)).isEqualTo(0.5);
    }

    @Test
    void anAxisWithoutValuesStillHasALength() {
        assertThat(Axis.around("x", false, DoubleStream.empty()).place(0)).isZero();
        assertThat(Axis.around("x", true, DoubleStream.of(10)).ticks()).hasSizeGreaterThan(1);
    }
}
