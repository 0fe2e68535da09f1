package io.streamcell.models;

import java.io.Serializable;

/** What a score brings: one row per timestep where the shape is timed, else one per chunk. */
public record NetworkOutput(String name, Shape shape) implements Serializable {
    private static final long serialVersionUID = 1;
}
