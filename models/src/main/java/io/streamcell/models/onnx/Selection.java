package io.streamcell.models.onnx;

import io.streamcell.models.Layer;
import io.streamcell.models.Resampling;
import io.streamcell.models.TimeLayer;
import io.streamcell.models.onnx.Value.Data;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * A range of indices of one axis, as Slice and Gather take them.
 *
 * @param start the first; negative: counted from the end
 * @param stop behind the last, {@link #END} for none; negative: counted from the end
 */
record Selection(long start, long stop, long step) {
    /** Exporters write many large numbers for an end that is not there. */
    static final long END = Integer.MAX_VALUE;

    /**
     * A range whose bounds may be given by the length of the axis.
     *
     * @param fixed the length that the exporter fixed, 0 for none
     */
    static Selection of(Size start, Size stop, long step, long fixed) {
        long first = bound(start, fixed);
        long end = bound(stop, fixed);
        if (fixed > 1 && step > 0 && first == fixed - 1 && end == END) {
            first = -1;
        }
        return new Selection(first, end, step);
    }

    private static long bound(Size bound, long fixed) {
        if (!bound.known()) {
            if (bound.factor() != 1 || bound.symbols().size() != 1 || bound.offset() > 0) {
                throw new ArithmeticException("a bound must be within the axis, got " + bound);
            }
            return bound.offset() == 0 ? END : bound.offset();
        }
        long number = Math.max(-END, Math.min(bound.number(), END));
        return fixed > 0 && number >= fixed ? END : number;
    }

    /** A single index, which can be told from the end where the length is fixed. */
    static Selection single(Size index, long fixed) {
        long start = fixed == 1 ? -1 : of(index, Size.of(END), 1, fixed).start();
        return new Selection(start, start == -1 ? END : start + 1, 1);
    }

    boolean all() {
        return start == 0 && stop == END && step == 1;
    }

    /** Whether it is one index, wherever the axis ends. */
    boolean one() {
        boolean last = start == -1 && stop == END;
        return step == 1 && (last || stop == start + 1 && stop != 0);
    }

    boolean reversed(long fixed) {
        boolean fromEnd = start == -1 || start == END || fixed > 0 && start == fixed - 1;
        boolean toStart = stop <= -END || fixed > 0 && stop < -fixed;
        return step == -1 && fromEnd && toStart;
    }

    /** The indices in an axis of known length. */
    int[] indices(int length) {
        long end = step > 0 ? length : length - 1L;
        long least = step > 0 ? 0 : -1;
        long first = Math.max(least, Math.min(start < 0 ? start + length : start, end));
        long last = Math.max(least, Math.min(stop < 0 ? stop + length : stop, end));
        long span = step > 0 ? last - first : first - last;
        long pace = Math.abs(step);
        long many = Math.max(0, (span + pace - 1) / pace);
        return LongStream.range(0, many).mapToInt(k -> (int) (first + k * step)).toArray();
    }

    /**
     * Takes it from an axis of unknown length: some timesteps, or all of the batch.
     *
     * @param k the axis
     * @param kept whether one index leaves an axis of length 1
     */
    Value of(OnnxNode node, Evaluation graph, Data data, int k, boolean kept) {
        Axis axis = data.axes().get(k);
        if (all()) {
            return data;
        } else if (axis.symbol() >= Axis.OPEN) {
            return open(data, k, kept);
        } else if (axis.is(Axis.BATCH)) {
            if (one()) {
                return new Data(data.tensor(), axes(data, k, Axis.ONE, kept));
            }
            throw node.refused("axis " + k + ", the batch", "only in part", "taken whole");
        } else if (!axis.is(Axis.TIME)) {
            throw node.refused("axis " + k, axis, "batch, time or features alone");
        }
        Supplier<Layer> layer;
        Axis taken = Axis.ONE;
        if (one()) {
            layer = () -> new TimeLayer.Timestep(node.name(), (int) start);
        } else if (reversed(axis.fixed())) {
            layer = () -> new TimeLayer.Reverse(node.name());
            taken = axis;
        } else {
            if (step < 1) {
                throw node.refused("steps over time", step, "positive, or -1 for all of it");
            }
            Resampling.Slice slice =
                    new Resampling.Slice(
                            (int) start,
                            stop == END ? Resampling.Slice.END : (int) stop,
                            (int) step);
            layer = () -> new TimeLayer.TimeSlice(node.name(), node.type(), slice);
            taken = Axis.symbol(Axis.TIME, 0);
        }
        int tensor = graph.layers().add(data.tensor(), layer);
        return new Data(tensor, axes(data, k, taken, kept));
    }

    private static List<Axis> axes(Data data, int k, Axis axis, boolean kept) {
        return axis.one() && !kept
                ? Moves.without(data.axes(), k)
                : Moves.replaced(data.axes(), k, axis);
    }

    /** In the first walk: an axis that may be anything stays what it is. */
    private Data open(Data data, int k, boolean kept) {
        Axis axis = data.axes().get(k);
        int length = (int) axis.fixed();
        Tensor trace = data.trace();
        Axis taken = Axis.symbol(axis.symbol(), 0);
        if (length > 0) {
            int[] indices = indices(length);
            taken = one() ? Axis.ONE : Axis.symbol(axis.symbol(), indices.length);
            trace =
                    trace == null
                            ? null
                            : trace.arranged(Arrangement.of(trace.dims()).take(k, indices));
        } else if (one()) {
            taken = Axis.ONE;
        } else {
            trace = null;
        }
        List<Axis> axes = axes(data, k, taken, kept);
        if (trace != null) {
            trace = trace.arranged(Arrangement.of(trace.dims()).reshape(Axis.full(axes)));
        }
        return new Data(data.tensor(), axes, trace);
    }
}
