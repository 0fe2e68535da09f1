package io.streamcell.jobs.json;

import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts a score that is too large for a record into several, by timesteps. */
public final class ScorePieces {
    private ScorePieces() {}

    /** Whether a score has more than one timestep and nothing but outputs per timestep. */
    public static boolean canCut(Score score) {
        return score.outputs().stream().allMatch(OutputValues::perTimestep) && rows(score) > 1;
    }

    /** The two halves of a score; flags stand on the first. */
    public static List<Score> halves(Score score) {
        int middle = rows(score) / 2;
        return List.of(
                piece(score, 0, middle, score.flags()), piece(score, middle, rows(score), 0));
    }

    private static int rows(Score score) {
        return score.outputs().get(0).rows();
    }

    private static Score piece(Score score, int from, int to, int flags) {
        List<OutputValues> outputs = new ArrayList<>();
        for (OutputValues output : score.outputs()) {
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
