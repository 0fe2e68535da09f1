package io.streamcell.kernels.vector;

import static io.streamcell.kernels.vector.Lanes.LENGTH;
import static io.streamcell.kernels.vector.Lanes.SPECIES;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import jdk.incubator.vector.FloatVector;

/** The sum of tensors, first to last; a static one is the same at each timestep of its row. */
final class AddPass implements Pass {
    private final Tensor[] inputs;
    private final Tensor output;

    AddPass(Tensor[] inputs, Tensor output) {
        this.inputs = inputs;
        this.output = output;
    }

    @Override
    public void run(HostSlab slab, Batch batch) {
        int width = output.groups() * output.stride();
        for (int k = 0; k < inputs.length; k++) {
            Tensor input = inputs[k];
            if (input.timed() || !output.timed()) {
                combine(k, input.values(), 0, 0, output.rows() * width);
                continue;
            }
            Packing packing = output.packing();
            for (int t = 0; t < packing.steps(); t++) {
                for (int sorted = 0; sorted < packing.active(t); sorted++) {
                    int to = (packing.first(t) + sorted) * width;
                    combine(k, input.values(), packing.row(sorted) * width, to, width);
                }
            }
        }
    }

    /** Copies the first input's values, adds the others'. */
    private void combine(int number, float[] values, int from, int to, int count) {
        if (number == 0) {
            System.arraycopy(values, from, output.values(), to, count);
            return;
        }
        float[] sums = output.values();
        for (int k = 0; k < count; k += LENGTH) {
            FloatVector sum = FloatVector.fromArray(SPECIES, sums, to + k);
            sum.add(FloatVector.fromArray(SPECIES, values, from + k)).intoArray(sums, to + k);
        }
    }
}
