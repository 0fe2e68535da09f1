package io.streamcell.jobs.replay;

import java.util.Locale;

/** How a recorded score can be other than it must be. */
public enum Difference {
    /** Another number. */
    OUTPUTS,
    /** The same numbers, of another model. */
    MODEL,
    FLAGS,
    TIME,
    /** It was not recorded. */
    MISSING,
    /** It was recorded more than once. */
    DUPLICATE,
    /** It was recorded, and not scored again. */
    EXTRA;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
