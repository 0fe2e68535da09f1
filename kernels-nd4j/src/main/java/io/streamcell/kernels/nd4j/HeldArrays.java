package io.streamcell.kernels.nd4j;

import io.streamcell.models.TensorWeights;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A network's weights as ND4J arrays. Owns them. */
final class HeldArrays implements AutoCloseable {
    private final List<INDArray> arrays = new ArrayList<>();

    /** {@code [rows, columns]}, column-major, as ND4J's products are fastest. */
    INDArray matrix(Weights weights) {
        return matrix(weights.rows(), weights.columns(), weights.values());
    }

    /** Rows {@code from} to {@code to} of a matrix. */
    INDArray rows(Weights weights, int from, int to) {
        int columns = weights.columns();
        return matrix(
                to - from,
                columns,
                java.util.Arrays.copyOfRange(weights.values(), from * columns, to * columns));
    }

    private INDArray matrix(int rows, int columns, float[] values) {
        try (MemoryWorkspace none = Scopes.none();
                INDArray copy = Nd4j.create(values, new long[] {rows, columns}, 'c')) {
            return held(copy.dup('f'));
        }
    }

    /** An array in its saved shape, row-major. */
    INDArray array(TensorWeights weights) {
        long[] shape = weights.dims().stream().mapToLong(Integer::longValue).toArray();
        try (MemoryWorkspace none = Scopes.none()) {
            return held(
                    shape.length == 0
                            ? Nd4j.scalar(weights.values()[0])
                            : Nd4j.create(weights.values(), shape, 'c'));
        }
    }

    private INDArray held(INDArray array) {
        arrays.add(array);
        return array;
    }

    @Override
    public void close() {
        arrays.stream().filter(INDArray::closeable).forEach(INDArray::close);
        arrays.clear();
    }
}
