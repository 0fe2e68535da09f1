package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.json.JsonStreamWriter;
import io.streamcell.state.StreamState;
import io.streamcell.state.StreamStateSerializer;
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
 * Compares the streams of two savepoints, bit for bit: a line for each that is only in one, or not
 * the same in both. In a batch job both come sorted by stream, so that only one is in memory.
 */
public final class StreamDifference
        extends KeyedCoProcessFunction<String, SavedStream, SavedStream, byte[]> {
    private static final long serialVersionUID = 1;
    private static final int USUAL = 4096;

    private transient ValueState<SavedStream> first;
    private transient ValueState<SavedStream> second;
    private transient JsonStreamWriter json;

    private StreamDifference() {}

    /** The lines of what differs. */
    public static DataStream<byte[]> of(DataStream<SavedStream> a, DataStream<SavedStream> b) {
        return a.keyBy(SavedStream::stream)
                .connect(b.keyBy(SavedStream::stream))
                .process(new StreamDifference())
                .returns(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    }

    @Override
    public void open(OpenContext context) {
        first = getRuntimeContext().getState(new ValueStateDescriptor<>("a", SavedStream.TYPE));
        second = getRuntimeContext().getState(new ValueStateDescriptor<>("b", SavedStream.TYPE));
        json = new JsonStreamWriter();
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
        StreamState a = first.value() == null ? null : first.value().state();
        StreamState b = second.value() == null ? null : second.value().state();
        if (a == null || b == null || !same(a, b)) {
            out.collect(json.difference(context.getCurrentKey(), a, b));
        }
        first.clear();
        second.clear();
    }

    /** Whether they are stored as the same bytes but for their timers, which change no score. */
    private static boolean same(StreamState a, StreamState b) throws IOException {
        return Arrays.equals(bytes(a), bytes(b));
    }

    private static byte[] bytes(StreamState state) throws IOException {
        DataOutputSerializer bytes = new DataOutputSerializer(USUAL);
        StreamStateSerializer.INSTANCE.serialize(state.withExpiry(StreamState.NO_TIME), bytes);
        return bytes.getCopyOfBuffer();
    }
}
