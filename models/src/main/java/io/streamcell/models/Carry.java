package io.streamcell.models;

import java.util.Locale;

/** Which recurrent layers carry their state from chunk to chunk. */
public enum Carry {
    /** All, until a reset: Keras with {@code stateful=True} everywhere. */
    ALWAYS,
    /** Those that were saved with {@code stateful=True}; the others start every chunk afresh. */
    AS_SAVED,
    /** None: every chunk starts from the initial state. */
    NEVER;

    /** As options spell it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
