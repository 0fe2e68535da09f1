package io.streamcell.operators;

/**
 * What concerns every stream, from the control topic, which has one partition.
 *
 * @param kind {@code reset-all} or {@code model}
 * @param time event time from which on it holds, epoch milliseconds
 */
public record ControlEvent(String kind, long time) {
    /** Every stream starts afresh before its first timestep of that time or later. */
    public static final String RESET_ALL = "reset-all";

    public static ControlEvent resetAll(long time) {
        return new ControlEvent(RESET_ALL, time);
    }
}
