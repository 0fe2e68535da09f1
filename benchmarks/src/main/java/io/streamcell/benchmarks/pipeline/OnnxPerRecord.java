package io.streamcell.benchmarks.pipeline;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.streamcell.operators.InputValues;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Score;
import io.streamcell.operators.StreamEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * What one would write without Streamcell: each event is one call of ONNX Runtime, with h and c in
 * keyed state. Written to be fast: one thread, both in one value so that a stream is read and
 * written once, tensors over direct buffers that live as long as the operator, outputs written into
 * such buffers too.
 */
final class OnnxPerRecord extends KeyedProcessFunction<String, StreamEvent, OutputRecord> {
    private static final long serialVersionUID = 1;

    private final byte[] graph;
    private final int features;
    private final int units;
    private final String label;

    /** h, then c: {@code [2*units]}. */
    private transient ValueState<float[]> state;

    private transient OrtEnvironment environment;
    private transient OrtSession.SessionOptions options;
    private transient OrtSession session;
    private transient Tensor h;
    private transient Tensor c;
    private transient Tensor nextH;
    private transient Tensor nextC;

    /** Of as many timesteps as the last event had. */
    private transient Tensor x;

    private transient Tensor y;

    /** A tensor and the direct buffer that it lies in. */
    private record Tensor(OnnxTensor tensor, FloatBuffer values) implements AutoCloseable {
        static Tensor of(OrtEnvironment environment, long... shape) throws OrtException {
            int count = 1;
            for (long dim : shape) {
                count *= (int) dim;
            }
            FloatBuffer values =
                    ByteBuffer.allocateDirect(count * Float.BYTES)
                            .order(ByteOrder.nativeOrder())
                            .asFloatBuffer();
            return new Tensor(OnnxTensor.createTensor(environment, values, shape), values);
        }

        @Override
        public void close() {
            tensor.close();
        }
    }

    /**
     * @param label stands in the scores
     */
    OnnxPerRecord(LstmModel model, String label) {
        this.graph = model.onnx();
        this.features = model.features();
        this.units = model.units();
        this.label = label;
    }

    @Override
    public void open(OpenContext context) throws OrtException {
        state =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "h-and-c",
                                        PrimitiveArrayTypeInfo.FLOAT_PRIMITIVE_ARRAY_TYPE_INFO));
        environment = OrtEnvironment.getEnvironment();
        options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        session = environment.createSession(graph, options);
        h = Tensor.of(environment, 1, 1, units);
        c = Tensor.of(environment, 1, 1, units);
        nextH = Tensor.of(environment, 1, 1, units);
        nextC = Tensor.of(environment, 1, 1, units);
        makeRoom(1);
    }

    private void makeRoom(int timesteps) throws OrtException {
        closeAll(x, y);
        x = Tensor.of(environment, timesteps, 1, features);
        y = Tensor.of(environment, timesteps, 1);
    }

    @Override
    public void processElement(StreamEvent event, Context context, Collector<OutputRecord> out)
            throws Exception {
        InputValues chunk = event.inputs().get(0);
        if (chunk.rows() * features != x.values().capacity()) {
            makeRoom(chunk.rows());
        }
        x.values().put(0, chunk.values());
        float[] before = state.value();
        if (before == null) {
            before = new float[2 * units];
        }
        h.values().put(0, before, 0, units);
        c.values().put(0, before, units, units);
        session.run(
                        Map.of("x", x.tensor(), "h", h.tensor(), "c", c.tensor()),
                        Map.of(
                                "y", y.tensor(),
                                "h_next", nextH.tensor(),
                                "c_next", nextC.tensor()))
                .close();
        float[] after = new float[2 * units];
        nextH.values().get(0, after, 0, units);
        nextC.values().get(0, after, units, units);
        state.update(after);
        float[] scores = new float[chunk.rows()];
        y.values().get(0, scores);
        out.collect(score(event, scores, label));
    }

    /** A score of one float per timestep, as Streamcell's own for such a network. */
    static Score score(StreamEvent event, float[] values, String label) {
        var output = new OutputValues(null, values, values.length, true, List.of(1));
        return new Score(
                event.stream(), 0, event.times(), List.of(output), label, 0, event.headers());
    }

    @Override
    public void close() throws Exception {
        closeAll(x, y, h, c, nextH, nextC, session, options);
    }

    private static void closeAll(AutoCloseable... resources) throws OrtException {
        for (AutoCloseable each : resources) {
            if (each == null) {
                continue;
            }
            try {
                each.close();
            } catch (OrtException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("only ONNX Runtime fails to close", e);
            }
        }
    }
}
