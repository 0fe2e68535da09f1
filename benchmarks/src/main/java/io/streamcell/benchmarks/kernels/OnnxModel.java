package io.streamcell.benchmarks.kernels;

import io.streamcell.benchmarks.GateOrder;
import io.streamcell.benchmarks.onnx.OnnxGraph;
import io.streamcell.models.Cell;
import io.streamcell.models.Embedding;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A task's network as an ONNX model: an LSTM or GRU node for each cell, time-major, all shapes
 * fixed. Input {@code x}, {@code [timesteps, rows, features]} or token ids of 64 bits; output
 * {@code y}, {@code [timesteps, 1, rows, units]}; of each cell {@code h0}, {@code c0}, {@code h1},
 * ... in, {@code h0_out}, ... out, {@code [1, rows, units]}.
 */
final class OnnxModel {
    private final Workload workload;
    private final OnnxGraph graph = new OnnxGraph("benchmark");

    private OnnxModel(Workload workload) {
        this.workload = workload;
    }

    /** The model's bytes, as an {@code .onnx} file holds them. */
    static byte[] of(Task task) {
        OnnxModel model = new OnnxModel(task.workload());
        model.write(task);
        return model.graph.bytes();
    }

    /** The names of a cell's state tensors, as the model's inputs have them. */
    static List<String> states(Cell cell, int number) {
        return cell instanceof Lstm ? List.of("h" + number, "c" + number) : List.of("h" + number);
    }

    private void write(Task task) {
        long timesteps = workload.timesteps();
        long rows = workload.rows();
        String current = "x";
        if (task.embedding().isPresent()) {
            Embedding embedding = task.embedding().get();
            graph.tokens("x", timesteps, rows);
            long[] dims = {embedding.vocabulary(), embedding.table().columns()};
            graph.weights("table", embedding.table().values(), dims);
            graph.node("Gather", List.of("table", "x"), List.of("embedded"), Map.of());
            current = "embedded";
        } else {
            graph.input("x", timesteps, rows, task.inputWidth());
        }
        List<Cell> cells = task.cells();
        for (int number = 0; number < cells.size(); number++) {
            boolean last = number == cells.size() - 1;
            String sequence = last ? "y" : "y" + number;
            recurrent(cells.get(number), number, current, sequence);
            if (!last) {
                String direction = "direction" + number;
                graph.numbers(direction, 1);
                current = "x" + (number + 1);
                graph.node("Squeeze", List.of(sequence, direction), List.of(current), Map.of());
            }
        }
        graph.output("y", timesteps, 1, rows, workload.units());
    }

    private void recurrent(Cell cell, int number, String input, String sequence) {
        String w = "W" + number;
        String r = "R" + number;
        String b = "B" + number;
        // An empty name leaves out the lengths of the sequences: all are as long as the input.
        List<String> reads = new ArrayList<>(List.of(input, w, r, b, ""));
        List<String> gives = new ArrayList<>(List.of(sequence));
        for (String state : states(cell, number)) {
            graph.input(state, 1, workload.rows(), cell.units());
            graph.output(state + "_out", 1, workload.rows(), cell.units());
            reads.add(state);
            gives.add(state + "_out");
        }
        if (cell instanceof Lstm layer) {
            GateOrder order = GateOrder.ONNX_LSTM;
            float[] bias = order.row(layer.bias(), 0);
            long width = bias.length;
            graph.weights(w, order.transposed(layer.inputWeights()), 1, width, cell.features());
            graph.weights(r, order.transposed(layer.recurrentWeights()), 1, width, cell.units());
            graph.weights(b, Arrays.copyOf(bias, 2 * bias.length), 1, 2 * width);
            graph.node("LSTM", reads, gives, Map.of("hidden_size", cell.units()));
        } else if (cell instanceof Gru layer) {
            GateOrder order = GateOrder.KERAS_GRU;
            long width = 3L * cell.units();
            graph.weights(w, order.transposed(layer.inputWeights()), 1, width, cell.features());
            graph.weights(r, order.transposed(layer.recurrentWeights()), 1, width, cell.units());
            graph.weights(b, layer.bias().values(), 1, 2 * width);
            Map<String, Integer> kind =
                    Map.of("hidden_size", cell.units(), "linear_before_reset", 1);
            graph.node("GRU", reads, gives, kind);
        } else {
            throw new IllegalArgumentException("a cell must be LSTM or GRU, got " + cell.kind());
        }
    }
}
