package io.streamcell.models.onnx;

import io.streamcell.models.ElementFunction;
import io.streamcell.models.onnx.Value.Constant;
import io.streamcell.models.onnx.Value.Data;
import io.streamcell.models.onnx.Value.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** LSTM, GRU and RNN. */
final class RecurrentOperator {
    static final Set<String> TYPES = Set.of("LSTM", "GRU", "RNN");

    /** The first input that is an initial state. */
    static final int FIRST_STATE = 5;

    private static final int LENGTHS = 4;

    private static final Map<String, Integer> GATES = Map.of("LSTM", 4, "GRU", 3, "RNN", 1);

    private static final Map<String, List<String>> FUNCTIONS =
            Map.of(
                    "LSTM", List.of("Sigmoid", "Tanh", "Tanh"),
                    "GRU", List.of("Sigmoid", "Tanh"),
                    "RNN", List.of("Tanh"));

    private RecurrentOperator() {}

    static List<Value> read(OnnxNode node, Evaluation graph) {
        Data x = graph.data(node, 0);
        if (x.rank() != 3) {
            throw node.refused("its input", x.axes(), "of three axes: time, batch and features");
        }
        boolean batchFirst = node.integer("layout", 0) != 0;
        int timeAxis = batchFirst ? 1 : 0;
        int batchAxis = batchFirst ? 0 : 1;
        int units = units(node, graph);
        int directions = directions(node);
        List<CellReader> cells = cells(node, graph, units, directions);
        int features = cells.get(0).weights().features();
        graph.axes().reads(x.axes().get(timeAxis));
        graph.axes().learn(x.axes().get(timeAxis), Axis.TIME, node.name());
        graph.axes().learn(x.axes().get(batchAxis), Axis.BATCH, node.name());
        graph.axes().row(x.axes().get(2), features, node);
        checkLengths(node, graph, x.axes().get(timeAxis));
        if (x.computed()) {
            check(node, graph, x, timeAxis, features);
        }
        Axis batch = x.axes().get(batchAxis);
        List<Axis> sequence = new ArrayList<>(x.axes().subList(0, 2));
        sequence.add(batchFirst ? 2 : 1, Axis.row(directions));
        sequence.add(Axis.row(units));
        List<Axis> last = new ArrayList<>(List.of(Axis.row(directions), Axis.row(units)));
        last.add(batchFirst ? 0 : 1, batch);
        RecurrentLayers layers =
                new RecurrentLayers(node, graph, cells, batchFirst ? 0 : 1, sequence, last);
        return x.computed() ? layers.add(x) : layers.find(x);
    }

    private static void check(OnnxNode node, Evaluation graph, Data x, int timeAxis, int features) {
        Axis time = x.axes().get(timeAxis);
        Axis batch = x.axes().get(1 - timeAxis);
        Axis row = x.axes().get(2);
        boolean stepwise = graph.axes().stepwise();
        boolean timed = time.is(Axis.TIME) || time.one() && stepwise;
        if (!timed || !batch.is(Axis.BATCH) && !batch.one() || !row.rowsOnly()) {
            throw node.refused(
                    "its input",
                    x.axes(),
                    timeAxis == 0 ? "[time, batch, features]" : "[batch, time, features]");
        } else if (stepwise && !node.text("direction", "forward").equals("forward")) {
            throw node.refused("direction", "another", "forward, where a call is one timestep");
        } else if (row.rows() != features) {
            throw node.refused("features", row, "%d as its weights have".formatted(features));
        }
    }

    private static int units(OnnxNode node, Evaluation graph) {
        Tensor recurrent = graph.constant(node, 2);
        int units = recurrent.dims().size() == 3 ? recurrent.dims().get(2) : 0;
        int given = node.integer("hidden_size", units);
        if (given != units || units < 1) {
            throw node.refused("hidden_size", given, "%d as R has".formatted(units));
        }
        return units;
    }

    static int directions(OnnxNode node) {
        String direction = node.text("direction", "forward");
        return switch (direction) {
            case "forward", "reverse" -> 1;
            case "bidirectional" -> 2;
            default ->
                    throw node.refused("direction", direction, "forward, reverse or bidirectional");
        };
    }

    private static List<CellReader> cells(
            OnnxNode node, Evaluation graph, int units, int directions) {
        List<List<List<ElementFunction>>> functions =
                CellFunctions.read(node, directions, FUNCTIONS.get(node.type()));
        float clip = node.number("clip", 0);
        if (!(clip >= 0)) {
            throw node.refused("clip", clip, "positive");
        }
        List<CellReader> cells = new ArrayList<>();
        for (int k = 0; k < directions; k++) {
            CellWeights weights = CellWeights.of(node, graph, k, GATES.get(node.type()), units);
            cells.add(new CellReader(node, units, weights, functions.get(k), clip));
        }
        return cells;
    }

    /** Lengths of the sequences must be the whole time axis: a stream has no padding. */
    private static void checkLengths(OnnxNode node, Evaluation graph, Axis time) {
        Value lengths = graph.optional(node, LENGTHS);
        boolean whole = lengths == null;
        if (lengths instanceof Sizes sizes) {
            whole = sizes.elements().stream().allMatch(time.size()::equals);
        } else if (lengths instanceof Constant constant && time.fixed() > 0) {
            whole = constant.array().allEqual((double) time.fixed());
        }
        if (!whole) {
            throw node.refused(
                    "sequence_lens",
                    lengths instanceof Data ? "an input (" + node.input(LENGTHS) + ")" : "others",
                    "left out, or the length of the sequence: a stream's chunks have no padding");
        }
    }
}
