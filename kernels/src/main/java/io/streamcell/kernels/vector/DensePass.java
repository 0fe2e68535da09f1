package io.streamcell.kernels.vector;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.models.Activation;
import io.streamcell.models.Dense;

/** {@code activation(xW + b)} over every group. */
final class DensePass implements Pass {
    private final Tensor input;
    private final Tensor output;
    private final Activation activation;
    private final int units;
    private final Product product;
    // for glu: the product before it is halved, [groups, padded units]
    private float[] wide = new float[0];

    DensePass(Dense layer, Tensor input, Tensor output) {
        this.input = input;
        this.output = output;
        this.activation = layer.activation();
        this.units = layer.units();
        this.product =
                new Product(new Panels(layer.weights(), 0, 1, units, layer.bias().values()), 0);
    }

    @Override
    public void run(HostSlab slab, Batch batch) {
        int groups = input.allGroups();
        float[] values = output.values();
        if (activation == Activation.GLU) {
            wide = Lanes.grown(wide, (long) groups * Lanes.padded(units));
            values = wide;
        }
        product.read(input.values(), 0, input.stride()).write(values, 0, 0).startFromBias(groups);
        if (activation == Activation.GLU) {
            Passes.gate(wide, Lanes.padded(units), output);
        } else {
            Pointwise.activate(activation, values, 0, groups, units);
        }
    }
}
