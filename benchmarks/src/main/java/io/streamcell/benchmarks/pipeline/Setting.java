package io.streamcell.benchmarks.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * How the parts are run.
 *
 * @param records events of a run of the quickest subject in the smallest case; others take a share
 * @param rounds of every part; where absent, as many as each part wants
 * @param only whether a trial of this name is run
 * @param folder for models, checkpoints and Kafka's logs
 * @param progress is told what is about to run
 */
record Setting(
        long records,
        OptionalInt rounds,
        Predicate<String> only,
        Path folder,
        Consumer<String> progress) {
    /** Runs the trials that are asked for, those of each case by themselves. */
    List<Series> hold(List<List<Trial>> cases, int usualRounds) throws Exception {
        List<Series> series = new ArrayList<>();
        for (List<Trial> trials : cases) {
            series.addAll(Contest.hold(chosen(trials), rounds.orElse(usualRounds), progress));
        }
        return series;
    }

    /** Those that are asked for. */
    List<Trial> chosen(List<Trial> trials) {
        return trials.stream().filter(trial -> only.test(trial.name())).toList();
    }

    /** A part of the records. */
    long share(double of) {
        return Math.max(2, Math.round(records * of));
    }
}
