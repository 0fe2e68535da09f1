package io.streamcell.benchmarks.pipeline;

import java.util.List;

/** A question that the benchmark answers with one table. */
interface Part {
    /** As {@code --parts} names it. */
    String name();

    /** What is measured, in a sentence, above the table. */
    String title();

    /** What every subject is set beside. */
    List<Comparison> comparisons();

    /** Runs the trials. */
    List<Series> measure(Setting setting) throws Exception;
}
