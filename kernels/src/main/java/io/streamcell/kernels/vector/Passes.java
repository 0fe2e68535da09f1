package io.streamcell.kernels.vector;

import io.streamcell.kernels.KernelException;
import io.streamcell.kernels.functions.ExactFunctions;
import io.streamcell.models.Activate;
import io.streamcell.models.Activation;
import io.streamcell.models.BatchNormalization;
import io.streamcell.models.Concatenate;
import io.streamcell.models.Dense;
import io.streamcell.models.Embedding;
import io.streamcell.models.Identity;
import io.streamcell.models.Layer;
import io.streamcell.models.LayerNormalization;
import io.streamcell.models.Merge;
import io.streamcell.models.Recurrent;
import io.streamcell.models.StateLayout;

/** Which pass computes a layer; those of a few lines stand here. */
final class Passes {
    private Passes() {}

    /**
     * The pass of a layer.
     *
     * @throws KernelException if there is none
     */
    static Pass of(Layer layer, Tensor[] inputs, Tensor[] outputs, StateLayout layout) {
        Tensor input = inputs[0];
        Tensor output = outputs[0];
        if (layer instanceof Recurrent recurrent) {
            return new RecurrentPass(recurrent, input, outputs, layout.offset(recurrent));
        } else if (layer instanceof Dense dense) {
            return new DensePass(dense, input, output);
        } else if (layer instanceof BatchNormalization normalization) {
            return new BatchNormalizationPass(normalization, input, output);
        } else if (layer instanceof LayerNormalization normalization) {
            return new LayerNormalizationPass(normalization, input, output);
        } else if (layer instanceof Merge) {
            return new AddPass(inputs, output);
        } else if (layer instanceof Concatenate) {
            return (slab, batch) -> concatenate(inputs, output);
        } else if (layer instanceof Embedding embedding) {
            return (slab, batch) -> embed(embedding.table().values(), input, output);
        } else if (layer instanceof Activate activate) {
            return (slab, batch) -> activate(activate.activation(), input, output);
        } else if (layer instanceof Identity) {
            return (slab, batch) -> copy(input, output);
        }
        throw new KernelException(
                "layer %s must be one that the vector kernel computes, got %s"
                        .formatted(layer.name(), layer.kind()));
    }

    private static void copy(Tensor input, Tensor output) {
        System.arraycopy(input.values(), 0, output.values(), 0, input.allGroups() * input.stride());
    }

    private static void activate(Activation activation, Tensor input, Tensor output) {
        if (activation == Activation.GLU) {
            gate(input.values(), input.stride(), output);
            return;
        }
        copy(input, output);
        Pointwise.activate(activation, output.values(), 0, output.allGroups(), output.features());
    }

    /** glu: the first half of each group times the sigmoid of the second. */
    static void gate(float[] values, int stride, Tensor output) {
        int half = output.features();
        for (int group = 0; group < output.allGroups(); group++) {
            int at = group * stride;
            int to = group * output.stride();
            for (int k = 0; k < half; k++) {
                output.values()[to + k] =
                        values[at + k] * ExactFunctions.sigmoid(values[at + half + k]);
            }
        }
    }

    private static void embed(float[] table, Tensor input, Tensor output) {
        int features = output.features();
        int to = 0;
        for (int group = 0; group < input.allGroups(); group++) {
            for (int k = 0; k < input.features(); k++) {
                int token = (int) input.values()[group * input.stride() + k];
                System.arraycopy(table, token * features, output.values(), to, features);
                to += output.stride();
            }
        }
    }

    private static void concatenate(Tensor[] inputs, Tensor output) {
        int column = 0;
        for (Tensor input : inputs) {
            for (int group = 0; group < output.allGroups(); group++) {
                System.arraycopy(
                        input.values(),
                        group * input.stride(),
                        output.values(),
                        group * output.stride() + column,
                        input.features());
            }
            column += input.features();
        }
    }
}
