package io.streamcell.operators;

import java.util.Locale;
import org.apache.flink.annotation.Public;

/** Why an event was rejected, for programs; the message beside it is for people. */
@Public
public enum Reason {
    /**
     * The record is not what its format says (JSON that does not parse, a field of the wrong type).
     */
    FORMAT,
    /** There is no stream id, or the key and the field differ. */
    STREAM,
    /** A tombstone: a record without a value. */
    TOMBSTONE,
    /** The event is of no known kind. */
    EVENT,
    /** The chunk names a model that the job does not have. */
    MODEL,
    /** The chunk has no timestep, or too few for a layer that makes fewer of them. */
    NO_TIMESTEPS,
    /**
     * An input is missing, unknown, or named twice; or inputs on one time axis are not equally
     * long.
     */
    INPUTS,
    /** A timestep does not have the network's number of features. */
    FEATURE_COUNT,
    /** A value is not finite in float32. */
    NOT_FINITE,
    /** A token id is not a whole number inside the vocabulary. */
    TOKEN,
    /**
     * Event times that are not one for the chunk or one per timestep, or are not whole
     * milliseconds.
     */
    TIME,
    /** A start or next that is negative or not a whole number. */
    NUMBER,
    /** A state names a layer that the network does not have. */
    STATE_LAYER,
    /** A state does not have the shape of its layer. */
    STATE_SHAPE,
    /** A reset to a state, or an export, where no state is carried ({@code model.carry=never}). */
    NO_STATE,
    /** Timesteps are missing before the chunk and {@code sequence.on-gap} is reject. */
    GAP,
    /** More resets are announced for a stream than are held. */
    TOO_MANY_RESETS,
    /** A partly old chunk for a network that looks at whole chunks. */
    PARTLY_OLD,
    /** A score or a state is larger than Kafka takes, and cannot be cut. */
    TOO_LARGE;

    /** As records spell it: {@code feature-count}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
