package io.streamcell.models.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamcell.models.Resampling;
import io.streamcell.models.RowLayer;
import io.streamcell.models.Shape;
import io.streamcell.models.TimeLayer;
import java.util.ArrayList;
import java.util.List;

/** Slicing of a tensor: {@code y[:, -1, :]}, {@code y[:, 1:]}, {@code y[..., :2]}. */
final class SliceReader {
    private final Graph graph;
    private final LayerConfig config;

    SliceReader(Graph graph, LayerConfig config) {
        this.graph = graph;
        this.config = config;
    }

    /**
     * Slices a value.
     *
     * @param saved the index of every axis, the batch first
     */
    Value call(Value x, JsonNode saved) {
        Shape shape = graph.shape(x);
        int rank = shape.dims().size() + (shape.timed() ? 2 : 1);
        List<JsonNode> index = indices(saved, rank);
        if (index.get(0) != null && !isAll(index.get(0))) {
            throw refused(saved);
        }
        int tensor = features(x, index.subList(rank - shape.dims().size(), rank), saved);
        return Value.unmasked(shape.timed() ? time(tensor, index.get(1), saved) : tensor);
    }

    /** One index an axis; null where all of it is taken. */
    private List<JsonNode> indices(JsonNode saved, int rank) {
        List<JsonNode> given = new ArrayList<>();
        if (saved.isArray()) {
            saved.forEach(given::add);
        } else {
            given.add(saved);
        }
        List<JsonNode> indices = new ArrayList<>();
        for (JsonNode one : given) {
            if (one.path("class_name").asText("").equals("__ellipsis__")) {
                for (int k = given.size() - 1; k < rank; k++) {
                    indices.add(null);
                }
            } else {
                indices.add(one);
            }
        }
        while (indices.size() < rank) {
            indices.add(null);
        }
        if (indices.size() > rank) {
            throw refused(saved);
        }
        return indices;
    }

    private RuntimeException refused(JsonNode saved) {
        return config.refused(
                "its index",
                LayerConfig.shortened(saved),
                "all of the batch, and a number or a slice of steps forward for other axes");
    }

    private static boolean isSlice(JsonNode index) {
        return index.path("class_name").asText("").equals("__slice__");
    }

    private static boolean isAll(JsonNode index) {
        JsonNode slice = index.path("config");
        return isSlice(index)
                && slice.path("start").isNull()
                && slice.path("stop").isNull()
                && slice.path("step").isNull();
    }

    private Resampling.Slice slice(JsonNode index, JsonNode saved) {
        JsonNode slice = index.path("config");
        int step = slice.path("step").isNull() ? 1 : slice.path("step").asInt(0);
        if (!isSlice(index) || step < 1) {
            throw refused(saved);
        }
        return new Resampling.Slice(
                slice.path("start").asInt(0),
                slice.path("stop").isNull() ? Resampling.Slice.END : slice.path("stop").asInt(),
                step);
    }

    private int time(int tensor, JsonNode index, JsonNode saved) {
        if (index == null || isAll(index)) {
            return tensor;
        }
        if (index.isInt()) {
            return graph.add(new TimeLayer.Timestep(config.name(), index.asInt()), tensor);
        }
        return graph.add(
                new TimeLayer.TimeSlice(config.name(), "GetItem", slice(index, saved)), tensor);
    }

    private int features(Value x, List<JsonNode> index, JsonNode saved) {
        List<Integer> dims = graph.shape(x).dims();
        List<Integer> kept = new ArrayList<>();
        List<Integer> places = List.of(0);
        boolean all = true;
        for (int dim = 0; dim < dims.size(); dim++) {
            int size = dims.get(dim);
            List<Integer> taken = new ArrayList<>();
            JsonNode own = index.get(dim);
            if (own != null && own.isInt()) {
                int number = own.asInt() < 0 ? own.asInt() + size : own.asInt();
                if (number < 0 || number >= size) {
                    throw refused(saved);
                }
                taken.add(number);
                all = false;
            } else {
                Resampling.Slice slice =
                        own == null
                                ? new Resampling.Slice(0, Resampling.Slice.END, 1)
                                : slice(own, saved);
                for (int k = 0; k < slice.length(size); k++) {
                    taken.add(slice.first(size) + k * slice.step());
                }
                kept.add(taken.size());
                all &= taken.size() == size;
            }
            List<Integer> longer = new ArrayList<>();
            for (int place : places) {
                taken.forEach(number -> longer.add(place * size + number));
            }
            places = longer;
        }
        if (all) {
            return x.tensor();
        }
        if (places.isEmpty()) {
            throw refused(saved);
        }
        int[] array = places.stream().mapToInt(Integer::intValue).toArray();
        return graph.add(
                new RowLayer.Rearrange(config.name() + "/features", "GetItem", kept, array),
                x.tensor());
    }
}
