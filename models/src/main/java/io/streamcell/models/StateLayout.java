package io.streamcell.models;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which recurrent layer owns which part of a stream's flat state vector. Parts that are carried
 * from chunk to chunk come first, so the first {@link #carriedWidth} floats are all that is saved;
 * the rest starts afresh every chunk.
 *
 * @param offsets where each stateful layer's state begins, by the layer's name
 * @param initial the state of a new stream, {@code [width]}; empty for zeros; not to be modified
 */
public record StateLayout(
        List<Part> parts,
        int width,
        int carriedWidth,
        Map<String, Integer> offsets,
        float[] initial)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /**
     * The state of one layer as users see it: both directions of a Bidirectional, or all layers of
     * a stack, are one part.
     *
     * @param offset of its first float
     * @param sizes widths of its tensors, one after another from {@code offset}
     */
    public record Part(String layer, int offset, List<Integer> sizes, boolean carried)
            implements Serializable {
        private static final long serialVersionUID = 1;

        public Part {
            sizes = List.copyOf(sizes);
        }

        public int width() {
            return sizes.stream().mapToInt(Integer::intValue).sum();
        }
    }

    public StateLayout {
        parts = List.copyOf(parts);
        offsets = Map.copyOf(offsets);
    }

    public static StateLayout of(Network network, Carry carry) {
        Map<String, Stateful> layers = new LinkedHashMap<>();
        for (Node node : network.nodes()) {
            if (node.layer() instanceof Stateful layer && !layer.stateSizes().isEmpty()) {
                layers.putIfAbsent(layer.name(), layer);
            }
        }
        List<Part> parts = new ArrayList<>();
        Map<String, Integer> offsets = new LinkedHashMap<>();
        int carriedWidth = append(layers, carry, true, parts, offsets, 0);
        int width = append(layers, carry, false, parts, offsets, carriedWidth);
        return new StateLayout(
                parts, width, carriedWidth, offsets, initial(layers.values(), offsets, width));
    }

    private static int append(
            Map<String, Stateful> layers,
            Carry carry,
            boolean carried,
            List<Part> parts,
            Map<String, Integer> offsets,
            int from) {
        Set<String> names = new LinkedHashSet<>();
        layers.values().stream()
                .filter(layer -> carries(layer, carry) == carried)
                .forEach(layer -> names.add(layer.part()));
        int offset = from;
        for (String name : names) {
            int start = offset;
            List<Integer> sizes = new ArrayList<>();
            for (Stateful layer : layers.values()) {
                if (layer.part().equals(name) && carries(layer, carry) == carried) {
                    offsets.put(layer.name(), offset);
                    sizes.addAll(layer.stateSizes());
                    offset += layer.stateWidth();
                }
            }
            parts.add(new Part(name, start, sizes, carried));
        }
        return offset;
    }

    private static float[] initial(
            Iterable<Stateful> layers, Map<String, Integer> offsets, int width) {
        float[] initial = new float[0];
        for (Stateful layer : layers) {
            if (layer.initialState() != null) {
                initial = initial.length == 0 ? new float[width] : initial;
                float[] values = layer.initialState().values();
                System.arraycopy(values, 0, initial, offsets.get(layer.name()), values.length);
            }
        }
        return initial;
    }

    private static boolean carries(Stateful layer, Carry carry) {
        return !layer.stateGiven()
                && (carry == Carry.ALWAYS || carry == Carry.AS_SAVED && layer.stateful());
    }

    /** The part of a name. */
    public Optional<Part> part(String layer) {
        return parts.stream().filter(part -> part.layer().equals(layer)).findFirst();
    }

    /** Where a stateful layer's state begins. */
    public int offset(Stateful layer) {
        return offsets.get(layer.name());
    }

    /** Widths of the tensors that are carried, in the order of the flat vector. */
    public List<Integer> carriedSizes() {
        return parts.stream().filter(Part::carried).flatMap(part -> part.sizes().stream()).toList();
    }

    /** Writes the initial state's floats {@code from} to {@code to} behind {@code at}. */
    public void writeInitial(int from, int to, float[] state, int at) {
        if (initial.length == 0) {
            java.util.Arrays.fill(state, at + from, at + to, 0);
        } else {
            System.arraycopy(initial, from, state, at + from, to - from);
        }
    }

    /** Whether some layer starts every chunk afresh, so that chunks must not be run together. */
    public boolean restartsEveryChunk() {
        return carriedWidth < width;
    }
}
