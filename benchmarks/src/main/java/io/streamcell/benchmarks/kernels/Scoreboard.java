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
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * Outcomes as text: a table of all cases, who was absent and why, and what the ratios come to.
 *
 * @param subjects the columns, in order
 * @param unrestricted a peer that uses more of the processor than the others may, and is shown but
 *     not compared with; empty where there is none
 */
record Scoreboard(List<String> subjects, List<Outcome> outcomes, Optional<String> unrestricted) {
    private static final String VECTOR = Provider.PREFIX + "vector";
    private static final String NATIVE = Provider.PREFIX + "native";

    Scoreboard {
        subjects = List.copyOf(subjects);
        outcomes = List.copyOf(outcomes);
    }

    @Override
    public String toString() {
        String text = table() + "\n" + absent() + summary(compared());
        return unrestricted.isEmpty()
                ? text
                : "%s%nwith %s, which uses all that the processor has%n%s"
                        .formatted(text, unrestricted.get(), ratios(outcomes));
    }

    /** The outcomes with those peers alone that are restricted as ours. */
    List<Outcome> compared() {
        return unrestricted.isEmpty()
                ? outcomes
                : outcomes.stream().map(outcome -> outcome.without(unrestricted.get())).toList();
    }

    private String table() {
        List<String> headings = new ArrayList<>(List.of("case"));
        headings.addAll(subjects);
        headings.addAll(List.of("ours/best peer", "GFLOP/s", "of peak"));
        Table table = new Table(headings);
        for (Outcome outcome : outcomes) {
            List<String> cells = new ArrayList<>(List.of(outcome.workload().name()));
            subjects.forEach(subject -> cells.add(cell(outcome, subject)));
            cells.add(text(compared().get(outcomes.indexOf(outcome)).ratio()));
            cells.add(
                    outcome.ours()
                            .map(
                                    ours ->
                                            String.format(
                                                    Locale.ROOT,
                                                    "%.1f",
                                                    outcome.gigaflops(ours.rate())))
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

    private String summary(List<Outcome> compared) {
        StringBuilder text = new StringBuilder(ratios(compared));
        line(text, "vector/native", mean(compared, outcome -> outcome.ratio(VECTOR, NATIVE)));
        for (Outcome outcome : compared) {
            if (showsPeak(outcome.workload())) {
                shares(outcome, text);
            }
        }
        return text.toString();
    }

    private static String ratios(List<Outcome> compared) {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "ours/best peer, 64 rows or more",
                mean(with(compared, rows -> rows >= 64), Outcome::ratio));
        line(
                text,
                "ours/best peer, one row",
                mean(with(compared, rows -> rows == 1), Outcome::ratio));
        compared.stream()
                .filter(outcome -> outcome.ratio().isPresent())
                .min(Comparator.comparingDouble(outcome -> outcome.ratio().getAsDouble()))
                .ifPresent(
                        least ->
                                line(
                                        text,
                                        "least",
                                        text(least.ratio()) + "  " + least.workload().name()));
        return text.toString();
    }

    private static List<Outcome> with(List<Outcome> outcomes, IntPredicate rows) {
        return outcomes.stream().filter(outcome -> rows.test(outcome.workload().rows())).toList();
    }

    /** The geometric mean over the cases that have the ratio. */
    private static String mean(List<Outcome> outcomes, Function<Outcome, OptionalDouble> ratio) {
        List<Double> found =
                outcomes.stream()
                        .map(ratio)
                        .filter(OptionalDouble::isPresent)
                        .map(OptionalDouble::getAsDouble)
                        .toList();
        return found.isEmpty()
                ? "-"
                : String.format(
                        Locale.ROOT,
                        "%.2f  geometric mean of %d cases",
                        Ratios.geometricMean(found),
                        found.size());
    }

    /** The cases that the shares of the peak are judged by. */
    private static boolean showsPeak(Workload workload) {
        return workload.rows() >= 256
                && workload.units() > 32
                && (workload.isProduct() || workload.kind() == Workload.Kind.LSTM);
    }

    private void shares(Outcome outcome, StringBuilder text) {
        for (String subject : subjects) {
            if (Outcome.isOurs(subject) && outcome.of(subject).isPresent()) {
                String share = percent(outcome.peakShare(subject));
                line(text, "of peak, " + subject, share + "  " + outcome.workload().name());
            }
        }
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
