package io.streamcell.benchmarks.kernels;

import io.streamcell.benchmarks.Measurement;
import io.streamcell.benchmarks.Ratios;
import io.streamcell.benchmarks.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * Outcomes as text: a table of all cases, who was absent and why, and what the ratios come to.
 *
 * @param subjects the columns, in order
 */
record Scoreboard(List<String> subjects, List<Outcome> outcomes) {
    private static final String VECTOR = Provider.PREFIX + "vector";
    private static final String NATIVE = Provider.PREFIX + "native";

    Scoreboard {
        subjects = List.copyOf(subjects);
        outcomes = List.copyOf(outcomes);
    }

    @Override
    public String toString() {
        return table() + "\n" + absent() + summary();
    }

    private String table() {
        List<String> headings = new ArrayList<>(List.of("case"));
        headings.addAll(subjects);
        headings.addAll(List.of("ours/best peer", "GFLOP/s", "of peak"));
        Table table = new Table(headings);
        for (Outcome outcome : outcomes) {
            List<String> cells = new ArrayList<>(List.of(outcome.workload().name()));
            subjects.forEach(subject -> cells.add(cell(outcome, subject)));
            cells.add(text(outcome.ratio()));
            cells.add(
                    outcome.ours()
                            .map(ours -> "%.1f".formatted(outcome.gigaflops(ours.rate())))
                            .orElse("-"));
            cells.add(
                    outcome.ours()
                            .map(ours -> percent(outcome.peakShare(ours.subject())))
                            .orElse("-"));
            table.add(cells);
        }
        return table.toString();
    }

    private static String cell(Outcome outcome, String subject) {
        return outcome.of(subject)
                .map(Measurement::rate)
                .map(Table::rate)
                .orElse(outcome.absent().containsKey(subject) ? "absent" : "-");
    }

    private String absent() {
        Map<String, String> reasons = new LinkedHashMap<>();
        outcomes.forEach(outcome -> outcome.absent().forEach(reasons::putIfAbsent));
        StringBuilder text = new StringBuilder();
        reasons.forEach(
                (subject, reason) -> text.append("%s absent: %s%n".formatted(subject, reason)));
        return text.toString();
    }

    private String summary() {
        StringBuilder text = new StringBuilder();
        line(text, "ours/best peer, 64 rows or more", mean(outcome -> rows(outcome) >= 64));
        line(text, "ours/best peer, one row", mean(outcome -> rows(outcome) == 1));
        outcomes.stream()
                .filter(outcome -> outcome.ratio().isPresent())
                .min(Comparator.comparingDouble(outcome -> outcome.ratio().getAsDouble()))
                .ifPresent(
                        least ->
                                line(
                                        text,
                                        "least",
                                        text(least.ratio()) + "  " + least.workload().name()));
        line(text, "vector/native", mean(ratios(VECTOR, NATIVE)));
        for (Outcome outcome : outcomes) {
            if (rows(outcome) >= 256 && outcome.workload().units() > 32) {
                shares(outcome, text);
            }
        }
        return text.toString();
    }

    private void shares(Outcome outcome, StringBuilder text) {
        for (String subject : subjects) {
            if (Outcome.isOurs(subject) && outcome.of(subject).isPresent()) {
                String share = percent(outcome.peakShare(subject));
                line(text, "of peak, " + subject, share + "  " + outcome.workload().name());
            }
        }
    }

    private String mean(Predicate<Outcome> which) {
        return mean(
                outcomes.stream()
                        .filter(which)
                        .map(Outcome::ratio)
                        .filter(OptionalDouble::isPresent)
                        .map(OptionalDouble::getAsDouble)
                        .toList());
    }

    private static String mean(List<Double> ratios) {
        return ratios.isEmpty()
                ? "-"
                : "%.2f  geometric mean of %d cases"
                        .formatted(Ratios.geometricMean(ratios), ratios.size());
    }

    private List<Double> ratios(String subject, String other) {
        return outcomes.stream()
                .map(outcome -> outcome.ratio(subject, other))
                .filter(OptionalDouble::isPresent)
                .map(OptionalDouble::getAsDouble)
                .toList();
    }

    private static int rows(Outcome outcome) {
        return outcome.workload().rows();
    }

    private static void line(StringBuilder text, String what, String found) {
        text.append(String.format(Locale.ROOT, "%-34s  %s%n", what, found));
    }

    private static String text(OptionalDouble ratio) {
        return ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : "-";
    }

    private static String percent(OptionalDouble share) {
        return share.isPresent()
                ? String.format(Locale.ROOT, "%.0f %%", 100 * share.getAsDouble())
                : "-";
    }
}
