package io.streamcell.benchmarks.kernels;

import io.streamcell.models.Cell;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.Weights;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.lbr_gru_forward;
import org.bytedeco.dnnl.lstm_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * oneDNN at its best: one RNN primitive for each layer in inference mode, weights reordered at load
 * to the format that the primitive asks for, arguments of a call made once. The states go back and
 * forth between two memories, so that a call's state is the next one's without a copy. An embedding
 * is looked up by hand: oneDNN has none.
 */
final class OneDnn implements Library {
    @Override
    public String name() {
        return "onednn";
    }

    @Override
    public boolean computes(Workload workload) {
        return !workload.isProduct();
    }

    @Override
    public Subject open(Task task) {
        return new Ready(task);
    }

    /** A layer: its primitive, and the arguments of even and odd calls. */
    private record Step(primitive computed, List<dnnl_exec_arg_t> arguments, int count) {}

    private static final class Ready implements Subject {
        // A pointer that nobody holds is freed, whatever native code still uses it.
        private final Deque<Pointer> held = new ArrayDeque<>();
        private final Task task;
        private final Workload workload;
        private final engine cpu;
        private final stream queue;
        private final FloatBuffer inputs;
        private final FloatBuffer outputs;
        private final int[] ids;
        private final List<Step> steps = new ArrayList<>();
        private int turn;

        Ready(Task task) {
            this.task = task;
            workload = task.workload();
            cpu = hold(new engine(engine.kind.cpu, 0));
            queue = hold(new stream(cpu));
            float[] values = task.timeMajorInputs();
            memory layer = memory(layerDesc(workload.features()));
            inputs = floats(layer);
            ids = task.embedding().isPresent() ? new int[values.length] : new int[0];
            for (int k = 0; k < ids.length; k++) {
                ids[k] = (int) values[k];
            }
            if (task.embedding().isEmpty()) {
                inputs.put(0, values);
            }
            for (Cell cell : task.cells()) {
                layer = cell instanceof Lstm lstm ? add(lstm, layer) : add((Gru) cell, layer);
            }
            outputs = floats(layer);
        }

        private memory add(Lstm cell, memory source) {
            desc state = state(cell.units());
            lstm_forward.primitive_desc plan =
                    hold(
                            new lstm_forward.primitive_desc(
                                    cpu,
                                    dnnl.prop_kind.forward_inference,
                                    dnnl.rnn_direction.unidirectional_left2right,
                                    layerDesc(cell.features()),
                                    state,
                                    state,
                                    desc(format_tag.any, 1, 1, cell.features(), 4, cell.units()),
                                    desc(format_tag.any, 1, 1, cell.units(), 4, cell.units()),
                                    desc(format_tag.ldgo, 1, 1, 4, cell.units()),
                                    layerDesc(cell.units()),
                                    state,
                                    state));
            memory target = memory(layerDesc(cell.units()));
            List<memory> h = List.of(memory(state), memory(state));
            List<memory> c = List.of(memory(state), memory(state));
            memory w = packed(cell.inputWeights(), 4, hold(plan.weights_layer_desc()));
            memory r = packed(cell.recurrentWeights(), 4, hold(plan.weights_iter_desc()));
            memory bias =
                    filled(cell.bias().values(), desc(format_tag.ldgo, 1, 1, 4, cell.units()));
            List<dnnl_exec_arg_t> calls = new ArrayList<>();
            for (int k = 0; k < 2; k++) {
                dnnl_exec_arg_t call = hold(new dnnl_exec_arg_t(9));
                set(call, 0, dnnl.DNNL_ARG_SRC_LAYER, source);
                set(call, 1, dnnl.DNNL_ARG_WEIGHTS_LAYER, w);
                set(call, 2, dnnl.DNNL_ARG_WEIGHTS_ITER, r);
                set(call, 3, dnnl.DNNL_ARG_BIAS, bias);
                set(call, 4, dnnl.DNNL_ARG_DST_LAYER, target);
                set(call, 5, dnnl.DNNL_ARG_SRC_ITER, h.get(k));
                set(call, 6, dnnl.DNNL_ARG_DST_ITER, h.get(1 - k));
                set(call, 7, dnnl.DNNL_ARG_SRC_ITER_C, c.get(k));
                set(call, 8, dnnl.DNNL_ARG_DST_ITER_C, c.get(1 - k));
                calls.add(call.position(0));
            }
            steps.add(new Step(hold(new lstm_forward(plan)), calls, 9));
            return target;
        }

        private memory add(Gru cell, memory source) {
            desc state = state(cell.units());
            desc biases = desc(format_tag.ldgo, 1, 1, 4, cell.units());
            lbr_gru_forward.primitive_desc plan =
                    hold(
                            new lbr_gru_forward.primitive_desc(
                                    cpu,
                                    dnnl.prop_kind.forward_inference,
                                    dnnl.rnn_direction.unidirectional_left2right,
                                    layerDesc(cell.features()),
                                    state,
                                    desc(format_tag.any, 1, 1, cell.features(), 3, cell.units()),
                                    desc(format_tag.any, 1, 1, cell.units(), 3, cell.units()),
                                    biases,
                                    layerDesc(cell.units()),
                                    state));
            memory target = memory(layerDesc(cell.units()));
            List<memory> h = List.of(memory(state), memory(state));
            memory w = packed(cell.inputWeights(), 3, hold(plan.weights_layer_desc()));
            memory r = packed(cell.recurrentWeights(), 3, hold(plan.weights_iter_desc()));
            memory bias = filled(gruBias(cell), biases);
            List<dnnl_exec_arg_t> calls = new ArrayList<>();
            for (int k = 0; k < 2; k++) {
                dnnl_exec_arg_t call = hold(new dnnl_exec_arg_t(7));
                set(call, 0, dnnl.DNNL_ARG_SRC_LAYER, source);
                set(call, 1, dnnl.DNNL_ARG_WEIGHTS_LAYER, w);
                set(call, 2, dnnl.DNNL_ARG_WEIGHTS_ITER, r);
                set(call, 3, dnnl.DNNL_ARG_BIAS, bias);
                set(call, 4, dnnl.DNNL_ARG_DST_LAYER, target);
                set(call, 5, dnnl.DNNL_ARG_SRC_ITER, h.get(k));
                set(call, 6, dnnl.DNNL_ARG_DST_ITER, h.get(1 - k));
                calls.add(call.position(0));
            }
            steps.add(new Step(hold(new lbr_gru_forward(plan)), calls, 7));
            return target;
        }

        /** Both rows of z and r in one, then the candidate's input row, then its recurrent row. */
        private static float[] gruBias(Gru cell) {
            float[] rows = cell.bias().values();
            int units = cell.units();
            float[] bias = new float[4 * units];
            for (int k = 0; k < 2 * units; k++) {
                bias[k] = rows[k] + rows[3 * units + k];
            }
            System.arraycopy(rows, 2 * units, bias, 2 * units, units);
            System.arraycopy(rows, 5 * units, bias, 3 * units, units);
            return bias;
        }

        private static void set(dnnl_exec_arg_t call, int at, int argument, memory value) {
            call.position(at).arg(argument).memory(value.get());
        }

        private memory packed(Weights weights, int gates, desc wanted) {
            long units = weights.columns() / gates;
            memory plain =
                    filled(
                            weights.values(),
                            desc(format_tag.ldigo, 1, 1, weights.rows(), gates, units));
            memory packed = memory(wanted);
            hold(new reorder(plain, packed)).execute(queue, plain, packed);
            queue._wait();
            return packed;
        }

        private memory filled(float[] values, desc shape) {
            memory filled = memory(shape);
            floats(filled).put(0, values);
            return filled;
        }

        /** Zeros of a shape. */
        private memory memory(desc shape) {
            FloatPointer values = hold(new FloatPointer(shape.get_size() / Float.BYTES));
            Pointer.memset(values, 0, shape.get_size());
            return hold(new memory(shape, cpu, values));
        }

        private FloatBuffer floats(memory values) {
            long count = hold(values.get_desc()).get_size() / Float.BYTES;
            Pointer data = hold(values.get_data_handle());
            return hold(new FloatPointer(data)).capacity(count).asBuffer();
        }

        private desc layerDesc(long width) {
            return desc(format_tag.tnc, workload.timesteps(), workload.rows(), width);
        }

        private desc state(long units) {
            return desc(format_tag.ldnc, 1, 1, workload.rows(), units);
        }

        private desc desc(format_tag tag, long... dims) {
            return hold(new desc(dims, memory.data_type.f32, tag));
        }

        private <P extends Pointer> P hold(P pointer) {
            held.push(pointer);
            return pointer;
        }

        @Override
        public void advance() {
            task.embedding().ifPresent(embedding -> lookUp(embedding.table()));
            for (Step step : steps) {
                int status =
                        dnnl.dnnl_primitive_execute(
                                step.computed().get(),
                                queue.get(),
                                step.count(),
                                step.arguments().get(turn));
                if (status != 0) {
                    throw new IllegalStateException("oneDNN ended with status " + status);
                }
            }
            turn = 1 - turn;
        }

        private void lookUp(Weights table) {
            int width = table.columns();
            for (int k = 0; k < ids.length; k++) {
                inputs.put(k * width, table.values(), ids[k] * width, width);
            }
        }

        @Override
        public float[] outputs() {
            float[] values = new float[outputs.capacity()];
            outputs.get(0, values);
            return task.rowMajor(values);
        }

        @Override
        public void close() {
            held.forEach(Pointer::close);
            held.clear();
        }
    }
}
