package io.streamcell.jobs.kafka;

import io.streamcell.jobs.json.JsonEventReader;
import io.streamcell.jobs.json.UnknownFields;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.Origin;
import io.streamcell.operators.ValueTypes;
import java.util.List;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Makes of each state record of a topic, in JSON, the reset to that state; of every other record,
 * what is rejected.
 */
public final class StateDeserializer implements KafkaRecordDeserializationSchema<Incoming> {
    private static final long serialVersionUID = 1;

    private final EventCheck check;
    private transient JsonEventReader reader;

    public StateDeserializer(EventCheck check) {
        this.check = check;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        reader = JsonEventReader.ofStates(check, new UnknownFields(new SimpleCounter()));
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Incoming> out) {
        Origin origin = new Origin(record.topic(), record.partition(), record.offset());
        out.collect(reader.read(record.key(), record.value(), List.of(), origin));
    }

    @Override
    public TypeInformation<Incoming> getProducedType() {
        return ValueTypes.INCOMING;
    }
}
