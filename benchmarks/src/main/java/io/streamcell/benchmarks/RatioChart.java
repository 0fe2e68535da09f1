package io.streamcell.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * Ratios as horizontal bars on a logarithmic axis, to the right of 1 or to the left of it, as one
 * SVG element that needs nothing else.
 *
 * @param bars from top to bottom
 */
public record RatioChart(String title, List<Bar> bars) {
    private static final int LABELS = 400;
    private static final int WIDTH = 1000;
    private static final int ROW = 22;
    private static final int TOP = 60;

    /**
     * One bar.
     *
     * @param ratio above 0
     */
    public record Bar(String label, double ratio) {
        public Bar {
            if (!(ratio > 0) || Double.isInfinite(ratio)) {
                throw new IllegalArgumentException(
                        "a ratio must be above 0 and finite, got %s of %s".formatted(ratio, label));
            }
        }
    }

    public RatioChart {
        bars = List.copyOf(bars);
    }

    /** The chart; {@code xmlns} is set, so that it may also stand in a file of its own. */
    public String svg() {
        int height = TOP + ROW * bars.size() + 10;
        StringBuilder svg = new StringBuilder();
        line(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH,
                height);
        line(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, height);
        line(svg, "<text x=\"10\" y=\"24\" font-size=\"16\">%s</text>", escaped(title));
        for (int power = low(); power <= high(); power++) {
            double x = place(Math.scalb(1.0, power));
            String colour = power == 0 ? "#333" : "#ddd";
            line(svg, "<path d=\"M%.1f %d V%d\" stroke=\"%s\"/>", x, TOP - 6, height - 8, colour);
            String number = power < 0 ? "1/" + (1 << -power) : Integer.toString(1 << power);
            line(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555\">%s</text>",
                    x,
                    TOP - 12,
                    number);
        }
        for (int k = 0; k < bars.size(); k++) {
            bar(svg, bars.get(k), TOP + k * ROW);
        }
        return svg.append("</svg>\n").toString();
    }

    private void bar(StringBuilder svg, Bar bar, int y) {
        double one = place(1);
        double end = place(bar.ratio());
        line(
                svg,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
                LABELS - 10,
                y + 15,
                escaped(bar.label()));
        line(
                svg,
                "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
                Math.min(one, end),
                y + 3,
                Math.abs(end - one),
                ROW - 6,
                bar.ratio() < 1 ? "#c0504d" : "#3b78b5");
        line(
                svg,
                "<text x=\"%.1f\" y=\"%d\" fill=\"#333\">%.2f</text>",
                Math.max(one, end) + 5,
                y + 15,
                bar.ratio());
    }

    private double place(double ratio) {
        double share = (Math.log(ratio) / Math.log(2) - low()) / (high() - low());
        return LABELS + 10 + share * (WIDTH - LABELS - 70);
    }

    private int low() {
        return Math.min(
                -1, bars.stream().mapToInt(bar -> Math.getExponent(bar.ratio())).min().orElse(0));
    }

    private int high() {
        return Math.max(
                1,
                bars.stream().mapToInt(bar -> Math.getExponent(bar.ratio()) + 1).max().orElse(0));
    }

    private static void line(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /** Text as it may stand in XML. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
