package io.streamcell.benchmarks.kernels;

import io.streamcell.models.TensorWeights;
import io.streamcell.models.keras.LayerConfig;
import io.streamcell.models.keras.LayerWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Arrays of whatever shape a layer asks for. */
record RandomWeights(String path, Random random, double scale) implements LayerWeights {
    @Override
    public LayerWeights child(String property) {
        return new RandomWeights(path + "/" + property, random, scale);
    }

    @Override
    public List<LayerWeights> children(String property, List<LayerConfig> layers) {
        List<LayerWeights> children = new ArrayList<>();
        layers.forEach(layer -> children.add(child(layer.name())));
        return children;
    }

    @Override
    public float[] read(int number, int... shape) {
        int count = 1;
        for (int dim : shape) {
            count *= dim;
        }
        float[] values = new float[count];
        for (int k = 0; k < count; k++) {
            values[k] = (float) ((2 * random.nextDouble() - 1) * scale);
        }
        return values;
    }

    @Override
    public List<TensorWeights> all() {
        return List.of();
    }
}
