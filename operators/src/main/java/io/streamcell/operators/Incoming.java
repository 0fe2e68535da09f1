package io.streamcell.operators;

/**
 * What a source makes of a record: an event that passed its checks, or the reason why not. Exactly
 * one is there.
 *
 * @param event checked, or null
 * @param rejected or null
 */
public record Incoming(StreamEvent event, Rejected rejected) {
    public Incoming {
        if ((event == null) == (rejected == null)) {
            throw new IllegalArgumentException("a record must be either an event or rejected");
        }
    }

    public static Incoming of(StreamEvent event) {
        return new Incoming(event, null);
    }

    public static Incoming of(Rejected rejected) {
        return new Incoming(null, rejected);
    }
}
