package io.streamcell.kernels.jni;

import io.streamcell.kernels.KernelException;
import io.streamcell.kernels.cells.JoinedSums;
import io.streamcell.models.Activate;
import io.streamcell.models.BatchNormalization;
import io.streamcell.models.Cell;
import io.streamcell.models.ComposedCell;
import io.streamcell.models.Concatenate;
import io.streamcell.models.Dense;
import io.streamcell.models.Embedding;
import io.streamcell.models.Gru;
import io.streamcell.models.Identity;
import io.streamcell.models.Layer;
import io.streamcell.models.LayerNormalization;
import io.streamcell.models.Lstm;
import io.streamcell.models.Merge;
import io.streamcell.models.Network;
import io.streamcell.models.Node;
import io.streamcell.models.Recurrent;
import io.streamcell.models.Shape;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.StateLayout;
import java.util.List;
import java.util.function.ToIntFunction;

/** Hands a network over to the native side, node by node. */
final class ProgramBuilder {
    private final StateLayout layout;
    private final long program;

    private ProgramBuilder(StateLayout layout, long program) {
        this.layout = layout;
        this.program = program;
    }

    /**
     * The address of a program that computes the network.
     *
     * @throws KernelException if the network holds what the native kernels do not compute
     */
    static long build(Network network, StateLayout layout) {
        List<Shape> tensors = network.tensors();
        int axes = network.axes();
        long program =
                NativeProgram.create(
                        NativeLibrary.instructionSet().ordinal(),
                        axes,
                        each(tensors, Shape::axis),
                        each(tensors, shape -> shape.width() / shape.features()),
                        each(tensors, Shape::features));
        check(program != 0);
        boolean built = false;
        try {
            ProgramBuilder builder = new ProgramBuilder(layout, program);
            for (Node node : network.nodes()) {
                check(builder.add(node));
            }
            int[] outputs = each(network.outputTensors(), Integer::intValue);
            check(NativeProgram.ends(program, network.inputs().size(), outputs));
            built = true;
            return program;
        } finally {
            if (!built) {
                NativeProgram.free(program);
            }
        }
    }

    private static void check(boolean done) {
        if (!done) {
            throw new OutOfMemoryError("native memory must hold the network's weights");
        }
    }

    private static <T> int[] each(List<T> values, ToIntFunction<T> number) {
        return values.stream().mapToInt(number).toArray();
    }

    private boolean add(Node node) {
        Layer layer = node.layer();
        int input = node.input();
        int output = node.output();
        if (layer instanceof Recurrent recurrent) {
            return recurrent(recurrent, node);
        } else if (layer instanceof Dense dense) {
            return NativeProgram.dense(
                    program,
                    input,
                    output,
                    dense.units(),
                    dense.activation().ordinal(),
                    dense.weights().values(),
                    dense.bias().values());
        } else if (layer instanceof Embedding embedding) {
            int columns = embedding.table().columns();
            float[] table = embedding.table().values();
            return NativeProgram.embedding(
                    program, input, output, embedding.vocabulary(), columns, table);
        } else if (layer instanceof BatchNormalization normalization) {
            float[] scale = normalization.scale().values();
            float[] shift = normalization.shift().values();
            return NativeProgram.batchNormalization(program, input, output, scale, shift);
        } else if (layer instanceof LayerNormalization normalization) {
            float[] gamma = normalization.gamma().values();
            float[] beta = normalization.beta().values();
            return NativeProgram.layerNormalization(
                    program, input, output, gamma, beta, normalization.epsilon());
        } else if (layer instanceof Activate activate) {
            return NativeProgram.activate(program, input, output, activate.activation().ordinal());
        } else if (layer instanceof Merge) {
            return NativeProgram.add(program, each(node.inputs(), Integer::intValue), output);
        } else if (layer instanceof Concatenate) {
            int[] inputs = each(node.inputs(), Integer::intValue);
            return NativeProgram.concatenate(program, inputs, output);
        } else if (layer instanceof Identity) {
            return NativeProgram.copy(program, input, output);
        }
        throw new KernelException(
                "layer %s must be one that the native kernels compute, got %s"
                        .formatted(layer.name(), layer.kind()));
    }

    private boolean recurrent(Recurrent layer, Node node) {
        boolean added =
                NativeProgram.recurrent(
                        program,
                        node.input(),
                        each(node.outputs(), Integer::intValue),
                        layer.cells().size(),
                        layer.returnSequences(),
                        layout.offset(layer));
        return added && layer.cells().stream().allMatch(this::cell);
    }

    private boolean cell(Cell cell) {
        if (cell instanceof Lstm lstm) {
            return NativeProgram.cell(
                    program,
                    NativeProgram.LSTM,
                    lstm.features(),
                    lstm.units(),
                    lstm.activation().ordinal(),
                    lstm.recurrentActivation().ordinal(),
                    lstm.inputWeights().values(),
                    lstm.recurrentWeights().values(),
                    lstm.bias().values());
        } else if (cell instanceof Gru gru) {
            return NativeProgram.cell(
                    program,
                    gru.resetAfter() ? NativeProgram.GRU : NativeProgram.GRU_RESET_BEFORE,
                    gru.features(),
                    gru.units(),
                    gru.activation().ordinal(),
                    gru.recurrentActivation().ordinal(),
                    gru.inputWeights().values(),
                    gru.recurrentWeights().values(),
                    gru.bias().values());
        }
        if (cell instanceof ComposedCell composed) {
            return ComposedBuilder.build(JoinedSums.of(composed), program);
        }
        SimpleRnn rnn = (SimpleRnn) cell;
        return NativeProgram.cell(
                program,
                NativeProgram.SIMPLE_RNN,
                rnn.features(),
                rnn.units(),
                rnn.activation().ordinal(),
                rnn.activation().ordinal(),
                rnn.inputWeights().values(),
                rnn.recurrentWeights().values(),
                rnn.bias().values());
    }
}
