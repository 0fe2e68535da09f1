package io.streamcell.benchmarks.pipeline;

import io.streamcell.benchmarks.Measurement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Lays series out as a table, in Markdown that reads well on a terminal. */
final class Table {
    private Table() {}

    /**
     * One line a series: case, subject, median, spread, and a column for each comparison.
     *
     * @param series all of one unit
     */
    static String of(List<Series> series, List<Comparison> comparisons) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>();
        head.add("Case");
        head.add("Subject");
        head.add(series.isEmpty() ? "" : series.get(0).unit());
        head.add("Low – high");
        comparisons.forEach(each -> head.add(each.title()));
        rows.add(head);
        for (Series each : series) {
            Measurement measured = each.measurement();
            List<String> row = new ArrayList<>();
            row.add(each.workload());
            row.add(each.subject());
            row.add(number(measured.rate()));
            row.add(number(measured.low()) + " – " + number(measured.high()));
            comparisons.forEach(comparison -> row.add(compared(each, series, comparison)));
            rows.add(row);
        }
        return lines(rows);
    }

    private static String compared(Series mine, List<Series> all, Comparison comparison) {
        Optional<Series> base =
                all.stream()
                        .filter(each -> each.workload().equals(mine.workload()))
                        .filter(each -> each.subject().equals(comparison.base()))
                        .filter(each -> !each.subject().equals(mine.subject()))
                        .findFirst();
        if (base.isEmpty()) {
            return "";
        }
        Measurement compared = mine.against(base.get(), comparison.operator());
        return "%s (%s – %s)"
                .formatted(
                        number(compared.rate()), number(compared.low()), number(compared.high()));
    }

    private static String number(double value) {
        if (Math.abs(value) >= 1000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, Math.abs(value) >= 20 ? "%.1f" : "%.2f", value);
    }

    private static String lines(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int k = 0; k < columns; k++) {
                widths[k] = Math.max(widths[k], row.get(k).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < rows.size(); line++) {
            for (int k = 0; k < columns; k++) {
                String cell = rows.get(line).get(k);
                text.append("| ").append(cell).append(" ".repeat(widths[k] - cell.length() + 1));
            }
            text.append("|\n");
            if (line == 0) {
                for (int width : widths) {
                    text.append('|').append("-".repeat(width + 2));
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }
}
