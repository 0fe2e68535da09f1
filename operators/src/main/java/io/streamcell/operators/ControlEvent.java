package io.streamcell.operators;

import java.io.Serializable;
import org.apache.flink.annotation.Public;

/**
 * What concerns every stream, from the control topic, which has one partition: every stream is
 * reset, or a model takes another's place.
 *
 * @param time event time from which on it holds, epoch milliseconds
 * @param change of model; null for a reset
 */
@Public
public record ControlEvent(long time, ModelChange change) implements Serializable {
    private static final long serialVersionUID = 1;

    /** Every stream starts afresh before its first timestep of that time or later. */
    public static ControlEvent resetAll(long time) {
        return new ControlEvent(time, null);
    }

    /** A model takes another's place for each stream from its first timestep of that time on. */
    public static ControlEvent model(ModelChange change) {
        return new ControlEvent(change.time(), change);
    }
}
