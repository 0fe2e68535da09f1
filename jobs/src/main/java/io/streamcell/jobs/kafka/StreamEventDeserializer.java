package io.streamcell.jobs.kafka;

import io.streamcell.jobs.formats.EventReader;
import io.streamcell.jobs.json.UnknownFields;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Header;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.Origin;
import io.streamcell.operators.ValueTypes;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes of each Kafka record a checked event, or the reason why it is rejected; never fails. */
public final class StreamEventDeserializer implements KafkaRecordDeserializationSchema<Incoming> {
    private static final long serialVersionUID = 1;

    private final EventCheck check;
    private final RecordFormats formats;
    private transient EventReader reader;

    public StreamEventDeserializer(EventCheck check, RecordFormats formats) {
        this.check = check;
        this.formats = formats;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        reader =
                formats.reader(
                        check,
                        new UnknownFields(
                                context.getMetricGroup()
                                        .addGroup("streamcell")
                                        .counter("unknownFields")));
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Incoming> out) {
        Origin origin = new Origin(record.topic(), record.partition(), record.offset());
        out.collect(reader.read(record.key(), record.value(), headers(record), origin));
    }

    /** A record's headers. */
    static List<Header> headers(ConsumerRecord<byte[], byte[]> record) {
        if (record.headers().toArray().length == 0) {
            return List.of();
        }
        List<Header> headers = new ArrayList<>();
        record.headers().forEach(header -> headers.add(new Header(header.key(), header.value())));
        return headers;
    }

    @Override
    public TypeInformation<Incoming> getProducedType() {
        return ValueTypes.INCOMING;
    }
}
