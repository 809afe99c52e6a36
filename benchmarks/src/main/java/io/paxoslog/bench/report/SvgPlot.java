package io.paxoslog.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** Draws lines through points as an SVG picture that needs nothing but a browser. */
final class SvgPlot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 440;
    private static final int LEFT = 80;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 110;
    private static final int LEGEND_COLUMN = 230;
    private static final int LEGEND_ROW = 18;
    private static final int LEGEND_COLUMNS = 3;

    /** Rows for which there is room in the height; more make the picture higher. */
    private static final int LEGEND_ROWS = 3;

    private static final int TITLE_ROW = 16;

    /** What certainly fits into the width. */
    private static final int TITLE_CHARACTERS = 100;

    /** Told apart also by those who do not see all colours (Okabe and Ito). */
    private static final List<String> COLOURS =
            List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9");

    /** A point; its label may be empty. */
    record Point(double x, double y, String label) {}

    private record Series(String name, boolean isDashed, List<Point> points) {}

    private final String title;
    private final String xTitle;
    private final String yTitle;
    private final boolean isXLogarithmic;
    private final boolean isYLogarithmic;
    private final List<Series> lines = new ArrayList<>();
    private DoubleFunction<String> xText = Samples::text;

    SvgPlot(
            String title,
            String xTitle,
            boolean isXLogarithmic,
            String yTitle,
            boolean isYLogarithmic) {
        this.title = title;
        this.xTitle = xTitle;
        this.yTitle = yTitle;
        this.isXLogarithmic = isXLogarithmic;
        this.isYLogarithmic = isYLogarithmic;
    }

    /** Says how marks below the plot read. */
    SvgPlot withXText(DoubleFunction<String> text) {
        xText = text;
        return this;
    }

    /** Adds a line; points that are no finite numbers are left out. */
    SvgPlot line(String name, boolean isDashed, List<Point> points) {
        lines.add(
                new Series(
                        name,
                        isDashed,
                        points.stream()
                                .filter(p -> Double.isFinite(p.x()) && Double.isFinite(p.y()))
                                .filter(p -> p.x() > 0 || !isXLogarithmic)
                                .filter(p -> p.y() > 0 || !isYLogarithmic)
                                .toList()));
        return this;
    }

    boolean isEmpty() {
        return lines.stream().allMatch(line -> line.points().isEmpty());
    }

    /** The picture. */
    String svg() {
        Axis x = Axis.around(xTitle, isXLogarithmic, values(Point::x));
        Axis y = Axis.around(yTitle, isYLogarithmic, values(Point::y));
        List<String> titleRows = titleRows();
        int lower = (titleRows.size() - 1) * TITLE_ROW;
        int height = HEIGHT + lower + moreLegendRows() * LEGEND_ROW;
        StringBuilder svg = new StringBuilder();
        svg.append(
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" \
                font-family="sans-serif" font-size="12">
                <rect width="%d" height="%d" fill="white"/>
                """
                        .formatted(WIDTH, height, WIDTH, height));
        for (int i = 0; i < titleRows.size(); i++) {
            text(svg, WIDTH / 2.0, TOP / 2.0 + i * TITLE_ROW, "middle", titleRows.get(i));
        }
        svg.append("<g transform=\"translate(0 %d)\">\n".formatted(lower));
        appendAxes(svg, x, y);
        for (int i = 0; i < lines.size(); i++) {
            appendLine(svg, x, y, i);
            appendLegend(svg, i);
        }
        return svg.append("</g>\n</svg>\n").toString();
    }

    /** The title, in pieces that fit into the width. */
    private List<String> titleRows() {
        List<String> rows = new ArrayList<>();
        String row = "";
        for (String word : title.split(" ", -1)) {
            if (!row.isEmpty() && row.length() + 1 + word.length() > TITLE_CHARACTERS) {
                rows.add(row);
                row = "";
            }
            row = row.isEmpty() ? word : row + " " + word;
        }
        rows.add(row);
        return rows;
    }

    private int moreLegendRows() {
        int rows = (lines.size() + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
        return Math.max(0, rows - LEGEND_ROWS);
    }

    private DoubleStream values(ToDoubleFunction<Point> value) {
        return lines.stream().flatMap(line -> line.points().stream()).mapToDouble(value);
    }

    private static double left(Axis x, double value) {
        return LEFT + x.place(value) * (WIDTH - LEFT - RIGHT);
    }

    private static double top(Axis y, double value) {
        return HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM);
    }

    private void appendAxes(StringBuilder svg, Axis x, Axis y) {
        for (double tick : x.ticks()) {
            double at = left(x, tick);
            stroke(svg, at, TOP, at, HEIGHT - BOTTOM);
            text(svg, at, HEIGHT - BOTTOM + 16, "middle", xText.apply(tick));
        }
        for (double tick : y.ticks()) {
            double at = top(y, tick);
            stroke(svg, LEFT, at, WIDTH - RIGHT, at);
            text(svg, LEFT - 6, at + 4, "end", Samples.text(tick));
        }
        text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - BOTTOM + 36, "middle", x.title());
        svg.append(
                "<text transform=\"translate(14 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n"
                        .formatted((TOP + HEIGHT - BOTTOM) / 2, escape(y.title())));
    }

    private void appendLine(StringBuilder svg, Axis x, Axis y, int index) {
        Series line = lines.get(index);
        StringBuilder path = new StringBuilder();
        for (Point point : line.points()) {
            double left = left(x, point.x());
            double top = top(y, point.y());
            path.append(number(left)).append(',').append(number(top)).append(' ');
            if (!point.label().isEmpty()) {
                svg.append(
                        "<circle cx=\"%s\" cy=\"%s\" r=\"3\" fill=\"%s\"/>\n"
                                .formatted(number(left), number(top), colour(index)));
                text(svg, left + 5, top - 5, "start", point.label());
            }
        }
        svg.append(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>\n"
                        .formatted(path.toString().strip(), colour(index), dash(line)));
    }

    private void appendLegend(StringBuilder svg, int index) {
        double left = LEFT + (double) (index % LEGEND_COLUMNS) * LEGEND_COLUMN;
        int row = index / LEGEND_COLUMNS;
        double top = HEIGHT - BOTTOM + 58 + (double) row * LEGEND_ROW;
        svg.append(
                "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\" stroke-width=\"2\"%s/>\n"
                        .formatted(
                                number(left),
                                number(top - 4),
                                number(left + 24),
                                number(top - 4),
                                colour(index),
                                dash(lines.get(index))));
        text(svg, left + 30, top, "start", lines.get(index).name());
    }

    private static String colour(int index) {
        return COLOURS.get(index % COLOURS.size());
    }

    private static String dash(Series line) {
        return line.isDashed() ? " stroke-dasharray=\"6 4\"" : "";
    }

    private static void stroke(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(
                "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"#ddd\"/>\n"
                        .formatted(number(x1), number(y1), number(x2), number(y2)));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append(
                "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n"
                        .formatted(number(x), number(y), anchor, escape(text)));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
