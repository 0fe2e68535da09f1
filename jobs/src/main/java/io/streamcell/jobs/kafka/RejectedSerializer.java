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
    private final RecordLimit limit;
    private final RecordFormats formats;
    private transient RejectedWriter writer;
    private transient int most;

    /**
     * @param limit of what Kafka takes
     */
    public RejectedSerializer(String topic, RecordLimit limit, RecordFormats formats) {
        this.topic = topic;
        this.limit = limit;
        this.formats = formats;
    }

    @Override
    public void open(OpenContext context) throws InterruptedException {
        writer = formats.rejectedWriter(topic);
        most = limit.ofTopic(topic);
    }

    @Override
    public void flatMap(Rejected rejected, Collector<OutgoingRecord> out) {
        OutgoingRecord record = record(rejected);
        if (RecordLimit.bytes(record.key(), record.value(), List.of()) > most) {
            record = record(rejected.shortened());
        }
        out.collect(record);
    }

    private OutgoingRecord record(Rejected rejected) {
        String stream = rejected.stream();
        byte[] key = stream == null ? null : stream.getBytes(StandardCharsets.UTF_8);
        return new OutgoingRecord(topic, key, writer.write(rejected), null, List.of());
    }
}
