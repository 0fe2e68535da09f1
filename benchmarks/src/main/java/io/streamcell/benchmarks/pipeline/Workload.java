package io.streamcell.benchmarks.pipeline;

import java.io.Serializable;

/**
 * A case: the network, and the events that it is given.
 *
 * @param features of a timestep
 * @param units of the LSTM
 * @param timesteps of an event
 * @param streams how many there are
 * @param access which stream comes next
 */
record Workload(int features, int units, int timesteps, int streams, Access access)
        implements Serializable {
    /** In which order streams take their turns. */
    enum Access {
        /** Each stream alike, at random. */
        UNIFORM,
        /** Nine events of ten go to a tenth of the streams, at random. */
        TENTH,
        /** One after the other, so that each comes back as late as it can. */
        CYCLIC;

        /**
         * The stream of an event.
         *
         * @param index of the event
         */
        int stream(long index, int streams) {
            long random = mixed(index);
            int any = (int) Long.remainderUnsigned(random, streams);
            return switch (this) {
                case UNIFORM -> any;
                case TENTH ->
                        Long.remainderUnsigned(random >>> 32, 10) < 9
                                ? any % Math.max(1, streams / 10)
                                : any;
                case CYCLIC -> (int) (index % streams);
            };
        }

        /** SplitMix64: well spread, and the same for every run. */
        private static long mixed(long index) {
            long z = index * 0x9E3779B97F4A7C15L;
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            return z ^ (z >>> 31);
        }
    }

    /** As it stands in tables and in JSON. */
    String title() {
        return "lstm features=%d units=%d timesteps=%d".formatted(features, units, timesteps);
    }
}
