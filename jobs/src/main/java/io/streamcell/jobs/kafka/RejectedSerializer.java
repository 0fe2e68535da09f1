package io.streamcell.jobs.kafka;

import io.streamcell.jobs.formats.RejectedWriter;
import io.streamcell.operators.Rejected;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/** Makes Kafka records of rejected events. */
public final class RejectedSerializer extends RichFlatMapFunction<Rejected, OutgoingRecord> {
    private static final long serialVersionUID = 1;

    private final String topic;
    private final RecordFormats formats;
    private transient RejectedWriter writer;

    public RejectedSerializer(String topic, RecordFormats formats) {
        this.topic = topic;
        this.formats = formats;
    }

    @Override
    public void open(OpenContext context) {
        writer = formats.rejectedWriter(topic);
    }

    @Override
    public void flatMap(Rejected rejected, Collector<OutgoingRecord> out) {
        String stream = rejected.stream();
        byte[] key = stream == null ? null : stream.getBytes(StandardCharsets.UTF_8);
        out.collect(new OutgoingRecord(topic, key, writer.write(rejected), null, List.of()));
    }
}
