package io.streamcell.jobs.float32;

import io.streamcell.jobs.formats.EventDraft;
import io.streamcell.jobs.formats.EventReader;
import io.streamcell.jobs.formats.Excerpts;
import io.streamcell.jobs.formats.Ranges;
import io.streamcell.jobs.formats.Utf8;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Flags;
import io.streamcell.operators.Header;
import io.streamcell.operators.InputValues;
import io.streamcell.operators.LayerState;
import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes events of raw float32: timesteps x features of the network's input, or what the headers
 * {@code inputs} or {@code state} say. Not for use by several threads.
 */
public final class Float32EventReader extends EventReader {
    private final int features;

    public Float32EventReader(EventCheck check) {
        super(check);
        this.features = check.features();
    }

    @Override
    protected EventDraft draft(byte[] value, List<Header> headers) {
        Map<String, String> texts = texts(headers);
        EventDraft draft = new EventDraft();
        draft.stream = texts.get(Names.STREAM);
        draft.event = texts.get(Names.EVENT);
        draft.expired = "state".equals(draft.event) && expired(headers);
        draft.model = texts.get(Names.MODEL);
        if (texts.containsKey(Names.AT)) {
            draft.at = index(Names.AT, texts.get(Names.AT));
        }
        if (texts.containsKey(Names.START)) {
            draft.start = index(Names.START, texts.get(Names.START));
        }
        if (texts.containsKey(Names.NEXT)) {
            draft.next = index(Names.NEXT, texts.get(Names.NEXT));
        }
        if (texts.containsKey(Names.TIME)) {
            draft.times = times(texts.get(Names.TIME));
        }
        values(FloatBytes.read(value), texts, draft);
        return draft;
    }

    @Override
    protected boolean mayBeState(List<Header> headers) {
        return headers.stream().anyMatch(header -> header.key().equals(Names.EVENT));
    }

    private static boolean expired(List<Header> headers) {
        return headers.stream()
                .filter(header -> header.key().equals(Names.FLAGS) && header.value() != null)
                .map(header -> new String(header.value(), StandardCharsets.UTF_8))
                .anyMatch(flags -> List.of(flags.split(",")).contains(Flags.EXPIRED));
    }

    private void values(float[] floats, Map<String, String> texts, EventDraft draft) {
        String inputs = texts.get(Names.INPUTS);
        String state = texts.get(Names.STATE);
        if (inputs != null && state != null) {
            throw new RejectedEventException(
                    Reason.EVENT, "an event must not have both headers inputs and state");
        }
        if (state != null) {
            draft.state = state(floats, Shapes.read(Names.STATE, state));
        } else if (inputs != null) {
            draft.inputs = inputs(floats, Shapes.read(Names.INPUTS, inputs));
        } else if (draft.event == null || floats.length > 0) {
            draft.values = rows(floats);
        }
    }

    private InputValues rows(float[] floats) {
        if (features == EventCheck.SEVERAL) {
            throw new RejectedEventException(
                    Reason.INPUTS,
                    "header inputs must give the shape of each, since the model has several inputs, got none");
        }
        if (floats.length % features != 0) {
            throw new RejectedEventException(
                    Reason.FEATURE_COUNT,
                    "a value must be timesteps of %d features as in the model, got %d floats"
                            .formatted(features, floats.length));
        }
        return new InputValues(null, floats, floats.length / features, features);
    }

    private static List<InputValues> inputs(float[] floats, Map<String, List<Integer>> shapes) {
        List<InputValues> inputs = new ArrayList<>();
        int at = 0;
        for (Map.Entry<String, List<Integer>> input : shapes.entrySet()) {
            List<Integer> shape = input.getValue();
            if (shape.isEmpty() || shape.size() > 2) {
                throw new RejectedEventException(
                        Reason.INPUTS,
                        "header inputs must give [timesteps,features] or [numbers] of %s, got %s"
                                .formatted(Excerpts.shortened(input.getKey()), shape));
            }
            long count = shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
            float[] values = part(floats, at, count, Names.INPUTS, Reason.INPUTS);
            at += values.length;
            inputs.add(
                    shape.size() == 1
                            ? InputValues.flat(input.getKey(), values)
                            : new InputValues(input.getKey(), values, shape.get(0), shape.get(1)));
        }
        expectEnd(floats, at, Names.INPUTS, Reason.INPUTS);
        return inputs;
    }

    private static List<LayerState> state(float[] floats, Map<String, List<Integer>> shapes) {
        List<LayerState> layers = new ArrayList<>();
        int at = 0;
        for (Map.Entry<String, List<Integer>> layer : shapes.entrySet()) {
            List<float[]> tensors = new ArrayList<>();
            for (int length : layer.getValue()) {
                tensors.add(part(floats, at, length, Names.STATE, Reason.STATE_SHAPE));
                at += length;
            }
            layers.add(new LayerState(layer.getKey(), tensors));
        }
        expectEnd(floats, at, Names.STATE, Reason.STATE_SHAPE);
        return layers;
    }

    private static float[] part(float[] floats, int from, long count, String header, Reason why) {
        if (count > floats.length - from) {
            throw unlike(floats, header, why);
        }
        return Arrays.copyOfRange(floats, from, from + (int) count);
    }

    private static void expectEnd(float[] floats, int at, String header, Reason why) {
        if (at != floats.length) {
            throw unlike(floats, header, why);
        }
    }

    private static RejectedEventException unlike(float[] floats, String header, Reason why) {
        return new RejectedEventException(
                why,
                "a value must have as many floats as header %s says, got %d"
                        .formatted(header, floats.length));
    }

    private static long index(String header, String text) {
        Long index = whole(text);
        if (!Ranges.isIndex(index)) {
            throw Ranges.noIndex(header, Excerpts.shortened(text));
        }
        return index;
    }

    /** One event time, or one per timestep with commas between them. */
    private static long[] times(String text) {
        if (text.isEmpty()) {
            throw Ranges.noTimes();
        }
        String[] parts = text.split(",", -1);
        long[] times = new long[parts.length];
        for (int k = 0; k < parts.length; k++) {
            Long time = whole(parts[k]);
            if (!Ranges.isTime(time)) {
                throw Ranges.noTime(Excerpts.shortened(parts[k]));
            }
            times[k] = time;
        }
        return times;
    }

    private static Long whole(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The format's own headers; one without a value counts as absent. */
    private static Map<String, String> texts(List<Header> headers) {
        Map<String, String> texts = new HashMap<>();
        for (Header header : headers) {
            if (header.value() == null || !Names.isRead(header.key())) {
                continue;
            }
            if (!Utf8.wellFormed(header.value())) {
                throw new RejectedEventException(
                        Reason.FORMAT,
                        "header %s must be UTF-8, got other bytes".formatted(header.key()));
            }
            String text = new String(header.value(), StandardCharsets.UTF_8);
            if (texts.put(header.key(), text) != null) {
                throw new RejectedEventException(
                        Reason.FORMAT,
                        "header %s must stand once, got it twice".formatted(header.key()));
            }
        }
        return texts;
    }

    @Override
    protected String streamIn(byte[] value, List<Header> headers) {
        return headers.stream()
                .filter(header -> header.key().equals(Names.STREAM))
                .filter(header -> header.value() != null && Utf8.wellFormed(header.value()))
                .map(header -> new String(header.value(), StandardCharsets.UTF_8))
                .findFirst()
                .orElse(null);
    }

    @Override
    protected List<Header> passedOn(List<Header> headers) {
        return Names.besideRead(headers);
    }
}
