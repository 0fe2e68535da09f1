package io.streamcell.benchmarks.scale;

import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.Score;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.flink.api.common.functions.FilterFunction;

/**
 * Where the job's scores end: of each sweep how many there are, and a digest that does not depend
 * on their order. One for the process, since its job runs in it.
 */
final class Scores implements FilterFunction<OutputRecord> {
    static final int MOST_SWEEPS = 8;

    private static final long serialVersionUID = 1;
    private static final AtomicLongArray COUNTS = new AtomicLongArray(MOST_SWEEPS);
    private static final AtomicLongArray DIGESTS = new AtomicLongArray(MOST_SWEEPS);

    @Override
    public boolean filter(OutputRecord record) {
        Score score = (Score) record;
        int sweep = (int) score.start();
        float value = score.outputs().get(0).values()[0];
        DIGESTS.addAndGet(sweep, digest(SweepEvents.number(score.stream()), sweep, value));
        COUNTS.incrementAndGet(sweep);
        return false;
    }

    /** A score's part of its sweep's digest, which is the sum of them. */
    static long digest(int stream, int sweep, float value) {
        return mixed(stream, sweep) * (Float.floatToRawIntBits(value) | 1L << 32);
    }

    /** SplitMix64. */
    static long mixed(int stream, int sweep) {
        long z = (((long) sweep << 32) + stream + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Scores of all sweeps. */
    static long count() {
        long count = 0;
        for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
            count += COUNTS.get(sweep);
        }
        return count;
    }

    /** Forgets all of it. */
    static void clear() {
        for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
            COUNTS.set(sweep, 0);
            DIGESTS.set(sweep, 0);
        }
    }

    /**
     * Checks that each stream was scored once in each sweep, with the bits that it must have.
     *
     * @param expected each sweep's digest
     * @throws IllegalStateException if not
     */
    static void check(int streams, long[] expected) {
        for (int sweep = 0; sweep < expected.length; sweep++) {
            if (COUNTS.get(sweep) != streams || DIGESTS.get(sweep) != expected[sweep]) {
                throw new IllegalStateException(
                        "sweep %d must have %d scores with digest %016x, got %d with %016x"
                                .formatted(
                                        sweep,
                                        streams,
                                        expected[sweep],
                                        COUNTS.get(sweep),
                                        DIGESTS.get(sweep)));
            }
        }
    }
}
