package io.streamcell.jobs.kafka;

import io.streamcell.jobs.json.ControlEventReader;
import io.streamcell.jobs.json.UnknownFields;
import io.streamcell.operators.Origin;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.RejectedEventException;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes of each record of the control topic an event, or the reason why it is rejected. */
public final class ControlEventDeserializer
        implements KafkaRecordDeserializationSchema<ControlRecord> {
    private static final long serialVersionUID = 1;

    private transient ControlEventReader reader;

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        reader =
                new ControlEventReader(
                        new UnknownFields(
                                context.getMetricGroup()
                                        .addGroup("streamcell")
                                        .counter("unknownControlFields")));
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<ControlRecord> out) {
        Origin origin = new Origin(record.topic(), record.partition(), record.offset());
        try {
            out.collect(new ControlRecord(reader.read(record.value()), null));
        } catch (RejectedEventException e) {
            out.collect(new ControlRecord(null, Rejected.of(e, origin, null, record.value())));
        }
    }

    @Override
    public TypeInformation<ControlRecord> getProducedType() {
        return ControlRecord.TYPE;
    }
}
