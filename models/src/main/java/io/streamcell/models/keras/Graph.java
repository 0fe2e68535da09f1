package io.streamcell.models.keras;

import io.streamcell.models.Layer;
import io.streamcell.models.MaskLayer;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.Shape;
import io.streamcell.models.TimeLayer;
import io.streamcell.models.UnsupportedModelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The network that is being read: a builder, with what the readers of layers share. */
final class Graph {
    private final NetworkBuilder builder;
    private final Set<String> names = new HashSet<>();
    private final Map<String, Layer> made = new HashMap<>();

    Graph(NetworkBuilder builder) {
        this.builder = builder;
    }

    NetworkBuilder builder() {
        return builder;
    }

    Shape shape(Value value) {
        return builder.shape(value.tensor());
    }

    List<Integer> add(Layer layer, List<Integer> reads) {
        return builder.add(layer, reads);
    }

    int add(Layer layer, int read) {
        return builder.add(layer, List.of(read)).get(0);
    }

    /** The layer of a path, which is read once however often it is called. */
    Layer once(String path, Supplier<Layer> read) {
        Layer layer = made.get(path);
        if (layer == null) {
            layer = read.get();
            made.put(path, layer);
        }
        return layer;
    }

    /** A name that no other state has: the layer's, numbered where it is taken. */
    String unique(String name) {
        String unique = name;
        for (int number = 1; !names.add(unique); number++) {
            unique = name + "_" + number;
        }
        return unique;
    }

    /** A sequence: a static value of two dimensions is read as one. */
    Value timed(Value value, String layer) {
        Shape shape = shape(value);
        if (shape.timed()) {
            return value;
        }
        if (shape.dims().size() < 2) {
            throw new UnsupportedModelException(
                    "layer %s must read a sequence, got %s".formatted(layer, shape));
        }
        return Value.unmasked(unrolled(value, layer + "/timesteps"));
    }

    /** The first dimension of a static value as a time axis. */
    int unrolled(Value value, String name) {
        List<Integer> dims = shape(value).dims();
        List<Integer> row = dims.subList(1, dims.size());
        return add(new TimeLayer.Unroll(name, "Reshape", dims.get(0), true, row), value.tensor());
    }

    /** The masks of several values as Keras joins them: none if one has none, else any of them. */
    int joined(String layer, List<Value> values) {
        List<Integer> masks = new ArrayList<>();
        for (Value value : values) {
            if (!value.masked()) {
                return Value.NONE;
            }
            if (!masks.contains(value.mask())) {
                masks.add(value.mask());
            }
        }
        return masks.size() == 1
                ? masks.get(0)
                : add(new MaskLayer.Join(layer + "/mask"), masks).get(0);
    }
}
