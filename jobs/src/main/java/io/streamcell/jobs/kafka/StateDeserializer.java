package io.streamcell.jobs.kafka;

import io.streamcell.jobs.formats.EventReader;
import io.streamcell.jobs.formats.StateRecord;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.Origin;
import io.streamcell.operators.ValueTypes;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes of each state record of a topic the reset to that state, and leaves all others out. */
public final class StateDeserializer implements KafkaRecordDeserializationSchema<Incoming> {
    private static final long serialVersionUID = 1;

    private final EventCheck check;
    private final RecordFormats formats;
    private final boolean amongScores;
    private transient EventReader reader;

    /**
     * @param amongScores whether scores are in the same topic
     */
    public StateDeserializer(EventCheck check, RecordFormats formats, boolean amongScores) {
        this.check = check;
        this.formats = formats;
        this.amongScores = amongScores;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        reader = formats.stateReader(check, amongScores);
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Incoming> out) {
        Origin origin = new Origin(record.topic(), record.partition(), record.offset());
        StateRecord state =
                reader.readState(
                        record.key(),
                        record.value(),
                        StreamEventDeserializer.headers(record),
                        origin);
        state.incoming().ifPresent(out::collect);
    }

    @Override
    public TypeInformation<Incoming> getProducedType() {
        return ValueTypes.INCOMING;
    }
}
