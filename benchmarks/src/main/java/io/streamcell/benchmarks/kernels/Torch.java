package io.streamcell.benchmarks.kernels;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import io.streamcell.benchmarks.GateOrder;
import io.streamcell.models.Cell;
import io.streamcell.models.Embedding;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;

/**
 * PyTorch through DJL: the operators {@code torch.lstm} and {@code torch.gru} over all layers at
 * once, one thread, no gradients. What they give are new arrays; the state goes into the next call
 * as it came.
 */
final class Torch implements Library {
    @Override
    public String name() {
        return "pytorch";
    }

    @Override
    public boolean computes(Workload workload) {
        return !workload.isProduct();
    }

    @Override
    public Subject open(Task task) {
        // DJL reads these when its engine starts; everything it needs is on the class path.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.num_threads", "1");
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        return new Ready(task);
    }

    private static final class Ready implements Subject {
        private final Task task;
        private final NDManager manager;
        private final NDArray inputs;
        private final NDList weights = new NDList();
        private final int layers;
        private final boolean lstm;
        private NDArray table;
        // h of every timestep, then the states: h, and c of an LSTM
        private NDList last;

        Ready(Task task) {
            this.task = task;
            manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
            Workload workload = task.workload();
            layers = task.cells().size();
            lstm = task.cells().get(0) instanceof Lstm;
            NDArray values =
                    manager.create(
                            task.timeMajorInputs(),
                            task.embedding().isPresent()
                                    ? new Shape(workload.timesteps(), workload.rows())
                                    : new Shape(
                                            workload.timesteps(),
                                            workload.rows(),
                                            task.inputWidth()));
            task.embedding()
                    .map(Embedding::table)
                    .ifPresent(
                            rows ->
                                    table =
                                            manager.create(
                                                    rows.values(),
                                                    new Shape(rows.rows(), rows.columns())));
            inputs = table == null ? values : values.toType(DataType.INT64, false);
            task.cells().forEach(this::addWeights);
            Shape state = new Shape(layers, workload.rows(), workload.units());
            last = new NDList(manager.zeros(new Shape(1)), manager.zeros(state));
            if (lstm) {
                last.add(manager.zeros(state));
            }
        }

        private void addWeights(Cell cell) {
            if (cell instanceof Lstm layer) {
                GateOrder order = GateOrder.KERAS_LSTM;
                int width = layer.bias().columns();
                add(order.transposed(layer.inputWeights()), width, cell.features());
                add(order.transposed(layer.recurrentWeights()), width, cell.units());
                add(layer.bias().values(), width);
                add(new float[width], width);
            } else if (cell instanceof Gru layer) {
                GateOrder order = GateOrder.TORCH_GRU;
                int width = layer.bias().columns();
                add(order.transposed(layer.inputWeights()), width, cell.features());
                add(order.transposed(layer.recurrentWeights()), width, cell.units());
                add(order.row(layer.bias(), 0), width);
                add(order.row(layer.bias(), 1), width);
            }
        }

        private void add(float[] values, long... shape) {
            weights.add(manager.create(values, new Shape(shape)));
        }

        @Override
        public void advance() {
            if (table == null) {
                advance(inputs);
                return;
            }
            try (NDList rows =
                    inputs.getNDArrayInternal().embedding(inputs, table, SparseFormat.DENSE)) {
                advance(rows.singletonOrThrow());
            }
        }

        private void advance(NDArray x) {
            NDList given =
                    lstm
                            ? x.getNDArrayInternal()
                                    .lstm(
                                            x,
                                            last.subNDList(1),
                                            weights,
                                            true,
                                            layers,
                                            0,
                                            false,
                                            false,
                                            false)
                            : x.getNDArrayInternal()
                                    .gru(
                                            x,
                                            last.get(1),
                                            weights,
                                            true,
                                            layers,
                                            0,
                                            false,
                                            false,
                                            false);
            last.close();
            last = given;
        }

        @Override
        public float[] outputs() {
            return task.rowMajor(last.get(0).toFloatArray());
        }

        @Override
        public void close() {
            manager.close();
        }
    }
}
