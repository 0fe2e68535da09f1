package io.streamcell.models.onnx;

import io.streamcell.models.Concatenate;
import io.streamcell.models.Recurrent;
import io.streamcell.models.Recurrent.Mode;
import io.streamcell.models.TimeLayer;
import io.streamcell.models.Weights;
import io.streamcell.models.onnx.Value.Constant;
import io.streamcell.models.onnx.Value.Data;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The layers of a recurrent operator: one for each direction, the backward one's outputs put in
 * order of time again.
 *
 * @param batch which axis of a state is the batch
 * @param sequence axes of the output Y
 * @param last axes of the outputs Y_h and Y_c
 */
record RecurrentLayers(
        OnnxNode node,
        Evaluation graph,
        List<CellReader> cells,
        int batch,
        List<Axis> sequence,
        List<Axis> last) {
    private static final List<String> STATES = List.of("h", "c");

    private int states() {
        return node.type().equals("LSTM") ? 2 : 1;
    }

    private int units() {
        return cells.get(0).units();
    }

    /** In the first walk: notes which states it starts from, and gives those that it ends with. */
    List<Value> find(Data x) {
        List<Value> outputs = new ArrayList<>();
        outputs.add(new Data(Data.NONE, sequence));
        for (int k = 0; k < states(); k++) {
            Tensor trace =
                    graph.states()
                            .last(
                                    node.output(0) + "/" + node.name() + "/" + STATES.get(k),
                                    cells.size(),
                                    units(),
                                    last,
                                    batch);
            if (initial(k) instanceof Data start) {
                if (start.rank() == 3) {
                    graph.axes().same(last.get(batch), start.axes().get(batch), node);
                    graph.axes().learn(start.axes().get(batch), Axis.BATCH, node.name());
                    graph.axes().row(start.axes().get(1 - batch), cells.size(), node);
                    graph.axes().row(start.axes().get(2), units(), node);
                }
                graph.states().starts(start, trace, batch);
            }
            outputs.add(new Data(Data.NONE, last, trace));
        }
        return outputs;
    }

    private Value initial(int state) {
        return graph.optional(node, RecurrentOperator.FIRST_STATE + state);
    }

    /** In the second walk: adds the layers. */
    List<Value> add(Data x) {
        boolean stepwise = graph.axes().stepwise();
        boolean all = stepwise || graph.needs(node.output(0));
        boolean ends =
                graph.needs(node.output(2)) || !stepwise && all && graph.needs(node.output(1));
        if (ends && stepwise && node.type().equals("LSTM")) {
            throw node.refused("Y_c", "used", "a state alone, where a call is one timestep");
        }
        List<Integer> reads = new ArrayList<>();
        reads.add(graph.layers().byLast(node, x));
        List<List<Integer>> outputs = new ArrayList<>();
        for (int k = 0; k < cells.size(); k++) {
            outputs.add(direction(reads.get(0), k, all, ends));
        }
        List<Value> values = new ArrayList<>();
        values.add(new Data(all ? joined(outputs, 0) : Data.NONE, sequence));
        for (int state = 0; state < states(); state++) {
            int tensor = Data.NONE;
            if (stepwise) {
                tensor = state == 0 ? joined(outputs, 0) : Data.NONE;
            } else if (ends) {
                tensor = joined(outputs, 1 + state);
            } else if (state == 0 && !all) {
                tensor = joined(outputs, 0);
            }
            values.add(new Data(tensor, last));
        }
        return values;
    }

    /** The outputs of one direction: its rows in order of time, or the last; then its states. */
    private List<Integer> direction(int input, int k, boolean all, boolean ends) {
        boolean backwards = k == 1 || node.text("direction", "forward").equals("reverse");
        List<Integer> reads = new ArrayList<>(List.of(input));
        List<Integer> given = given(k);
        reads.addAll(given);
        boolean one = cells.size() == 1;
        String name = node.name() + (one ? "" : k == 0 ? "/forward" : "/backward");
        Mode mode =
                new Mode(
                        one ? null : node.name(),
                        backwards,
                        false,
                        false,
                        !given.isEmpty(),
                        given.isEmpty() ? initialState(k) : null);
        Recurrent layer =
                new Recurrent(
                        name, node.type(), List.of(cells.get(k).cell()), all, ends, true, mode);
        List<Integer> outputs = new ArrayList<>(graph.layers().all(layer, reads));
        if (backwards && all) {
            outputs.set(0, graph.layers().add(outputs.get(0), () -> new TimeLayer.Reverse(name)));
        }
        return outputs;
    }

    /** The same output of all directions. */
    private int joined(List<List<Integer>> outputs, int k) {
        List<Integer> reads = outputs.stream().map(output -> output.get(k)).toList();
        return reads.size() == 1
                ? reads.get(0)
                : graph.layers().add(reads, () -> new Concatenate(node.name()));
    }

    /** Tensors of the states that a direction starts from, where other layers compute them. */
    private List<Integer> given(int direction) {
        List<Integer> given = new ArrayList<>();
        for (int state = 0; state < states(); state++) {
            if (initial(state) instanceof Data data && data.computed()) {
                given.add(given(state, direction, data));
            }
        }
        if (!given.isEmpty() && given.size() < states()) {
            throw node.refused("initial_h and initial_c", "one of them computed", "both, or none");
        }
        return given;
    }

    private int given(int state, int direction, Data data) {
        if (data.rank() != 3
                || data.axes().get(1 - batch).rows() != cells.size()
                || data.axes().get(2).rows() != units()) {
            throw node.refused("initial_" + STATES.get(state), data.axes(), last);
        }
        int[] index = {direction};
        List<Axis> axes = Moves.replaced(data.axes(), 1 - batch, Axis.ONE);
        Value part = Moves.moved(node, graph, data, (a, dims) -> a.take(1 - batch, index), axes);
        return graph.layers().byLast(node, (Data) part);
    }

    /** The constant state that a direction starts from, or null for zeros. */
    private Weights initialState(int direction) {
        float[] values = new float[states() * units()];
        boolean zeros = true;
        for (int state = 0; state < states(); state++) {
            if (initial(state) instanceof Constant constant) {
                float[] row = row(state, direction, constant.array());
                System.arraycopy(row, 0, values, state * units(), units());
                zeros &= constant.array().allEqual(0);
            }
        }
        return zeros ? null : Weights.vector(values);
    }

    private float[] row(int state, int direction, Tensor array) {
        String name = "initial_" + STATES.get(state);
        if (array.dims().size() != 3
                || array.dims().get(1 - batch) != cells.size()
                || array.dims().get(2) != units()
                || array.dims().get(batch) < 1) {
            throw node.refused("the shape of " + name, array.dims(), last);
        }
        Tensor rows =
                array.arranged(Arrangement.of(array.dims()).take(1 - batch, new int[] {direction}));
        float[] all = rows.asFloats();
        for (int k = units(); k < all.length; k++) {
            if (all[k] != all[k - units()]) {
                throw node.refused(name, "different ones", "the same constant for the whole batch");
            }
        }
        return Arrays.copyOf(all, units());
    }
}
