package io.streamcell.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows of text in aligned columns: the first flush left, all others flush right. */
public final class Table {
    private final List<List<String>> lines = new ArrayList<>();

    public Table(List<String> headings) {
        lines.add(List.copyOf(headings));
    }

    /** Adds a row with a cell for each heading. */
    public void add(List<String> cells) {
        if (cells.size() != lines.get(0).size()) {
            throw new IllegalArgumentException(
                    "a row must have %d cells, got %d"
                            .formatted(lines.get(0).size(), cells.size()));
        }
        lines.add(List.copyOf(cells));
    }

    /** A rate in three digits: {@code 840 k}. */
    public static String rate(double value) {
        String[] suffixes = {"", " k", " M", " G"};
        int power = 0;
        double scaled = value;
        while (scaled >= 999.5 && power < suffixes.length - 1) {
            scaled /= 1000;
            power++;
        }
        String digits = scaled >= 99.95 ? "%.0f" : scaled >= 9.995 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, digits, scaled) + suffixes[power];
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder();
            for (int column = 0; column < line.size(); column++) {
                String padding = " ".repeat(width(column) - line.get(column).length());
                row.append(
                        column == 0
                                ? line.get(column) + padding
                                : "  " + padding + line.get(column));
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private int width(int column) {
        return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
    }
}
