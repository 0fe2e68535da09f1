package io.streamcell.benchmarks;

import io.streamcell.models.Weights;

/**
 * Rearranges Keras's weights {@code [rows, gates*units]} for peers that order their gates
 * otherwise.
 *
 * @param gates for each gate of the peer, its number in Keras
 */
public record GateOrder(int... gates) {
    /** Keras i, f, c, o as ONNX has them: i, o, f, c. */
    public static final GateOrder ONNX_LSTM = new GateOrder(0, 3, 1, 2);

    /** Keras z, r, h as PyTorch has them: r, z, n. */
    public static final GateOrder TORCH_GRU = new GateOrder(1, 0, 2);

    public static final GateOrder KERAS_LSTM = new GateOrder(0, 1, 2, 3);
    public static final GateOrder KERAS_GRU = new GateOrder(0, 1, 2);

    /** {@code [gates*units, rows]}: a row for every unit of every gate. */
    public float[] transposed(Weights weights) {
        int units = weights.columns() / gates.length;
        float[] result = new float[weights.count()];
        for (int gate = 0; gate < gates.length; gate++) {
            for (int unit = 0; unit < units; unit++) {
                int to = (gate * units + unit) * weights.rows();
                int from = gates[gate] * units + unit;
                for (int k = 0; k < weights.rows(); k++) {
                    result[to + k] = weights.values()[k * weights.columns() + from];
                }
            }
        }
        return result;
    }

    /** One row of a bias in the peer's order, {@code [gates*units]}. */
    public float[] row(Weights bias, int row) {
        int units = bias.columns() / gates.length;
        float[] result = new float[bias.columns()];
        for (int gate = 0; gate < gates.length; gate++) {
            int from = row * bias.columns() + gates[gate] * units;
            System.arraycopy(bias.values(), from, result, gate * units, units);
        }
        return result;
    }
}
