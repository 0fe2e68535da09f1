package io.streamcell.benchmarks.pipeline;

import io.streamcell.operators.Incoming;
import io.streamcell.operators.InputValues;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.Scored;
import io.streamcell.operators.StreamEvent;
import io.streamcell.operators.Streamcell;
import io.streamcell.operators.ValueTypes;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Who scores the events, and where state lies. */
enum Subject {
    IDENTITY("identity", "hashmap"),
    STREAMCELL("streamcell", "hashmap"),
    STREAMCELL_ROCKSDB("streamcell-rocksdb", "rocksdb"),
    SQL("streamcell-sql", "hashmap"),
    SQL_ROCKSDB("streamcell-sql-rocksdb", "rocksdb"),
    ONNX("onnxruntime-per-record", "hashmap"),
    ONNX_ROCKSDB("onnxruntime-per-record-rocksdb", "rocksdb");

    private static final OutputTag<Rejected> REJECTED =
            new OutputTag<>("rejected", ValueTypes.REJECTED);

    private final String title;
    private final String backend;

    Subject(String title, String backend) {
        this.title = title;
        this.backend = backend;
    }

    /** As it stands in tables and in JSON. */
    String title() {
        return title;
    }

    /** Whether its scores are the network's. */
    boolean scores() {
        return this != IDENTITY;
    }

    /** Whether each event is a call of its own, so that fewer of them take as long. */
    boolean slow() {
        return this == SQL || this == SQL_ROCKSDB || this == ONNX || this == ONNX_ROCKSDB;
    }

    /** Chooses the state backend. */
    void configure(Configuration configuration) {
        configuration.set(StateBackendOptions.STATE_BACKEND, backend);
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, backend.equals("rocksdb"));
    }

    /** The part of the topology that differs: from checked events to scores. */
    Scored score(DataStream<Incoming> incoming, SavedModel model) {
        if (this == STREAMCELL || this == STREAMCELL_ROCKSDB) {
            return Streamcell.scoreChecked(incoming, model.served(), model.options());
        }
        if (this == SQL || this == SQL_ROCKSDB) {
            return SqlFunction.score(incoming, model);
        }
        SingleOutputStreamOperator<StreamEvent> events =
                incoming.process(new PutAside())
                        .returns(ValueTypes.STREAM_EVENT)
                        .setParallelism(incoming.getParallelism());
        KeyedStream<StreamEvent, String> streams = events.keyBy(StreamEvent::stream);
        String label = model.served().label();
        SingleOutputStreamOperator<OutputRecord> scores =
                this == IDENTITY
                        ? streams.map(event -> asItIs(event, label))
                        : streams.process(new OnnxPerRecord(model.network(), label));
        return new Scored(scores.returns(ValueTypes.OUTPUT_RECORD), events.getSideOutput(REJECTED));
    }

    /**
     * One number per timestep that is printed in as many digits as a score; the division is there
     * for the digits.
     */
    private static OutputRecord asItIs(StreamEvent event, String label) {
        InputValues chunk = event.inputs().get(0);
        float[] values = new float[chunk.rows()];
        for (int row = 0; row < values.length; row++) {
            values[row] = chunk.values()[row * chunk.columns()] / 3;
        }
        return OnnxPerRecord.score(event, values, label);
    }

    /** Sends what was rejected to a side output, as Streamcell does. */
    private static final class PutAside extends ProcessFunction<Incoming, StreamEvent> {
        private static final long serialVersionUID = 1;

        @Override
        public void processElement(Incoming incoming, Context context, Collector<StreamEvent> out) {
            if (incoming.event() != null) {
                out.collect(incoming.event());
            } else {
                context.output(REJECTED, incoming.rejected());
            }
        }
    }
}
