package io.streamcell.models.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where each value of a rearranged array comes from: what Transpose, Slice, Gather, Expand and
 * their like do, for constants and rows of data alike.
 *
 * @param dims of the result
 * @param places of its values in the source, row-major; null for all in their order
 */
record Arrangement(List<Integer> dims, int[] places) {
    /**
     * Values that an array made while reading may have: a damaged shape must not take all memory.
     */
    static final int LARGEST = 1 << 27;

    Arrangement {
        dims = List.copyOf(dims);
    }

    static Arrangement of(List<Integer> dims) {
        return new Arrangement(dims, null);
    }

    /** How many values the result has. */
    int count() {
        return dims.stream().reduce(1, Math::multiplyExact);
    }

    private static int[] places(int count) {
        if (count < 0 || count > LARGEST) {
            throw new ArithmeticException(
                    "an array must have at most %d values, got %d".formatted(LARGEST, count));
        }
        return new int[count];
    }

    private int place(int k) {
        return places == null ? k : places[k];
    }

    Arrangement transpose(List<Integer> order) {
        if (order.equals(IntStream.range(0, dims.size()).boxed().toList())) {
            return this;
        }
        List<Integer> permuted = order.stream().map(dims::get).toList();
        int[] strides = strides(dims);
        int[] moved = order.stream().mapToInt(axis -> strides[axis]).toArray();
        return walked(permuted, moved);
    }

    /** The values at some indices of an axis. */
    Arrangement take(int axis, int[] indices) {
        int inner = dims.subList(axis + 1, dims.size()).stream().reduce(1, Math::multiplyExact);
        int length = dims.get(axis);
        int outer = length == 0 ? 0 : count() / length / Math.max(1, inner);
        List<Integer> taken = new ArrayList<>(dims);
        taken.set(axis, indices.length);
        int[] from = places(Math.multiplyExact(Math.multiplyExact(outer, inner), indices.length));
        int next = 0;
        for (int o = 0; o < outer; o++) {
            for (int index : indices) {
                for (int i = 0; i < inner; i++) {
                    from[next++] = place((o * length + index) * inner + i);
                }
            }
        }
        return new Arrangement(taken, from);
    }

    /** Other dimensions for the same values. */
    Arrangement reshape(List<Integer> to) {
        Arrangement reshaped = new Arrangement(to, places);
        if (reshaped.count() != count()) {
            throw new ArithmeticException(
                    "a reshaped array must keep its values, got %s for %s".formatted(to, dims));
        }
        return reshaped;
    }

    /** Repeats dimensions of 1; {@code to} has at least as many dimensions. */
    Arrangement expand(List<Integer> to) {
        if (to.equals(dims)) {
            return this;
        }
        int more = to.size() - dims.size();
        int[] strides = strides(dims);
        int[] repeated = new int[to.size()];
        for (int k = 0; k < dims.size(); k++) {
            int dim = dims.get(k);
            if (dim != 1 && dim != to.get(more + k)) {
                throw new ArithmeticException(
                        "only dimensions of 1 can be repeated, got %s for %s".formatted(dims, to));
            }
            repeated[more + k] = dim == 1 ? 0 : strides[k];
        }
        return walked(to, repeated);
    }

    private Arrangement walked(List<Integer> to, int[] steps) {
        int[] from = places(Arrangement.of(to).count());
        int[] index = new int[to.size()];
        int at = 0;
        for (int k = 0; k < from.length; k++) {
            from[k] = place(at);
            for (int axis = to.size() - 1; axis >= 0; axis--) {
                at += steps[axis];
                if (++index[axis] < to.get(axis)) {
                    break;
                }
                at -= steps[axis] * to.get(axis);
                index[axis] = 0;
            }
        }
        return new Arrangement(to, from);
    }

    private static int[] strides(List<Integer> dims) {
        int[] strides = new int[dims.size()];
        int stride = 1;
        for (int k = dims.size() - 1; k >= 0; k--) {
            strides[k] = stride;
            stride *= dims.get(k);
        }
        return strides;
    }

    /** Whether the result is the source, value by value; {@code count} values are in the source. */
    boolean keepsAll(int count) {
        if (places == null) {
            return true;
        }
        for (int k = 0; k < places.length; k++) {
            if (places[k] != k) {
                return false;
            }
        }
        return places.length == count;
    }

    /**
     * Several arrays one after another along an axis, as places in the arrays' values one after
     * another.
     */
    static Arrangement concat(List<List<Integer>> parts, int axis) {
        List<Integer> dims = new ArrayList<>(parts.get(0));
        int outer = dims.subList(0, axis).stream().reduce(1, Math::multiplyExact);
        int length = 0;
        int count = 0;
        for (List<Integer> part : parts) {
            length += part.get(axis);
            count = Math.addExact(count, Arrangement.of(part).count());
        }
        dims.set(axis, length);
        int[] places = places(count);
        int next = 0;
        for (int o = 0; o < outer; o++) {
            int start = 0;
            for (List<Integer> part : parts) {
                int all = Arrangement.of(part).count();
                int run = all / outer;
                for (int k = 0; k < run; k++) {
                    places[next++] = start + o * run + k;
                }
                start += all;
            }
        }
        return new Arrangement(dims, places);
    }
}
