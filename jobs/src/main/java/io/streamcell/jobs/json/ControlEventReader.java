package io.streamcell.jobs.json;

import io.streamcell.jobs.formats.EventDraft;
import io.streamcell.jobs.formats.Excerpts;
import io.streamcell.operators.ControlEvent;
import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;

/** Makes control events of JSON records. Not for use by several threads. */
public final class ControlEventReader {
    private final JsonObjects objects;

    public ControlEventReader(UnknownFields unknown) {
        objects = new JsonObjects(unknown, FlatRow.NONE);
    }

    /**
     * The record as a control event.
     *
     * @param value one JSON object in UTF-8; null for a tombstone
     * @throws RejectedEventException if it is none
     */
    public ControlEvent read(byte[] value) {
        if (value == null) {
            throw new RejectedEventException(
                    Reason.TOMBSTONE, "a record must have a value, got a tombstone");
        }
        EventDraft draft = objects.read(value);
        if (!ControlEvent.RESET_ALL.equals(draft.event)) {
            throw new RejectedEventException(
                    Reason.EVENT,
                    "event must be reset-all on the control topic, got %s"
                            .formatted(
                                    draft.event == null
                                            ? "none"
                                            : Excerpts.shortened(draft.event)));
        }
        if (draft.times == null || draft.times.length != 1) {
            throw new RejectedEventException(
                    Reason.TIME,
                    "a reset-all must have one time from which on it holds, got %s"
                            .formatted(draft.times == null ? "none" : draft.times.length));
        }
        return ControlEvent.resetAll(draft.times[0]);
    }
}
