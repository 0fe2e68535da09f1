package io.streamcell.kernels.nd4j;

import io.streamcell.models.TensorWeights;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * SimpleRNN with tanh as if a user had added it, with a second state, the output before. Its saved
 * configuration says how it is to misbehave.
 */
public final class AddedSimpleRnn implements Nd4jCell {
    static final String NAME = "test>AddedSimpleRnn";

    @Override
    public String registeredName() {
        return NAME;
    }

    @Override
    public CellWidths widths(String config, int features, List<TensorWeights> weights) {
        int units = weights.get(1).dims().get(0);
        return new CellWidths(units, List.of(units, units), 0);
    }

    @Override
    public Step bind(String config, int features, List<INDArray> weights) {
        INDArray w = weights.get(0);
        INDArray r = weights.get(1);
        INDArray b = weights.get(2);
        return (x, states) -> {
            INDArray before = states.get(0);
            INDArray z = x.mmul(w).addi(before.mmul(r)).addiRowVector(b);
            INDArray h = Transforms.tanh(z, false);
            return switch (config) {
                case "narrow output" -> new Advanced(x, List.of(h, before));
                case "one state" -> new Advanced(h, List.of(h));
                case "flat state" -> new Advanced(h, List.of(h, before.sum(1)));
                case "failure" -> throw new IllegalStateException("no such thing");
                default -> new Advanced(h, List.of(h, before));
            };
        };
    }
}
