package io.streamcell.benchmarks.kernels;

import io.streamcell.models.Activation;
import io.streamcell.models.Cell;
import io.streamcell.models.Dense;
import io.streamcell.models.Embedding;
import io.streamcell.models.Gru;
import io.streamcell.models.Layer;
import io.streamcell.models.Lstm;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.Recurrent;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The values of a case: the same weights and inputs for every subject. Every stream starts from a
 * state of zeros and carries it from call to call.
 *
 * @param network with one timed input and one output, a row per timestep
 * @param inputs row-major {@code [rows, timesteps, features]}, or token ids {@code [rows,
 *     timesteps]}; not to be modified
 */
record Task(Workload workload, Network network, float[] inputs) {
    static final int VOCABULARY = 10_000;

    static Task of(Workload workload) {
        return new Maker().make(workload);
    }

    /** The recurrent cells, lowest first. */
    List<Cell> cells() {
        return network.nodes().stream()
                .filter(node -> node.layer() instanceof Recurrent)
                .flatMap(node -> ((Recurrent) node.layer()).cells().stream())
                .toList();
    }

    /** The embedding below the cells. */
    Optional<Embedding> embedding() {
        return network.nodes().get(0).layer() instanceof Embedding embedding
                ? Optional.of(embedding)
                : Optional.empty();
    }

    /** Width of {@link #inputs}. */
    int inputWidth() {
        return inputs.length / (workload.rows() * workload.timesteps());
    }

    /** {@link #inputs} as {@code [timesteps, rows, features]}. */
    float[] timeMajorInputs() {
        return swapped(inputs, workload.rows(), workload.timesteps());
    }

    /** {@code [timesteps, rows, width]} as {@code [rows, timesteps, width]}. */
    float[] rowMajor(float[] timeMajor) {
        return swapped(timeMajor, workload.timesteps(), workload.rows());
    }

    private static float[] swapped(float[] values, int outer, int inner) {
        int width = values.length / (outer * inner);
        float[] swapped = new float[values.length];
        for (int i = 0; i < outer; i++) {
            for (int j = 0; j < inner; j++) {
                System.arraycopy(
                        values, (i * inner + j) * width, swapped, (j * outer + i) * width, width);
            }
        }
        return swapped;
    }

    /** Draws weights and inputs, the same for the same sizes. */
    private static final class Maker {
        private final Random random = new Random(7);

        Task make(Workload workload) {
            int features = workload.features();
            int units = workload.units();
            boolean tokens = workload.kind() == Workload.Kind.EMBEDDING;
            List<Layer> layers = new ArrayList<>();
            switch (workload.kind()) {
                case GRU -> layers.add(recurrent("gru", gru(features, units)));
                case PRODUCT -> layers.add(dense(features + units, 4 * units));
                case EMBEDDING -> {
                    layers.add(new Embedding("embedding", matrix(VOCABULARY, features, 1)));
                    layers.add(recurrent("lstm", lstm(features, units)));
                }
                case TWO_LAYERS -> {
                    layers.add(recurrent("lower", lstm(features, units)));
                    layers.add(recurrent("upper", lstm(units, units)));
                }
                case LSTM -> layers.add(recurrent("lstm", lstm(features, units)));
            }
            int width = workload.isProduct() ? features + units : features;
            NetworkBuilder builder = new NetworkBuilder(workload.name());
            int tensor = builder.timedInput("x", tokens ? List.of() : List.of(width));
            for (Layer layer : layers) {
                tensor = builder.add(layer, List.of(tensor)).get(0);
            }
            Network network = builder.build(List.of("h"), List.of(tensor), false);
            int places = workload.rows() * workload.timesteps();
            return new Task(workload, network, tokens ? ids(places) : values(places * width, 1));
        }

        private static Recurrent recurrent(String name, Cell cell) {
            return new Recurrent(name, cell.kind(), List.of(cell), true, false, true);
        }

        private Lstm lstm(int features, int units) {
            return new Lstm(
                    features,
                    units,
                    Activation.TANH,
                    Activation.SIGMOID,
                    matrix(features, 4 * units, scale(units)),
                    matrix(units, 4 * units, scale(units)),
                    matrix(1, 4 * units, scale(units)));
        }

        private Gru gru(int features, int units) {
            return new Gru(
                    features,
                    units,
                    true,
                    Activation.TANH,
                    Activation.SIGMOID,
                    matrix(features, 3 * units, scale(units)),
                    matrix(units, 3 * units, scale(units)),
                    matrix(2, 3 * units, scale(units)));
        }

        private Dense dense(int features, int units) {
            return new Dense(
                    "dense",
                    matrix(features, units, scale(units)),
                    matrix(1, units, scale(units)),
                    Activation.LINEAR);
        }

        private static float scale(int units) {
            return (float) (1 / Math.sqrt(units));
        }

        private Weights matrix(int rows, int columns, float scale) {
            return Weights.matrix(rows, columns, values(rows * columns, scale));
        }

        private float[] values(int count, float scale) {
            float[] values = new float[count];
            for (int k = 0; k < count; k++) {
                values[k] = (2 * random.nextFloat() - 1) * scale;
            }
            return values;
        }

        private float[] ids(int count) {
            float[] ids = new float[count];
            for (int k = 0; k < count; k++) {
                ids[k] = random.nextInt(VOCABULARY);
            }
            return ids;
        }
    }
}
