package io.streamcell.benchmarks.pipeline;

import java.util.List;

/** One subject in one case, to be run once a round. */
interface Trial {
    /** What {@code --only} is matched against: case and subject. */
    String name();

    /**
     * Runs from a fresh start to the end.
     *
     * @throws IllegalStateException if what came out is not what must come out
     */
    List<Figure> run() throws Exception;
}
