package io.streamcell.kernels.graph;

import io.streamcell.kernels.KernelException;
import io.streamcell.models.Concatenate;
import io.streamcell.models.Convolution;
import io.streamcell.models.Layer;
import io.streamcell.models.MaskLayer;
import io.streamcell.models.Merge;
import io.streamcell.models.RowLayer;
import io.streamcell.models.StateLayout;
import io.streamcell.models.TimeLayer;

/** The step of a layer that is computed here for every provider. */
final class Steps {
    private Steps() {}

    /**
     * Binds a layer to its tensors.
     *
     * @throws KernelException if it is not one of those that are computed here
     */
    static Step of(Layer layer, Tensor[] inputs, Tensor[] outputs, StateLayout layout) {
        Tensor output = outputs[0];
        if (layer instanceof Merge merge) {
            return new MergeStep(merge.operation(), inputs, output);
        } else if (layer instanceof Concatenate) {
            return (rows, slab) -> concatenate(rows, inputs, output);
        } else if (layer instanceof RowLayer row) {
            return RowSteps.of(row, inputs[0], output);
        } else if (layer instanceof MaskLayer mask) {
            return MaskSteps.of(mask, inputs, output);
        } else if (layer instanceof TimeLayer time) {
            return TimeSteps.of(time, inputs, output);
        } else if (layer instanceof Convolution convolution) {
            int offset = convolution.carried() ? layout.offset(convolution) : 0;
            return new ConvolutionStep(convolution, inputs[0], output, offset);
        }
        throw new KernelException(
                "layer %s must be one that some provider computes, got %s"
                        .formatted(layer.name(), layer.kind()));
    }

    private static void concatenate(Rows rows, Tensor[] inputs, Tensor output) {
        int features = output.shape().features();
        int groups = output.width() / features;
        for (int row = 0; row < rows.count(); row++) {
            for (int t = 0; t < rows.length(output.shape(), row); t++) {
                int column = output.at(rows, row, t);
                for (Tensor input : inputs) {
                    int part = input.shape().features();
                    int from = input.at(rows, row, t);
                    for (int group = 0; group < groups; group++) {
                        System.arraycopy(
                                input.values(),
                                from + group * part,
                                output.values(),
                                column + group * features,
                                part);
                    }
                    column += part;
                }
            }
        }
    }
}
