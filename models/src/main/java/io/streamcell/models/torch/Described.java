package io.streamcell.models.torch;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamcell.models.TensorWeights;
import io.streamcell.models.UnsupportedModelException;
import io.streamcell.models.Weights;
import io.streamcell.models.keras.LayerConfig;
import io.streamcell.models.keras.ListWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One layer of a description, and its tensors, whose names begin with its prefix.
 *
 * @param number its place in the description
 */
record Described(JsonNode saved, int number, Safetensors tensors) {
    String kind() {
        return saved.path("class").asText("nothing");
    }

    /** The class without its package. */
    String torchKind() {
        return kind().substring(kind().lastIndexOf('.') + 1);
    }

    /** Its name, else the prefix of its tensors, else its class and place. */
    String name() {
        String prefix = saved.path("weights").asText("");
        return saved.path("name").asText(prefix.isEmpty() ? torchKind() + "_" + number : prefix);
    }

    private String prefix() {
        String prefix = saved.path("weights").asText("");
        return prefix.isEmpty() ? "" : prefix + ".";
    }

    UnsupportedModelException refused(String property, String found, String supported) {
        return new UnsupportedModelException(
                "layer %s: %s must be %s, got %s".formatted(name(), property, supported, found));
    }

    boolean flag(String property, boolean absent) {
        JsonNode value = saved.path(property);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw refused(property, value.toString(), "true or false");
        }
        return value.asBoolean(absent);
    }

    String text(String property, String absent) {
        return saved.path(property).asText(absent);
    }

    double number(String property, double absent) {
        JsonNode value = saved.path(property);
        if (!value.isMissingNode() && !value.isNumber()) {
            throw refused(property, value.toString(), "a number");
        }
        return value.asDouble(absent);
    }

    boolean holds(String tensor) {
        return tensors.holds(prefix() + tensor);
    }

    List<Integer> dims(String tensor) {
        return tensors.dims(prefix() + tensor);
    }

    /** A tensor of one dimension. */
    float[] values(String tensor) {
        return tensors.read(prefix() + tensor).values();
    }

    /** A tensor of one dimension, or {@code absent} everywhere. */
    Weights vectorOr(String tensor, int length, float absent) {
        float[] values = new float[length];
        Arrays.fill(values, absent);
        if (holds(tensor)) {
            values = values(tensor);
            if (values.length != length) {
                throw refused(tensor, dims(tensor).toString(), "[" + length + "]");
            }
        }
        return Weights.vector(values);
    }

    /** A tensor of two dimensions. */
    Weights matrix(String tensor) {
        TensorWeights array = tensors.read(prefix() + tensor);
        if (array.dims().size() != 2) {
            throw refused(tensor, array.dims().toString(), "of two dimensions");
        }
        return Weights.matrix(array.dims().get(0), array.dims().get(1), array.values());
    }

    /** {@code [out, in]} as {@code [in, out]}. */
    Weights transposed(String tensor) {
        Weights saved = matrix(tensor);
        int rows = saved.columns();
        int columns = saved.rows();
        float[] values = new float[saved.count()];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                values[row * columns + column] = saved.values()[column * rows + row];
            }
        }
        return Weights.matrix(rows, columns, values);
    }

    /** The width of its input as its weights say; 0 where they do not. */
    int features() {
        String[] names = {"weight_ih_l0", "weight_ih", "running_mean", "weight"};
        for (String name : names) {
            if (holds(name)) {
                List<Integer> dims = dims(name);
                return dims.get(dims.size() - 1);
            }
        }
        // Keras's first weights are [features, ...].
        return holds("0") ? dims("0").get(Math.max(0, dims("0").size() - 2)) : 0;
    }

    /** The layer as Keras configures it. */
    LayerConfig keras() {
        JsonNode config = saved.path("config").isMissingNode() ? saved : saved.path("config");
        return new LayerConfig(torchKind(), name(), config);
    }

    /** Its tensors in Keras's order. */
    ListWeights weightList() {
        List<ListWeights.Source> sources = new ArrayList<>();
        for (int k = 0; holds(String.valueOf(k)); k++) {
            String tensor = prefix() + k;
            sources.add(
                    new ListWeights.Source() {
                        @Override
                        public String name() {
                            return tensor;
                        }

                        @Override
                        public TensorWeights read() {
                            return tensors.read(tensor);
                        }
                    });
        }
        return new ListWeights(name() + "#" + number, sources);
    }
}
