package io.streamcell.models.torch;

import io.streamcell.models.Activation;
import io.streamcell.models.Cell;
import io.streamcell.models.CellBuilder;
import io.streamcell.models.Concatenate;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.Recurrent;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.TimeLayer;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * LSTM, GRU and RNN of torch: layers upon each other, in one or two directions, with a projection
 * or none. Number and sizes are read off the tensors {@code weight_ih_l0}, ... Torch's LSTM gates i
 * f g o are ours; GRU's r z n become z r n. A stack in one direction is one layer; in two, each
 * layer's directions run apart, and all share one state.
 */
final class TorchRecurrent {
    private final Described layer;
    private final NetworkBuilder builder;
    private final Set<String> names;

    TorchRecurrent(Described layer, NetworkBuilder builder, Set<String> names) {
        this.layer = layer;
        this.builder = builder;
        this.names = names;
    }

    /** Adds the layers, and gives the tensor of their output. */
    int add(int input) {
        if (!names.add(layer.name())) {
            throw layer.refused("name", layer.name(), "one that no other layer has");
        }
        boolean sequences = layer.flag("return_sequences", true);
        if (layer.torchKind().endsWith("Cell")) {
            Cell cell = cell("");
            return recurrent(layer.name(), List.of(cell), sequences, false, input);
        }
        boolean bidirectional = layer.holds("weight_ih_l0_reverse");
        if (!bidirectional) {
            List<Cell> cells = new ArrayList<>();
            for (int k = 0; layer.holds("weight_ih_l" + k); k++) {
                cells.add(cell("_l" + k));
            }
            if (cells.isEmpty()) {
                throw layer.refused("weights", "no weight_ih_l0", "the prefix of its tensors");
            }
            return recurrent(layer.name(), cells, sequences, false, input);
        }
        int current = input;
        for (int k = 0; layer.holds("weight_ih_l" + k); k++) {
            boolean last = !layer.holds("weight_ih_l" + (k + 1));
            current = bothWays(k, current, sequences || !last);
        }
        return current;
    }

    /**
     * Both directions of a layer; without sequences the output at the last timestep, as {@code y[:,
     * -1]}: of the backward direction that is its first.
     */
    private int bothWays(int number, int input, boolean sequences) {
        String name = layer.name() + "/l" + number;
        List<Cell> there = List.of(cell("_l" + number));
        List<Cell> back = List.of(cell("_l" + number + "_reverse"));
        int forward = recurrent(name + "/forward", there, true, false, input);
        int backward = recurrent(name + "/backward", back, true, true, input);
        backward = builder.add(new TimeLayer.Reverse(name + "/reverse"), List.of(backward)).get(0);
        int both = builder.add(new Concatenate(name), List.of(forward, backward)).get(0);
        return sequences
                ? both
                : builder.add(new TimeLayer.Timestep(name + "/last", -1), List.of(both)).get(0);
    }

    private int recurrent(
            String name, List<Cell> cells, boolean sequences, boolean backwards, int input) {
        Recurrent.Mode mode = Recurrent.Mode.PLAIN.withBackwards(backwards);
        if (!name.equals(layer.name())) {
            mode = mode.withPart(layer.name());
        }
        Recurrent recurrent =
                new Recurrent(name, layer.torchKind(), cells, sequences, false, true, mode);
        return builder.add(recurrent, List.of(input)).get(0);
    }

    /** The cell whose tensors end so. */
    private Cell cell(String end) {
        return switch (layer.torchKind().replace("Cell", "")) {
            case "LSTM" -> lstm(end);
            case "GRU" -> gru(end);
            default -> rnn(end);
        };
    }

    private Cell lstm(String end) {
        Weights input = layer.transposed("weight_ih" + end);
        Weights recurrent = layer.transposed("weight_hh" + end);
        Weights bias = summed(end, input.columns());
        int units = input.columns() / 4;
        if (layer.holds("weight_hr" + end)) {
            return projected(input, recurrent, bias, layer.transposed("weight_hr" + end));
        }
        return new Lstm(
                input.rows(), units, Activation.TANH, Activation.SIGMOID, input, recurrent, bias);
    }

    private Weights summed(String end, int count) {
        float[] left = layer.vectorOr("bias_ih" + end, count, 0).values();
        float[] right = layer.vectorOr("bias_hh" + end, count, 0).values();
        float[] sum = new float[count];
        for (int k = 0; k < count; k++) {
            sum[k] = left[k] + right[k];
        }
        return Weights.vector(sum);
    }

    /** {@code h' = (o*tanh(c')) W_hr} (Sak et al. 2014, arXiv 1402.1128). */
    private Cell projected(Weights input, Weights recurrent, Weights bias, Weights projection) {
        int units = input.columns() / 4;
        int width = projection.columns();
        CellBuilder cell = new CellBuilder("LSTM", input.rows(), List.of(width, units));
        int z =
                cell.affine(
                        4,
                        bias,
                        CellBuilder.term(cell.input(), input),
                        CellBuilder.term(cell.state(0), recurrent));
        int i = cell.apply(Activation.SIGMOID, z);
        int f = cell.apply(Activation.SIGMOID, z + 1);
        int g = cell.apply(Activation.TANH, z + 2);
        int o = cell.apply(Activation.SIGMOID, z + 3);
        int c = cell.fused(f, cell.state(1), cell.product(i, g));
        int hidden = cell.product(o, cell.apply(Activation.TANH, c));
        int h =
                cell.affine(
                        1, Weights.vector(new float[width]), CellBuilder.term(hidden, projection));
        long parameters =
                input.count() + recurrent.count() + bias.count() + (long) projection.count();
        return cell.build(h, List.of(h, c), 0, parameters);
    }

    private Cell gru(String end) {
        Weights input = swapped(layer.transposed("weight_ih" + end));
        Weights recurrent = swapped(layer.transposed("weight_hh" + end));
        int columns = input.columns();
        Weights inputBias = swapped(layer.vectorOr("bias_ih" + end, columns, 0));
        Weights recurrentBias = swapped(layer.vectorOr("bias_hh" + end, columns, 0));
        float[] bias = new float[2 * columns];
        System.arraycopy(inputBias.values(), 0, bias, 0, columns);
        System.arraycopy(recurrentBias.values(), 0, bias, columns, columns);
        return new Gru(
                input.rows(),
                columns / 3,
                true,
                Activation.TANH,
                Activation.SIGMOID,
                input,
                recurrent,
                Weights.matrix(2, columns, bias));
    }

    /** Columns r, z, n as z, r, n. */
    private static Weights swapped(Weights saved) {
        int columns = saved.columns();
        int units = columns / 3;
        float[] values = saved.values().clone();
        for (int row = 0; row < saved.rows(); row++) {
            int at = row * columns;
            System.arraycopy(saved.values(), at, values, at + units, units);
            System.arraycopy(saved.values(), at + units, values, at, units);
        }
        return Weights.matrix(saved.rows(), columns, values);
    }

    private Cell rnn(String end) {
        Weights input = layer.transposed("weight_ih" + end);
        String nonlinearity = layer.text("nonlinearity", "tanh");
        Activation activation =
                switch (nonlinearity) {
                    case "tanh" -> Activation.TANH;
                    case "relu" -> Activation.RELU;
                    default -> throw layer.refused("nonlinearity", nonlinearity, "tanh or relu");
                };
        return new SimpleRnn(
                input.rows(),
                input.columns(),
                activation,
                input,
                layer.transposed("weight_hh" + end),
                summed(end, input.columns()));
    }
}
