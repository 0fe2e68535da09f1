package io.streamcell.models;

import java.io.Serializable;

/**
 * A time axis that a layer makes of another.
 *
 * @param source the axis that it is made of; {@link Shape#STATIC} for a fixed number of timesteps
 */
public record TimeAxis(int source, Resampling resampling) implements Serializable {
    private static final long serialVersionUID = 1;
}
