package io.streamcell.operators;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.flink.annotation.Public;

/**
 * What may happen to a stream's state when its sequence is not what it was: one enum for each rule.
 */
@Public
public final class SequencePolicy {
    private SequencePolicy() {}

    /** {@code sequence.on-gap}: timesteps are missing before a chunk. */
    public enum OnGap {
        CARRY,
        RESET,
        REJECT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What becomes of a stream's state when another network takes over. */
    public enum OnModelChange {
        FAIL,
        RESET,
        KEEP,
        WARM;

        /** The policy that is spelled so. */
        public static Optional<OnModelChange> named(String text) {
            return Arrays.stream(values())
                    .filter(policy -> policy.toString().equals(text))
                    .findFirst();
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@code sequence.on-not-finite}: an output is not finite. */
    public enum OnNotFinite {
        CARRY,
        RESET;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
