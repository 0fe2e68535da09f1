package io.streamcell.examples;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;
import static org.nd4j.linalg.ops.transforms.Transforms.sigmoid;
import static org.nd4j.linalg.ops.transforms.Transforms.tanh;

import io.streamcell.kernels.nd4j.Nd4jCell;
import io.streamcell.models.TensorWeights;
import io.streamcell.models.UnsupportedModelException;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Minimal gated unit (Zhou et al. 2016, arXiv 1603.09420): {@code f = sigmoid(xW_f + hR_f + b_f); n
 * = tanh(xW_h + (f*h)R_h + b_h); h' = (1-f)*h + f*n}. The twin of {@code mgu.py}, whose arrays it
 * reads: kernel {@code [features, 2*units]}, recurrent kernel {@code [units, 2*units]}, bias {@code
 * [2*units]}, each first the columns of f, then those of n.
 */
public final class MinimalGatedUnit implements Nd4jCell {
    @Override
    public String registeredName() {
        return "examples>MinimalGatedUnitCell";
    }

    @Override
    public CellWidths widths(String config, int features, List<TensorWeights> weights) {
        List<List<Integer>> shapes = weights.stream().map(TensorWeights::dims).toList();
        int units = shapes.size() == 3 ? shapes.get(1).get(0) : 0;
        List<List<Integer>> wanted =
                List.of(
                        List.of(features, 2 * units),
                        List.of(units, 2 * units),
                        List.of(2 * units));
        if (!shapes.equals(wanted)) {
            throw new UnsupportedModelException(
                    "a minimal gated unit must have arrays [features, 2*units], [units, 2*units] and [2*units] with %d features, got %s"
                            .formatted(features, shapes));
        }
        return new CellWidths(units, List.of(units), 0);
    }

    @Override
    public Step bind(String config, int features, List<INDArray> weights) {
        int units = (int) weights.get(1).size(0);
        INDArray gateInput = columns(weights.get(0), 0, units);
        INDArray newInput = columns(weights.get(0), units, 2 * units);
        INDArray gateRecurrent = columns(weights.get(1), 0, units);
        INDArray newRecurrent = columns(weights.get(1), units, 2 * units);
        INDArray gateBias = weights.get(2).get(interval(0, units)).dup();
        INDArray newBias = weights.get(2).get(interval(units, 2 * units)).dup();
        return (x, states) -> {
            INDArray h = states.get(0);
            INDArray f =
                    sigmoid(x.mmul(gateInput).addi(h.mmul(gateRecurrent)).addiRowVector(gateBias));
            INDArray n =
                    tanh(x.mmul(newInput).addi(f.mul(h).mmul(newRecurrent)).addiRowVector(newBias));
            INDArray next = n.sub(h).muli(f).addi(h);
            return new Advanced(next, List.of(next));
        };
    }

    private static INDArray columns(INDArray matrix, int from, int to) {
        return matrix.get(all(), interval(from, to)).dup();
    }
}
