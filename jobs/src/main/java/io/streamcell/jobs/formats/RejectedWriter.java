package io.streamcell.jobs.formats;

import io.streamcell.operators.Rejected;

/** Writes rejected events in one format. Not for use by several threads. */
@FunctionalInterface
public interface RejectedWriter {
    /** The record's value. */
    byte[] write(Rejected rejected);
}
