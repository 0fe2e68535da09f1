package io.streamcell.operators;

import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** An event in the bundle, how far it is computed, and what becomes of it. */
final class Pending {
    final StreamEvent event;
    final Resident resident;

    /** The record's timestamp, or {@code Long.MIN_VALUE} without one. */
    final long timestamp;

    /** The stream's next event in the bundle. */
    Pending following;

    /** Whether the sequence rules were applied. */
    boolean begun;

    /** The chunk's timesteps; counted on the input that numbers a stream. */
    int timesteps;

    /** Timesteps before this one were scored by an earlier chunk. */
    int skipped;

    /** Timesteps before this one are computed or were skipped. */
    int done;

    /** Index of the first timestep that is scored. */
    long start;

    int flags;

    /** Outputs, each {@code [timesteps - skipped, width]} or {@code [1, width]}. */
    float[][] outputs;

    /**
     * This round: the row, the timesteps before in the row, the first timestep and their number.
     */
    int row;

    int rowOffset;
    int from;
    int count;

    /** What is emitted, unless the event was put aside or causes nothing. */
    OutputRecord result;

    Rejected rejected;

    Pending(Resident resident, StreamRecord<StreamEvent> record) {
        this.resident = resident;
        this.event = record.getValue();
        this.timestamp = record.hasTimestamp() ? record.getTimestamp() : Long.MIN_VALUE;
    }

    int remaining() {
        return timesteps - done;
    }
}
