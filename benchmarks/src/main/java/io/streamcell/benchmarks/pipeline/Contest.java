package io.streamcell.benchmarks.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs trials in turn, each once a round, the first of a round another one each time. */
final class Contest {
    private record Key(String workload, String subject, String unit) {}

    private Contest() {}

    /**
     * Holds the contest.
     *
     * @param progress is told what is about to run
     */
    static List<Series> hold(List<Trial> trials, int rounds, Consumer<String> progress)
            throws Exception {
        Map<Key, List<Double>> found = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (int turn = 0; turn < trials.size(); turn++) {
                Trial trial = trials.get((turn + round) % trials.size());
                progress.accept("round %d of %d: %s".formatted(round + 1, rounds, trial.name()));
                for (Figure figure : trial.run()) {
                    Key key = new Key(figure.workload(), figure.subject(), figure.unit());
                    found.computeIfAbsent(key, each -> new ArrayList<>()).add(figure.value());
                }
            }
        }
        List<Series> series = new ArrayList<>();
        found.forEach(
                (key, values) ->
                        series.add(new Series(key.workload(), key.subject(), key.unit(), values)));
        return series;
    }
}
