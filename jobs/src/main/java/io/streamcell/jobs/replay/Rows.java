package io.streamcell.jobs.replay;

import io.streamcell.jobs.formats.ScorePieces;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Score;
import java.util.Arrays;

/**
 * Rows of one output of a score that wait to be compared: one for each timestep, or one for the
 * whole chunk.
 *
 * @param score with that output alone
 * @param timed whether there is a row for each timestep
 * @param from the first of its rows that these are
 * @param to the row behind the last
 * @param timestamp of the record, or {@link #NO_TIME}
 */
record Rows(Score score, boolean timed, int from, int to, long timestamp) {
    static final long NO_TIME = Long.MIN_VALUE;
    private static final int USUAL_BYTES = 160;

    /** All rows of a score's output. */
    static Rows of(Score score, boolean timed, long timestamp) {
        return new Rows(score, timed, 0, timed ? score.outputs().get(0).rows() : 1, timestamp);
    }

    /** Number of the timestep that the first row is of. */
    long start() {
        return score.start() + from;
    }

    /** The number behind that of the last. */
    long end() {
        return score.start() + to;
    }

    int count() {
        return to - from;
    }

    private OutputValues output() {
        return score.outputs().get(0);
    }

    /** The output's name, or null for the only one. */
    String name() {
        return output().name();
    }

    float[] values() {
        return output().values();
    }

    /** Floats in a row. */
    int width() {
        int rows = timed ? output().rows() : 1;
        return rows == 0 ? 0 : values().length / rows;
    }

    /** Where a timestep's row begins among the values. */
    int at(long timestep) {
        return (int) (timestep - score.start()) * width();
    }

    /** The rows from one timestep to another. */
    Rows part(long first, long end) {
        int begin = (int) (first - score.start());
        return new Rows(score, timed, begin, (int) (end - score.start()), timestamp);
    }

    /** What had happened right before a timestep. */
    int flags(long timestep) {
        return timestep == score.start() ? score.flags() : 0;
    }

    /** A timestep's event time, or {@link #NO_TIME}. */
    long time(long timestep) {
        long[] times = score.times();
        if (times.length == 0) {
            return NO_TIME;
        }
        int row = (int) (timestep - score.start());
        return times.length == 1 || !timed ? times[0] : times[Math.min(row, times.length - 1)];
    }

    /** How many rows from a timestep on are the same to a bit; all that is no number is alike. */
    int same(Rows other, long timestep, int rows) {
        int width = width();
        if (width != other.width()) {
            return 0;
        }
        int floats = rows * width;
        int a = at(timestep);
        int b = other.at(timestep);
        int differs = Arrays.mismatch(values(), a, a + floats, other.values(), b, b + floats);
        return differs < 0 ? rows : differs / width;
    }

    /** These rows as a score of their own. */
    Score asScore() {
        return timed ? ScorePieces.piece(score, from, to) : score;
    }

    /** A guess at the memory that they take. */
    long bytes() {
        return USUAL_BYTES + 4L * count() * width() + 8L * score.times().length;
    }
}
