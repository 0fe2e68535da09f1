package io.streamcell.kernels.vector;

import static io.streamcell.kernels.vector.Lanes.LENGTH;
import static io.streamcell.kernels.vector.Lanes.SPECIES;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.models.BatchNormalization;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** {@code fma(x, scale, shift)} over every group. */
final class BatchNormalizationPass implements Pass {
    private final Tensor input;
    private final Tensor output;
    // [stride]
    private final float[] scale;
    private final float[] shift;

    BatchNormalizationPass(BatchNormalization layer, Tensor input, Tensor output) {
        this.input = input;
        this.output = output;
        this.scale = Arrays.copyOf(layer.scale().values(), input.stride());
        this.shift = Arrays.copyOf(layer.shift().values(), input.stride());
    }

    @Override
    public void run(HostSlab slab, Batch batch) {
        float[] from = input.values();
        float[] to = output.values();
        int stride = input.stride();
        for (int group = 0, at = 0; group < input.allGroups(); group++) {
            for (int k = 0; k < stride; k += LENGTH, at += LENGTH) {
                FloatVector x = FloatVector.fromArray(SPECIES, from, at);
                FloatVector factor = FloatVector.fromArray(SPECIES, scale, k);
                x.fma(factor, FloatVector.fromArray(SPECIES, shift, k)).intoArray(to, at);
            }
        }
    }
}
