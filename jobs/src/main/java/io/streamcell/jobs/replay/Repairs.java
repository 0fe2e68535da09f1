package io.streamcell.jobs.replay;

import io.streamcell.jobs.files.LineSink;
import io.streamcell.jobs.json.JsonRecordWriter;
import io.streamcell.jobs.kafka.KafkaConnections;
import io.streamcell.jobs.kafka.OutgoingRecord;
import io.streamcell.jobs.kafka.OutgoingRecordSerializer;
import io.streamcell.jobs.kafka.ScoreDeserializer.Written;
import io.streamcell.jobs.kafka.ScoreSerializer;
import io.streamcell.operators.OutputRecord;
import io.streamcell.state.ValueTypeInformation;
import java.nio.file.Path;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;

/** Where scores that were missing are written. */
public final class Repairs {
    private Repairs() {}

    /**
     * To the topic, as the job writes scores.
     *
     * @param most bytes of a record
     */
    public static ReplayPlan.Repair toTopic(KafkaConnections kafka, Written written, int most) {
        return missing ->
                missing.process(
                                new ScoreSerializer(
                                        written.scoreTopic(),
                                        written.stateTopic(),
                                        most,
                                        kafka.limit(),
                                        written.formats()))
                        .returns(
                                new ValueTypeInformation<>(
                                        OutgoingRecord.class, new OutgoingRecordSerializer()))
                        .name("to records")
                        .sinkTo(kafka.sink("missing"))
                        .name("missing");
    }

    /** To a file, one JSON object on each line. */
    public static ReplayPlan.Repair toFile(Path file) {
        return missing ->
                missing.map(new ToLine())
                        .returns(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
                        .name("to lines")
                        .sinkTo(new LineSink(file))
                        .setParallelism(1)
                        .name("missing");
    }

    private static final class ToLine extends RichMapFunction<OutputRecord, byte[]> {
        private static final long serialVersionUID = 1;
        private transient JsonRecordWriter writer;

        @Override
        public void open(OpenContext context) {
            writer = new JsonRecordWriter();
        }

        @Override
        public byte[] map(OutputRecord record) {
            return writer.write(record);
        }
    }
}
