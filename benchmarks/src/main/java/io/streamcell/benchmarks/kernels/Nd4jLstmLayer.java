package io.streamcell.benchmarks.kernels;

import io.streamcell.models.Cell;
import io.streamcell.models.Embedding;
import io.streamcell.models.Lstm;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J's own operator {@code lstmLayer} over all timesteps, which its Java classes do not offer in
 * this form, so it is called by name. Every array and operator is made once; the states go back and
 * forth between two arrays.
 */
final class Nd4jLstmLayer implements Library {
    // As the operator numbers them: inputs [timesteps, rows, features], forwards, and activations.
    private static final int TIME_MAJOR = 0;
    private static final int FORWARDS = 0;
    private static final int TANH = 0;
    private static final int SIGMOID = 2;

    @Override
    public String name() {
        return "nd4j-lstmLayer";
    }

    @Override
    public boolean computes(Workload workload) {
        return !workload.isProduct() && workload.kind() != Workload.Kind.GRU;
    }

    @Override
    public Subject open(Task task) {
        Nd4j.getMemoryManager().togglePeriodicGc(false);
        return new Ready(task);
    }

    private static final class Ready implements Subject {
        private final Task task;
        // What even and odd calls execute.
        private final List<List<DynamicCustomOp>> calls =
                List.of(new ArrayList<>(), new ArrayList<>());
        private final INDArray outputs;
        private int turn;

        Ready(Task task) {
            this.task = task;
            Workload workload = task.workload();
            INDArray layer = inputs(workload);
            for (Cell cell : task.cells()) {
                INDArray next = zeros(workload.timesteps(), workload.rows(), cell.units());
                add((Lstm) cell, layer, next);
                layer = next;
            }
            outputs = layer;
        }

        private INDArray inputs(Workload workload) {
            float[] values = task.timeMajorInputs();
            int timesteps = workload.timesteps();
            int rows = workload.rows();
            if (task.embedding().isEmpty()) {
                return Nd4j.create(values, new long[] {timesteps, rows, task.inputWidth()}, 'c');
            }
            int[] ids = new int[values.length];
            for (int k = 0; k < ids.length; k++) {
                ids[k] = (int) values[k];
            }
            INDArray rowsOfTable = zeros(timesteps, rows, workload.features());
            DynamicCustomOp lookUp =
                    DynamicCustomOp.builder("gather")
                            .addInputs(
                                    task.embedding().map(Embedding::table).map(Ready::matrix).get(),
                                    Nd4j.createFromArray(ids).reshape(timesteps, rows))
                            .addOutputs(rowsOfTable)
                            .addIntegerArguments(0)
                            .build();
            calls.forEach(call -> call.add(lookUp));
            return rowsOfTable;
        }

        private void add(Lstm cell, INDArray x, INDArray sequence) {
            int rows = task.workload().rows();
            INDArray w = matrix(cell.inputWeights());
            INDArray r = matrix(cell.recurrentWeights());
            INDArray bias = Nd4j.create(cell.bias().values(), new long[] {4L * cell.units()}, 'c');
            List<INDArray> h = List.of(zeros(rows, cell.units()), zeros(rows, cell.units()));
            List<INDArray> c = List.of(zeros(rows, cell.units()), zeros(rows, cell.units()));
            for (int k = 0; k < 2; k++) {
                calls.get(k)
                        .add(
                                DynamicCustomOp.builder("lstmLayer")
                                        .addInputs(x, w, r, bias, h.get(k), c.get(k))
                                        .addOutputs(sequence, h.get(1 - k), c.get(1 - k))
                                        .addIntegerArguments(
                                                TIME_MAJOR, FORWARDS, SIGMOID, TANH, TANH)
                                        // bias, lengths, h, c, peepholes in; sequence, h, c out
                                        .addBooleanArguments(
                                                true, false, true, true, false, true, true, true)
                                        // no clipping
                                        .addFloatingPointArguments(0.0)
                                        .build());
            }
        }

        private static INDArray matrix(Weights weights) {
            return Nd4j.create(
                    weights.values(), new long[] {weights.rows(), weights.columns()}, 'c');
        }

        private static INDArray zeros(long... shape) {
            return Nd4j.create(shape, 'c');
        }

        @Override
        public void advance() {
            calls.get(turn).forEach(Nd4j::exec);
            turn = 1 - turn;
        }

        @Override
        public float[] outputs() {
            return task.rowMajor(outputs.data().asFloat());
        }

        @Override
        public void close() {
            // ND4J frees an array when Java's garbage collector finds it.
        }
    }
}
