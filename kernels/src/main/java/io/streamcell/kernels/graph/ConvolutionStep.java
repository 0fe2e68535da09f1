package io.streamcell.kernels.graph;

import io.streamcell.kernels.HostSlab;
import io.streamcell.kernels.functions.Activations;
import io.streamcell.models.Activation;
import io.streamcell.models.Convolution;
import io.streamcell.models.Resampling;
import java.util.Arrays;

/** A convolution over the timesteps of each row, tap by tap, the oldest first. */
final class ConvolutionStep implements Step {
    private final Convolution layer;
    private final Tensor input;
    private final Tensor output;
    private final int offset;
    // one row's inputs with what is before and after them, [timesteps, features]
    private float[] padded = new float[0];
    // one timestep of filters before the activation
    private final float[] sums;

    /**
     * @param offset where the layer's last inputs begin in a slot, if it keeps them
     */
    ConvolutionStep(Convolution layer, Tensor input, Tensor output, int offset) {
        this.layer = layer;
        this.input = input;
        this.output = output;
        this.offset = offset;
        this.sums = new float[layer.bias().count()];
    }

    @Override
    public void run(Rows rows, HostSlab slab) {
        for (int row = 0; row < rows.count(); row++) {
            int length = rows.length(input.shape(), row);
            int count = rows.length(output.shape(), row);
            pad(rows, row, length, count, slab);
            for (int t = 0; t < count; t++) {
                convolve(t * layer.windows().stride() * layer.features(), output.at(rows, row, t));
            }
        }
    }

    private void pad(Rows rows, int row, int length, int count, HostSlab slab) {
        Resampling.Windows windows = layer.windows();
        int features = layer.features();
        int before = windows.span() - 1;
        if (!layer.causal()) {
            int missing = (count - 1) * windows.stride() + windows.span() - length;
            before = windows.padded() == Resampling.Windows.SAME ? Math.max(0, missing) / 2 : 0;
        }
        int floats = (before + length + windows.span()) * features;
        if (padded.length < floats) {
            padded = new float[2 * floats];
        }
        int start = before * features;
        int end = start + length * features;
        Arrays.fill(padded, 0, start, 0);
        System.arraycopy(input.values(), input.at(rows, row), padded, start, end - start);
        Arrays.fill(padded, end, floats, 0);
        if (layer.carried()) {
            float[] page = slab.page(rows.slot(row));
            int at = slab.offset(rows.slot(row)) + offset;
            System.arraycopy(page, at, padded, 0, start);
            System.arraycopy(padded, end - start, page, at, start);
        }
    }

    private void convolve(int from, int to) {
        int features = layer.features() / layer.groups();
        int filters = sums.length / layer.groups();
        float[] w = layer.weights().values();
        System.arraycopy(layer.bias().values(), 0, sums, 0, sums.length);
        for (int tap = 0; tap < layer.taps(); tap++) {
            int at = from + tap * layer.dilation() * layer.features();
            for (int group = 0; group < layer.groups(); group++) {
                for (int k = 0; k < features; k++) {
                    float x = padded[at + group * features + k];
                    int weights = (tap * features + k) * sums.length;
                    for (int f = group * filters; f < (group + 1) * filters; f++) {
                        sums[f] = Math.fma(x, w[weights + f], sums[f]);
                    }
                }
            }
        }
        Activations.apply(layer.activation(), sums, 0, sums.length);
        int kept = layer.activation() == Activation.GLU ? sums.length / 2 : sums.length;
        System.arraycopy(sums, 0, output.values(), to, kept);
    }
}
