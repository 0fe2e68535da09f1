package io.streamcell.jobs.formats;

import io.streamcell.operators.Score;
import java.io.Serializable;

/** What a source makes of the scores that it reads; travels with the job to its tasks. */
@FunctionalInterface
public interface ScoreUse<T> extends Serializable {
    /**
     * What a score becomes, or null for nothing.
     *
     * @param timestamp of the record, or {@code Long.MIN_VALUE} without one
     */
    T of(Score score, long timestamp);
}
