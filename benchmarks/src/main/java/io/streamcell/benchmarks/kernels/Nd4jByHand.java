package io.streamcell.benchmarks.kernels;

import io.streamcell.benchmarks.GateOrder;
import io.streamcell.models.Cell;
import io.streamcell.models.Embedding;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * ND4J, a cell written out: two matrix products for each timestep and the pointwise parts in place,
 * every array made once. All are in column order, which its products ask for and which makes a
 * gate's columns one piece of memory.
 */
final class Nd4jByHand implements Library {
    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public boolean computes(Workload workload) {
        return !workload.isProduct();
    }

    @Override
    public Subject open(Task task) {
        Nd4j.getMemoryManager().togglePeriodicGc(false);
        return new Ready(task);
    }

    /** A cell with its state: one timestep for all rows. */
    private interface Layer {
        /** Advances by {@code x}, and writes h into {@code h}; both {@code [rows, width]}. */
        void step(INDArray x, INDArray h);
    }

    /** Gates i, f, c, o in columns one after another. */
    private static final class LstmLayer implements Layer {
        private final INDArray w;
        private final INDArray r;
        private final INDArray bias;
        private final INDArray z;
        private final INDArray i;
        private final INDArray f;
        private final INDArray g;
        private final INDArray inputAndForget;
        private final INDArray o;
        private final INDArray c;
        private final INDArray squashed;
        private final INDArray last;

        LstmLayer(Lstm cell, int rows) {
            int units = cell.units();
            w = matrix(cell.inputWeights());
            r = matrix(cell.recurrentWeights());
            bias = matrix(cell.bias());
            z = zeros(rows, 4L * units);
            inputAndForget = columns(z, 0, 2 * units);
            i = columns(z, 0, units);
            f = columns(z, units, 2 * units);
            g = columns(z, 2 * units, 3 * units);
            o = columns(z, 3 * units, 4 * units);
            c = zeros(rows, units);
            squashed = zeros(rows, units);
            last = zeros(rows, units);
        }

        @Override
        public void step(INDArray x, INDArray h) {
            Nd4j.gemm(x, w, z, false, false, 1, 0);
            Nd4j.gemm(last, r, z, false, false, 1, 1);
            z.addiRowVector(bias);
            Nd4j.exec(new Sigmoid(inputAndForget, inputAndForget));
            Nd4j.exec(new Tanh(g, g));
            Nd4j.exec(new Sigmoid(o, o));
            c.muli(f);
            c.addi(i.muli(g));
            Nd4j.exec(new Tanh(c, squashed));
            o.muli(squashed, h);
            last.assign(h);
        }
    }

    /** Gates z, r, h in columns one after another. */
    private static final class GruLayer implements Layer {
        private final INDArray w;
        private final INDArray r;
        private final INDArray inputBias;
        private final INDArray recurrentBias;
        private final INDArray input;
        private final INDArray recurrent;
        private final INDArray gates;
        private final INDArray update;
        private final INDArray reset;
        private final INDArray candidate;
        private final INDArray recurrentGates;
        private final INDArray recurrentCandidate;
        private final INDArray last;

        GruLayer(Gru cell, int rows) {
            int units = cell.units();
            w = matrix(cell.inputWeights());
            r = matrix(cell.recurrentWeights());
            inputBias = row(cell.bias(), 0);
            recurrentBias = row(cell.bias(), 1);
            input = zeros(rows, 3L * units);
            recurrent = zeros(rows, 3L * units);
            gates = columns(input, 0, 2 * units);
            update = columns(input, 0, units);
            reset = columns(input, units, 2 * units);
            candidate = columns(input, 2 * units, 3 * units);
            recurrentGates = columns(recurrent, 0, 2 * units);
            recurrentCandidate = columns(recurrent, 2 * units, 3 * units);
            last = zeros(rows, units);
        }

        @Override
        public void step(INDArray x, INDArray h) {
            Nd4j.gemm(x, w, input, false, false, 1, 0);
            input.addiRowVector(inputBias);
            Nd4j.gemm(last, r, recurrent, false, false, 1, 0);
            recurrent.addiRowVector(recurrentBias);
            gates.addi(recurrentGates);
            Nd4j.exec(new Sigmoid(gates, gates));
            candidate.addi(recurrentCandidate.muli(reset));
            Nd4j.exec(new Tanh(candidate, candidate));
            last.subi(candidate);
            last.muli(update);
            last.addi(candidate);
            h.assign(last);
        }

        private static INDArray row(Weights bias, int row) {
            return Nd4j.create(
                    GateOrder.KERAS_GRU.row(bias, row), new long[] {1, bias.columns()}, 'f');
        }
    }

    private static INDArray matrix(Weights weights) {
        return Nd4j.create(weights.values(), new long[] {weights.rows(), weights.columns()}, 'c')
                .dup('f');
    }

    private static INDArray zeros(long rows, long columns) {
        return Nd4j.create(new long[] {rows, columns}, 'f');
    }

    private static INDArray columns(INDArray matrix, int from, int to) {
        return matrix.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to));
    }

    private static final class Ready implements Subject {
        private final Task task;
        private final List<DynamicCustomOp> lookUps = new ArrayList<>();
        private final List<Layer> layers = new ArrayList<>();
        // tensors[0][t] is x at timestep t, tensors[k][t] h of layer k - 1; all [rows, width]
        private final INDArray[][] tensors;

        Ready(Task task) {
            this.task = task;
            Workload workload = task.workload();
            List<Cell> cells = task.cells();
            tensors = new INDArray[cells.size() + 1][workload.timesteps()];
            for (Cell cell : cells) {
                layers.add(
                        cell instanceof Lstm lstm
                                ? new LstmLayer(lstm, workload.rows())
                                : new GruLayer((Gru) cell, workload.rows()));
            }
            for (int t = 0; t < workload.timesteps(); t++) {
                tensors[0][t] = zeros(workload.rows(), cells.get(0).features());
                for (int k = 0; k < cells.size(); k++) {
                    tensors[k + 1][t] = zeros(workload.rows(), cells.get(k).units());
                }
            }
            fill(workload);
        }

        private void fill(Workload workload) {
            float[] values = task.timeMajorInputs();
            INDArray table = task.embedding().map(Embedding::table).map(Ready::rows).orElse(null);
            int size = values.length / workload.timesteps();
            for (int t = 0; t < workload.timesteps(); t++) {
                float[] step = new float[size];
                System.arraycopy(values, t * size, step, 0, size);
                if (table == null) {
                    long[] shape = {workload.rows(), task.inputWidth()};
                    tensors[0][t].assign(Nd4j.create(step, shape, 'c'));
                } else {
                    int[] ids = new int[size];
                    for (int k = 0; k < size; k++) {
                        ids[k] = (int) step[k];
                    }
                    lookUps.add(
                            DynamicCustomOp.builder("gather")
                                    .addInputs(table, Nd4j.createFromArray(ids))
                                    .addOutputs(tensors[0][t])
                                    .addIntegerArguments(0)
                                    .build());
                }
            }
        }

        private static INDArray rows(Weights table) {
            return Nd4j.create(table.values(), new long[] {table.rows(), table.columns()}, 'c');
        }

        @Override
        public void advance() {
            lookUps.forEach(Nd4j::exec);
            for (int k = 0; k < layers.size(); k++) {
                for (int t = 0; t < tensors[k].length; t++) {
                    layers.get(k).step(tensors[k][t], tensors[k + 1][t]);
                }
            }
        }

        @Override
        public float[] outputs() {
            INDArray[] outputs = tensors[layers.size()];
            int size = (int) outputs[0].length();
            float[] values = new float[outputs.length * size];
            for (int t = 0; t < outputs.length; t++) {
                float[] step = outputs[t].dup('c').data().asFloat();
                System.arraycopy(step, 0, values, t * size, size);
            }
            return task.rowMajor(values);
        }

        @Override
        public void close() {
            // ND4J frees an array when Java's garbage collector finds it.
        }
    }
}
