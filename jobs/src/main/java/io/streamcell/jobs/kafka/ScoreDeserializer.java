package io.streamcell.jobs.kafka;

import io.streamcell.jobs.formats.OutputTimes;
import io.streamcell.jobs.formats.ScoreReader;
import io.streamcell.jobs.formats.ScoreUse;
import io.streamcell.operators.Header;
import io.streamcell.operators.Score;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads the scores of a topic back; a record that is none fails the job. */
public final class ScoreDeserializer<T> implements KafkaRecordDeserializationSchema<T> {
    private static final long serialVersionUID = 1;

    /**
     * The topics, and how they were written.
     *
     * @param stateTopic the topic of states; the scores' where they stand among them
     */
    public record Written(RecordFormats formats, String scoreTopic, String stateTopic)
            implements java.io.Serializable {
        private static final long serialVersionUID = 1;
    }

    private final Written written;
    private final OutputTimes times;
    private final ScoreReader.Wanted wanted;
    private final ScoreUse<T> use;
    private final TypeInformation<T> type;
    private transient ScoreReader reader;

    public ScoreDeserializer(
            Written written,
            OutputTimes times,
            ScoreReader.Wanted wanted,
            ScoreUse<T> use,
            TypeInformation<T> type) {
        this.written = written;
        this.times = times;
        this.wanted = wanted;
        this.use = use;
        this.type = type;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        reader =
                written.formats()
                        .scoreReader(times, wanted, written.scoreTopic(), written.stateTopic());
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<T> out)
            throws IOException {
        Score score = read(reader, record);
        T made = score == null ? null : use.of(score, record.timestamp());
        if (made != null) {
            out.collect(made);
        }
    }

    private static Score read(ScoreReader reader, ConsumerRecord<byte[], byte[]> record)
            throws IOException {
        List<Header> headers = new ArrayList<>();
        record.headers().forEach(header -> headers.add(new Header(header.key(), header.value())));
        try {
            return reader.read(record.key(), record.value(), headers);
        } catch (IOException e) {
            throw new IOException(
                    "%s at offset %d of partition %d of %s"
                            .formatted(
                                    e.getMessage(),
                                    record.offset(),
                                    record.partition(),
                                    record.topic()),
                    e);
        }
    }

    /** Reads one record here and now. */
    public T readNow(ConsumerRecord<byte[], byte[]> record) throws IOException {
        if (reader == null) {
            open(null);
        }
        Score score = read(reader, record);
        return score == null ? null : use.of(score, record.timestamp());
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return type;
    }
}
