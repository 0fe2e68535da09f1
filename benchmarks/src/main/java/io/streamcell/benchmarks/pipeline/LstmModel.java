package io.streamcell.benchmarks.pipeline;

import static io.streamcell.benchmarks.onnx.OnnxGraph.TIMESTEPS;

import io.streamcell.benchmarks.GateOrder;
import io.streamcell.benchmarks.onnx.OnnxGraph;
import io.streamcell.models.Weights;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * LSTM(units) and Dense(1) with one set of weights, as {@link KerasFile} saves it for Streamcell
 * and as {@link #onnx} for ONNX Runtime.
 *
 * @param inputWeights {@code [features, 4*units]}, gates in the order i, f, c, o
 * @param recurrentWeights {@code [units, 4*units]}
 * @param bias {@code [4*units]}
 * @param denseWeights {@code [units, 1]}
 * @param denseBias {@code [1]}
 */
record LstmModel(
        int features,
        int units,
        float[] inputWeights,
        float[] recurrentWeights,
        float[] bias,
        float[] denseWeights,
        float[] denseBias) {
    /** A network with random weights, always the same. */
    static LstmModel random(int features, int units) {
        Random random = new Random(7);
        double scale = 1 / Math.sqrt(units);
        return new LstmModel(
                features,
                units,
                uniform(random, features * 4 * units, scale),
                uniform(random, units * 4 * units, scale),
                uniform(random, 4 * units, scale),
                uniform(random, units, scale),
                uniform(random, 1, scale));
    }

    private static float[] uniform(Random random, int count, double scale) {
        float[] values = new float[count];
        for (int k = 0; k < count; k++) {
            values[k] = (float) ((random.nextDouble() * 2 - 1) * scale);
        }
        return values;
    }

    /**
     * The network as an ONNX model for one stream: inputs {@code x [timesteps, 1, features]} and
     * {@code h}, {@code c [1, 1, units]}; outputs {@code y [timesteps, 1]} and the new state,
     * {@code h_next} and {@code c_next}.
     */
    byte[] onnx() {
        float[] biases = new float[8 * units];
        System.arraycopy(onnxGates(bias, 1), 0, biases, 0, 4 * units);
        return new OnnxGraph("lstm")
                .input("x", TIMESTEPS, 1, features)
                .input("h", 1, 1, units)
                .input("c", 1, 1, units)
                .weights("w", onnxGates(inputWeights, features), 1, 4L * units, features)
                .weights("r", onnxGates(recurrentWeights, units), 1, 4L * units, units)
                .weights("b", biases, 1, 8L * units)
                .weights("dense", denseWeights, units, 1)
                .weights("dense_bias", denseBias, 1)
                .numbers("rows", -1, units)
                .node(
                        "LSTM",
                        List.of("x", "w", "r", "b", "", "h", "c"),
                        List.of("all_h", "h_next", "c_next"),
                        Map.of("hidden_size", units))
                .node("Reshape", List.of("all_h", "rows"), List.of("row_h"), Map.of())
                .node("Gemm", List.of("row_h", "dense", "dense_bias"), List.of("y"), Map.of())
                .output("y", TIMESTEPS, 1)
                .output("h_next", 1, 1, units)
                .output("c_next", 1, 1, units)
                .bytes();
    }

    /** A matrix of {@code [rows, 4*units]} as ONNX has it, {@code [4*units, rows]}. */
    private float[] onnxGates(float[] keras, int rows) {
        return GateOrder.ONNX_LSTM.transposed(Weights.matrix(rows, 4 * units, keras));
    }
}
