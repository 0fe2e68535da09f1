package io.streamcell.jobs.formats;

import io.streamcell.operators.Header;
import io.streamcell.operators.InputValues;
import io.streamcell.operators.LayerState;
import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import io.streamcell.operators.StreamEvent;
import io.streamcell.operators.StreamEvent.Kind;
import java.util.List;

/** The fields of one event as a reader meets them; null or unnumbered where a field is absent. */
public final class EventDraft {
    private static final long[] NO_TIMES = {};

    public String stream;
    public String model;
    public String event;
    public long start = StreamEvent.UNNUMBERED;
    public long next = StreamEvent.UNNUMBERED;
    public long[] times;
    public InputValues values;
    public List<InputValues> inputs;
    public List<LayerState> state;
    public long at = StreamEvent.UNNUMBERED;

    /** Whether it is the last state of a stream that expired. */
    public boolean expired;

    /**
     * The event that the fields make together.
     *
     * @param id the stream, decided from the key and the field
     * @throws RejectedEventException if they do not belong together
     */
    StreamEvent event(String id, List<Header> headers) {
        Kind kind = kind();
        if (kind == Kind.CHUNK) {
            refuse("state", state != null, "a chunk", "it belongs to event reset");
            refuse("next", next != StreamEvent.UNNUMBERED, "a chunk", "it belongs to event reset");
            checkValues();
        } else {
            String what = kind == Kind.RESET ? "a reset" : "an export";
            refuse("values", values != null, what, "send them as an event of their own");
            refuse("inputs", inputs != null, what, "send them as an event of their own");
        }
        if (kind == Kind.EXPORT) {
            refuse("state", state != null, "an export", "it belongs to event reset");
            refuse(
                    "next",
                    next != StreamEvent.UNNUMBERED,
                    "an export",
                    "it belongs to event reset");
        }
        if (at != StreamEvent.UNNUMBERED) {
            refuse("at", kind != Kind.RESET, "an event", "it belongs to event reset");
            String announced = "a reset before a timestep to come";
            refuse("state", state != null, announced, "it is to the initial state");
            refuse("next", next != StreamEvent.UNNUMBERED, announced, "the numbers go on");
        }
        return new StreamEvent(
                kind,
                id,
                model == null ? unnamed(kind) : model,
                kind == Kind.RESET ? at : start,
                times == null ? NO_TIMES : times,
                inputs == null ? (values == null ? List.of() : List.of(values)) : inputs,
                state == null ? List.of() : state,
                next,
                headers);
    }

    /** Whom an event is for that names no model. */
    private String unnamed(Kind kind) {
        return kind == Kind.RESET && (state == null || state.isEmpty())
                ? StreamEvent.EVERY_MODEL
                : StreamEvent.DEFAULT_MODEL;
    }

    /**
     * Makes a state record the reset to that state.
     *
     * @throws RejectedEventException if it is none
     */
    public void sendBack() {
        boolean named = "state".equals(event) || "reset".equals(event);
        // An Avro record's schema says that it is a state.
        boolean plain = event == null && state != null;
        if (!named && !plain || next == StreamEvent.UNNUMBERED) {
            throw noState(event, next);
        }
        event = "reset";
    }

    /** Why a record without anything of a state is none. */
    static RejectedEventException noState() {
        return noState(null, StreamEvent.UNNUMBERED);
    }

    private static RejectedEventException noState(String event, long next) {
        return new RejectedEventException(
                Reason.EVENT,
                "a state record must have event state or reset, and next, got event %s and %s"
                        .formatted(
                                event == null ? "none" : Excerpts.shortened(event),
                                next == StreamEvent.UNNUMBERED ? "no next" : "next"));
    }

    private Kind kind() {
        if (event == null) {
            return Kind.CHUNK;
        }
        return switch (event) {
            case "reset" -> Kind.RESET;
            case "export" -> Kind.EXPORT;
            default ->
                    throw new RejectedEventException(
                            Reason.EVENT,
                            "event must be reset or export, or absent for a chunk, got %s"
                                    .formatted(Excerpts.shortened(event)));
        };
    }

    private void checkValues() {
        if (values != null && inputs != null) {
            throw new RejectedEventException(
                    Reason.INPUTS, "a chunk must have values or inputs, got both");
        }
        if (values == null && inputs == null) {
            throw new RejectedEventException(
                    Reason.NO_TIMESTEPS, "a chunk must have values or inputs, got neither");
        }
    }

    private static void refuse(String field, boolean present, String what, String instead) {
        if (present) {
            throw new RejectedEventException(
                    Reason.EVENT, "%s must not have %s: %s".formatted(what, field, instead));
        }
    }
}
