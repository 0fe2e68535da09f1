package io.streamcell.kernels.nd4j;

import io.streamcell.kernels.KernelException;
import io.streamcell.models.Activate;
import io.streamcell.models.BatchNormalization;
import io.streamcell.models.Concatenate;
import io.streamcell.models.Dense;
import io.streamcell.models.Embedding;
import io.streamcell.models.Identity;
import io.streamcell.models.Layer;
import io.streamcell.models.LayerNormalization;
import io.streamcell.models.Merge;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The layers that look at one timestep at a time, each over all timesteps at once. */
final class RowLayers {
    private RowLayers() {}

    /** What a layer makes of its inputs, each {@code [values, features]}, not modified. */
    @FunctionalInterface
    interface Function {
        INDArray apply(INDArray[] inputs);
    }

    /**
     * @throws KernelException for a layer that is not computed here
     */
    static Function function(Layer layer, HeldArrays weights) {
        if (layer instanceof Dense dense) {
            INDArray w = weights.matrix(dense.weights());
            INDArray b = weights.matrix(dense.bias());
            return x -> Functions.apply(dense.activation(), x[0].mmul(w).addiRowVector(b)).dup('c');
        } else if (layer instanceof Embedding embedding) {
            INDArray table = weights.matrix(embedding.table());
            return x -> lookUp(embedding, table, x[0]);
        } else if (layer instanceof BatchNormalization normalization) {
            INDArray scale = weights.matrix(normalization.scale());
            INDArray shift = weights.matrix(normalization.shift());
            return x -> x[0].mulRowVector(scale).addiRowVector(shift);
        } else if (layer instanceof LayerNormalization normalization) {
            INDArray gamma = weights.matrix(normalization.gamma());
            INDArray beta = weights.matrix(normalization.beta());
            return x ->
                    normalized(x[0], normalization.epsilon())
                            .muliRowVector(gamma)
                            .addiRowVector(beta);
        } else if (layer instanceof Activate activate) {
            return x -> Functions.apply(activate.activation(), x[0]).dup('c');
        } else if (layer instanceof Merge merge && merge.operation() == Merge.Operation.ADD) {
            return RowLayers::sum;
        } else if (layer instanceof Concatenate) {
            return x -> x.length == 1 ? x[0] : Nd4j.concat(1, x).dup('c');
        } else if (layer instanceof Identity) {
            return x -> x[0];
        }
        throw new KernelException(
                "layer %s: provider nd4j must be given cells, dense layers, embeddings, normalizations, activations, sums and concatenations, got %s"
                        .formatted(layer.name(), layer.kind()));
    }

    /** A look-up outside the table would read foreign memory. */
    private static INDArray lookUp(Embedding layer, INDArray table, INDArray x) {
        float[] values = Rows.values(x);
        int[] ids = new int[values.length];
        for (int k = 0; k < ids.length; k++) {
            ids[k] = (int) values[k];
            if (ids[k] < 0 || ids[k] >= layer.vocabulary()) {
                throw new IllegalArgumentException(
                        "layer %s: tokens must be below %d, got %s"
                                .formatted(layer.name(), layer.vocabulary(), values[k]));
            }
        }
        return Nd4j.pullRows(table, 1, ids, 'c');
    }

    /** {@code (x - mean) / sqrt(variance + epsilon)} of each row. */
    private static INDArray normalized(INDArray x, float epsilon) {
        INDArray d = x.subColumnVector(x.mean(true, 1));
        INDArray root = Transforms.sqrt(d.mul(d).mean(true, 1).addi(epsilon), false);
        return d.diviColumnVector(root);
    }

    private static INDArray sum(INDArray[] inputs) {
        INDArray sum = inputs[0].dup('c');
        for (int k = 1; k < inputs.length; k++) {
            sum.addi(inputs[k]);
        }
        return sum;
    }
}
