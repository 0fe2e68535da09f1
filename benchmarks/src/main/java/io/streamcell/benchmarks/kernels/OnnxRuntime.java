package io.streamcell.benchmarks.kernels;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.streamcell.models.Cell;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * ONNX Runtime at its best: one thread, all graph optimizations, weights packed at load, inputs and
 * outputs in tensors over direct buffers that are made once. The states go back and forth between
 * two sets of tensors, so that a call's state is the next one's without a copy.
 */
final class OnnxRuntime implements Library {
    static final String NAME = "onnxruntime";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean computes(Workload workload) {
        return !workload.isProduct();
    }

    @Override
    public Subject open(Task task) throws OrtException {
        return new Ready(task);
    }

    private static final class Ready implements Subject {
        private final Task task;
        private final OrtSession session;
        private final List<OnnxTensor> tensors = new ArrayList<>();
        private final FloatBuffer outputs;
        // What even and odd calls read and write.
        private final List<Map<String, OnnxTensor>> reads =
                List.of(new HashMap<>(), new HashMap<>());
        private final List<Map<String, OnnxTensor>> writes =
                List.of(new HashMap<>(), new HashMap<>());
        private int turn;

        Ready(Task task) throws OrtException {
            this.task = task;
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            try (SessionOptions options = options()) {
                session = environment.createSession(OnnxModel.of(task), options);
            }
            long timesteps = task.workload().timesteps();
            long rows = task.workload().rows();
            OnnxTensor x = inputs(environment, timesteps, rows);
            outputs = floats(timesteps * rows * task.workload().units());
            OnnxTensor y =
                    tensor(environment, outputs, timesteps, 1, rows, task.workload().units());
            for (int k = 0; k < 2; k++) {
                reads.get(k).put("x", x);
                writes.get(k).put("y", y);
            }
            List<Cell> cells = task.cells();
            for (int number = 0; number < cells.size(); number++) {
                int units = cells.get(number).units();
                for (String state : OnnxModel.states(cells.get(number), number)) {
                    for (int k = 0; k < 2; k++) {
                        OnnxTensor held = tensor(environment, floats(rows * units), 1, rows, units);
                        reads.get(k).put(state, held);
                        writes.get(1 - k).put(state + "_out", held);
                    }
                }
            }
        }

        private static SessionOptions options() throws OrtException {
            SessionOptions options = new SessionOptions();
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            return options;
        }

        private OnnxTensor inputs(OrtEnvironment environment, long timesteps, long rows)
                throws OrtException {
            float[] values = task.timeMajorInputs();
            if (task.embedding().isEmpty()) {
                FloatBuffer floats = floats(values.length);
                floats.put(values).rewind();
                return tensor(environment, floats, timesteps, rows, task.inputWidth());
            }
            LongBuffer ids = bytes(8L * values.length).asLongBuffer();
            for (float id : values) {
                ids.put((long) id);
            }
            ids.rewind();
            return kept(OnnxTensor.createTensor(environment, ids, new long[] {timesteps, rows}));
        }

        private OnnxTensor tensor(OrtEnvironment environment, FloatBuffer values, long... shape)
                throws OrtException {
            return kept(OnnxTensor.createTensor(environment, values, shape));
        }

        private OnnxTensor kept(OnnxTensor tensor) {
            tensors.add(tensor);
            return tensor;
        }

        private static FloatBuffer floats(long count) {
            return bytes(4 * count).asFloatBuffer();
        }

        private static ByteBuffer bytes(long count) {
            return ByteBuffer.allocateDirect(Math.toIntExact(count)).order(ByteOrder.nativeOrder());
        }

        @Override
        public void advance() {
            try {
                session.run(reads.get(turn), Set.of(), writes.get(turn)).close();
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
            turn = 1 - turn;
        }

        @Override
        public float[] outputs() {
            float[] values = new float[outputs.capacity()];
            outputs.get(0, values);
            return task.rowMajor(values);
        }

        @Override
        public void close() {
            tensors.forEach(OnnxTensor::close);
            try {
                session.close();
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
