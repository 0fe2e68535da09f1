package io.streamcell.models;

import java.io.Serializable;

/** How many timesteps a layer makes of those that it reads. */
public sealed interface Resampling extends Serializable {
    /** Timesteps that come out of so many; below 1 where they are too few. */
    int length(int timesteps);

    /** Always the same number, as RepeatVector makes it. */
    record Fixed(int timesteps) implements Resampling {
        private static final long serialVersionUID = 1;

        @Override
        public int length(int read) {
            return timesteps;
        }
    }

    /**
     * Windows of {@code span} timesteps, {@code stride} apart.
     *
     * @param padded timesteps that are put around the sequence; {@code -1}: as many as make one
     *     window for every stride begun
     */
    record Windows(int span, int stride, int padded) implements Resampling {
        private static final long serialVersionUID = 1;

        /** As Keras's padding same. */
        public static final int SAME = -1;

        @Override
        public int length(int timesteps) {
            if (padded == SAME) {
                return (timesteps + stride - 1) / stride;
            }
            int room = timesteps + padded - span;
            return room < 0 ? 0 : room / stride + 1;
        }
    }

    /**
     * Every {@code step}-th from {@code start} to before {@code stop}; from the end if negative.
     */
    record Slice(int start, int stop, int step) implements Resampling {
        private static final long serialVersionUID = 1;

        /** In place of a stop that is not there. */
        public static final int END = Integer.MAX_VALUE;

        /** The first timestep of a sequence that is taken. */
        public int first(int timesteps) {
            return start < 0 ? Math.max(0, timesteps + start) : Math.min(start, timesteps);
        }

        @Override
        public int length(int timesteps) {
            int end = stop < 0 ? timesteps + stop : Math.min(stop, timesteps);
            return Math.max(0, (end - first(timesteps) + step - 1) / step);
        }
    }
}
