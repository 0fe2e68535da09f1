package io.streamcell.jobs.avro;

import io.streamcell.jobs.formats.EventDraft;
import io.streamcell.jobs.formats.Floats;
import io.streamcell.jobs.formats.Ranges;
import io.streamcell.jobs.formats.UnequalRows;
import io.streamcell.operators.Flags;
import io.streamcell.operators.InputValues;
import io.streamcell.operators.LayerState;
import io.streamcell.operators.RejectedEventException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.io.ResolvingDecoder;

/**
 * Reads the fields of the schema {@code io.streamcell.Event}, straight from the decoder: a generic
 * record would box every float. Not for use by several threads.
 */
final class AvroFields {
    private final Floats floats = new Floats();

    /**
     * Reads an event into a draft.
     *
     * @throws IOException if it is not encoded so
     * @throws RejectedEventException if a field cannot be what it is
     */
    void read(ResolvingDecoder in, EventDraft draft) throws IOException {
        for (Schema.Field field : in.readFieldOrder()) {
            int branch = in.readIndex();
            if (branch == 0) {
                in.readNull();
                continue;
            }
            switch (field.name()) {
                case "stream" -> draft.stream = in.readString();
                case "event" -> draft.event = in.readString();
                case "model" -> draft.model = in.readString();
                case "start" -> draft.start = index(in, "start");
                case "next" -> draft.next = index(in, "next");
                case "at" -> draft.at = index(in, "at");
                case "time" -> draft.times = branch == 1 ? new long[] {time(in)} : times(in);
                case "values" -> draft.values = rows(in, null);
                case "inputs" -> draft.inputs = inputs(in);
                case "state" -> draft.state = state(in);
                case "flags" -> draft.expired = expired(in);
                default -> throw new IllegalStateException("no such field: " + field.name());
            }
        }
    }

    private static boolean expired(ResolvingDecoder in) throws IOException {
        boolean expired = false;
        for (long left = in.readArrayStart(); left > 0; left = in.arrayNext()) {
            for (; left > 0; left--) {
                expired |= in.readString().equals(Flags.EXPIRED);
            }
        }
        return expired;
    }

    private static long index(ResolvingDecoder in, String field) throws IOException {
        long index = in.readLong();
        if (!Ranges.isIndex(index)) {
            throw Ranges.noIndex(field, String.valueOf(index));
        }
        return index;
    }

    private static long time(ResolvingDecoder in) throws IOException {
        long time = in.readLong();
        if (!Ranges.isTime(time)) {
            throw Ranges.noTime(String.valueOf(time));
        }
        return time;
    }

    private static long[] times(ResolvingDecoder in) throws IOException {
        long[] times = new long[16];
        int count = 0;
        for (long left = in.readArrayStart(); left > 0; left = in.arrayNext()) {
            for (; left > 0; left--) {
                if (count == times.length) {
                    times = Arrays.copyOf(times, count * 2);
                }
                times[count++] = time(in);
            }
        }
        if (count == 0) {
            throw Ranges.noTimes();
        }
        return Arrays.copyOf(times, count);
    }

    private InputValues rows(ResolvingDecoder in, String name) throws IOException {
        floats.clear();
        int rows = 0;
        int columns = 0;
        for (long left = in.readArrayStart(); left > 0; left = in.arrayNext()) {
            for (; left > 0; left--) {
                int before = floats.count();
                numbers(in);
                int width = floats.count() - before;
                if (rows > 0 && width != columns || width == 0) {
                    throw UnequalRows.found(name, rows, columns, width);
                }
                columns = width;
                rows++;
            }
        }
        return rows == 0
                ? InputValues.flat(name, new float[0])
                : new InputValues(name, floats.copy(), rows, columns);
    }

    private void numbers(ResolvingDecoder in) throws IOException {
        for (long left = in.readArrayStart(); left > 0; left = in.arrayNext()) {
            for (; left > 0; left--) {
                floats.add(in.readFloat());
            }
        }
    }

    private List<InputValues> inputs(ResolvingDecoder in) throws IOException {
        List<InputValues> inputs = new ArrayList<>();
        for (long left = in.readMapStart(); left > 0; left = in.mapNext()) {
            for (; left > 0; left--) {
                inputs.add(rows(in, in.readString()));
            }
        }
        return inputs;
    }

    private List<LayerState> state(ResolvingDecoder in) throws IOException {
        List<LayerState> layers = new ArrayList<>();
        for (long left = in.readMapStart(); left > 0; left = in.mapNext()) {
            for (; left > 0; left--) {
                String layer = in.readString();
                layers.add(new LayerState(layer, tensors(in)));
            }
        }
        return layers;
    }

    private List<float[]> tensors(ResolvingDecoder in) throws IOException {
        List<float[]> tensors = new ArrayList<>();
        for (long left = in.readArrayStart(); left > 0; left = in.arrayNext()) {
            for (; left > 0; left--) {
                floats.clear();
                numbers(in);
                tensors.add(floats.copy());
            }
        }
        return tensors;
    }
}
