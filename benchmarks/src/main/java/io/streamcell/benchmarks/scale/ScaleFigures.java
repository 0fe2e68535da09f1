package io.streamcell.benchmarks.scale;

/**
 * What a number of streams took.
 *
 * @param firstRate timesteps a second of streams that are new
 * @param coldRate timesteps a second of streams whose state lies in the backend
 * @param backendBytes that the backend's files have after the first sweep
 * @param full the first checkpoint, of every stream
 * @param tenth a checkpoint after a tenth of the streams changed
 * @param restoreSeconds from the submission until every task of two runs, from that checkpoint
 * @param savepoint of every stream
 * @param toOneSeconds from the submission until the one task runs, from that savepoint of two
 * @param toTwoSeconds the same back
 * @param peakBytes of memory that the process had at most
 */
record ScaleFigures(
        int streams,
        double firstRate,
        double coldRate,
        long backendBytes,
        ScaleJob.Saved full,
        ScaleJob.Saved tenth,
        double restoreSeconds,
        ScaleJob.Saved savepoint,
        double toOneSeconds,
        double toTwoSeconds,
        long peakBytes) {}
