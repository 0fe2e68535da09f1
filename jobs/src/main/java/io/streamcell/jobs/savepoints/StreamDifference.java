package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.json.JsonStreamWriter;
import io.streamcell.state.StreamState;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Compares the streams of two savepoints, bit for bit and under each model: a line for each that is
 * only in one, or not the same in both. In a batch job both come sorted by stream, so that only one
 * is in memory.
 */
public final class StreamDifference
        extends KeyedCoProcessFunction<String, SavedStream, SavedStream, byte[]> {
    private static final long serialVersionUID = 1;
    private static final int USUAL = 4096;

    private transient ValueState<SavedStream> first;
    private transient ValueState<SavedStream> second;
    private transient JsonStreamWriter json;
    private transient SavedStreamSerializer serializer;
    private transient DataOutputSerializer bytes;

    private StreamDifference() {}

    /** The lines of what differs. */
    public static DataStream<byte[]> of(DataStream<SavedStream> a, DataStream<SavedStream> b) {
        return a.keyBy(StreamDifference::key)
                .connect(b.keyBy(StreamDifference::key))
                .process(new StreamDifference())
                .returns(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    }

    /** A stream and one of the models that know it. */
    private static String key(SavedStream saved) {
        return saved.model().length() + ":" + saved.model() + saved.stream();
    }

    @Override
    public void open(OpenContext context) {
        first = getRuntimeContext().getState(new ValueStateDescriptor<>("a", SavedStream.TYPE));
        second = getRuntimeContext().getState(new ValueStateDescriptor<>("b", SavedStream.TYPE));
        json = new JsonStreamWriter();
        serializer = new SavedStreamSerializer();
        bytes = new DataOutputSerializer(USUAL);
    }

    @Override
    public void processElement1(SavedStream saved, Context context, Collector<byte[]> out)
            throws Exception {
        first.update(saved);
        context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
    }

    @Override
    public void processElement2(SavedStream saved, Context context, Collector<byte[]> out)
            throws Exception {
        second.update(saved);
        context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
    }

    /** Both have come, or there is only one. */
    @Override
    public void onTimer(long time, OnTimerContext context, Collector<byte[]> out) throws Exception {
        SavedStream a = first.value();
        SavedStream b = second.value();
        if (a == null || b == null || !same(a, b)) {
            SavedStream any = a == null ? b : a;
            StreamState inA = a == null ? null : a.state();
            StreamState inB = b == null ? null : b.state();
            out.collect(json.difference(any.stream(), any.model(), inA, inB));
        }
        first.clear();
        second.clear();
    }

    /** Whether they are stored as the same bytes but for their timers, which change no score. */
    private boolean same(SavedStream a, SavedStream b) throws IOException {
        return Arrays.equals(bytes(a), bytes(b));
    }

    private byte[] bytes(SavedStream saved) throws IOException {
        bytes.clear();
        StreamState state = saved.state().withExpiry(StreamState.NO_TIME);
        SavedStream plain =
                new SavedStream(
                        saved.origin(),
                        saved.stream(),
                        saved.model(),
                        state,
                        saved.held(),
                        saved.kept());
        serializer.serialize(plain, bytes);
        return bytes.getCopyOfBuffer();
    }
}
