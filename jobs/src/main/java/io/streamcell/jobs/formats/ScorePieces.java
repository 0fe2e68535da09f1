package io.streamcell.jobs.formats;

import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a score that is too large for a record into several, by timesteps. Their rows one after
 * another are the score's: an output with one row per chunk, that of its last timestep, stands in
 * the last piece.
 */
public final class ScorePieces {
    private ScorePieces() {}

    /** Whether a score has more than one timestep, and outputs and times that can be cut at one. */
    public static boolean canCut(Score score) {
        int rows = rows(score);
        long[] times = score.times();
        return rows > 1
                && (times.length < 2 || times.length == rows)
                && score.outputs().stream()
                        .allMatch(output -> !output.perTimestep() || output.rows() == rows);
    }

    /** The two halves of a score; flags stand on the first. */
    public static List<Score> halves(Score score) {
        int middle = rows(score) / 2;
        return List.of(
                piece(score, 0, middle, score.flags()), piece(score, middle, rows(score), 0));
    }

    private static int rows(Score score) {
        return score.outputs().stream()
                .filter(OutputValues::perTimestep)
                .mapToInt(OutputValues::rows)
                .findFirst()
                .orElse(0);
    }

    /** The part of a score from one timestep to another, counted from its first. */
    public static Score piece(Score score, int from, int to) {
        return piece(score, from, to, from == 0 ? score.flags() : 0);
    }

    private static Score piece(Score score, int from, int to, int flags) {
        List<OutputValues> outputs = new ArrayList<>();
        for (OutputValues output : score.outputs()) {
            if (!output.perTimestep()) {
                if (to == rows(score)) {
                    outputs.add(output);
                }
                continue;
            }
            int width = output.values().length / output.rows();
            outputs.add(
                    new OutputValues(
                            output.name(),
                            Arrays.copyOfRange(output.values(), from * width, to * width),
                            to - from,
                            true,
                            output.dims()));
        }
        long[] times = score.times();
        return new Score(
                score.stream(),
                score.start() + from,
                times.length > 1 ? Arrays.copyOfRange(times, from, to) : times,
                outputs,
                score.model(),
                flags,
                score.headers());
    }
}
