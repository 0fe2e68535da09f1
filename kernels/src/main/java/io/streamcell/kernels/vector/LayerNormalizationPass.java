package io.streamcell.kernels.vector;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.models.LayerNormalization;

/**
 * Each group to mean 0 and variance 1. Its sums go in index order, so a group is summed value by
 * value.
 */
final class LayerNormalizationPass implements Pass {
    private final Tensor input;
    private final Tensor output;
    private final float epsilon;
    private final float[] gamma;
    private final float[] beta;

    LayerNormalizationPass(LayerNormalization layer, Tensor input, Tensor output) {
        this.input = input;
        this.output = output;
        this.epsilon = layer.epsilon();
        this.gamma = layer.gamma().values();
        this.beta = layer.beta().values();
    }

    @Override
    public void run(HostSlab slab, Batch batch) {
        for (int group = 0; group < input.allGroups(); group++) {
            normalize(input.values(), output.values(), group * input.stride());
        }
    }

    private void normalize(float[] from, float[] to, int at) {
        int n = gamma.length;
        float sum = 0;
        for (int k = 0; k < n; k++) {
            sum += from[at + k];
        }
        float mean = sum / n;
        float squares = 0;
        for (int k = 0; k < n; k++) {
            float d = from[at + k] - mean;
            squares = Math.fma(d, d, squares);
        }
        float root = (float) Math.sqrt(squares / n + epsilon);
        for (int k = 0; k < n; k++) {
            to[at + k] = Math.fma((from[at + k] - mean) / root, gamma[k], beta[k]);
        }
    }
}
