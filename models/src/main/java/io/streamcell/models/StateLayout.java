package io.streamcell.models;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which recurrent layer owns which part of a stream's flat state vector. Parts that are carried
 * from chunk to chunk come first, so the first {@link #carriedWidth} floats are all that is saved;
 * the rest starts afresh every chunk.
 */
public record StateLayout(List<Part> parts, int width, int carriedWidth) implements Serializable {
    private static final long serialVersionUID = 1;

    /**
     * One layer's part.
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
    }

    public static StateLayout of(Network network, Carry carry) {
        List<Part> parts = new ArrayList<>();
        int offset = append(network, carry, true, parts, 0);
        int width = append(network, carry, false, parts, offset);
        return new StateLayout(parts, width, offset);
    }

    private static int append(
            Network network, Carry carry, boolean carried, List<Part> parts, int from) {
        int offset = from;
        for (Node node : network.nodes()) {
            if (node.layer() instanceof Recurrent layer && carries(layer, carry) == carried) {
                Part part = new Part(layer.name(), offset, layer.stateSizes(), carried);
                parts.add(part);
                offset += part.width();
            }
        }
        return offset;
    }

    private static boolean carries(Recurrent layer, Carry carry) {
        return carry == Carry.ALWAYS || carry == Carry.AS_SAVED && layer.stateful();
    }

    /** The part of a layer. */
    public Optional<Part> part(String layer) {
        return parts.stream().filter(part -> part.layer().equals(layer)).findFirst();
    }

    /** Widths of the tensors that are carried, in the order of the flat vector. */
    public List<Integer> carriedSizes() {
        return parts.stream().filter(Part::carried).flatMap(part -> part.sizes().stream()).toList();
    }

    /** Whether some layer starts every chunk afresh, so that chunks must not be run together. */
    public boolean restartsEveryChunk() {
        return carriedWidth < width;
    }
}
