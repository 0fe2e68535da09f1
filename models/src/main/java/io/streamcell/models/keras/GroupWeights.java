package io.streamcell.models.keras;

import io.streamcell.models.TensorWeights;
import java.util.ArrayList;
import java.util.List;

/** A layer's arrays in {@code model.weights.h5}: the datasets {@code vars/0}, ... of its group. */
record GroupWeights(WeightFile file, String path) implements LayerWeights {
    /** The layers of the model itself. */
    static List<LayerWeights> root(WeightFile file, List<LayerConfig> layers) {
        return new GroupWeights(file, "").groups("", layers);
    }

    @Override
    public LayerWeights child(String property) {
        return new GroupWeights(file, path + "/" + property);
    }

    @Override
    public List<LayerWeights> children(String property, List<LayerConfig> layers) {
        return groups(path + "/" + property + "/", layers);
    }

    private List<LayerWeights> groups(String prefix, List<LayerConfig> layers) {
        List<LayerWeights> groups = new ArrayList<>();
        for (String group : WeightPaths.groups(layers)) {
            groups.add(new GroupWeights(file, prefix + group));
        }
        return groups;
    }

    @Override
    public float[] read(int number, int... shape) {
        return file.read(path + "/vars/" + number, shape);
    }

    @Override
    public List<TensorWeights> all() {
        List<TensorWeights> arrays = new ArrayList<>();
        while (file.holds(path + "/vars/" + arrays.size())) {
            arrays.add(file.readAny(path + "/vars/" + arrays.size()));
        }
        return arrays;
    }
}
