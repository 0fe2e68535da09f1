package io.streamcell.jobs.files;

import io.streamcell.jobs.json.FlatRow;
import io.streamcell.jobs.json.JsonRecordWriter;
import io.streamcell.models.Carry;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.ExportedState;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.Score;
import io.streamcell.operators.Scored;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.Streamcell;
import java.nio.file.Path;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.enumerate.NonSplittingRecursiveEnumerator;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;

/**
 * Scores a file: the same operator as the Kafka job, bounded, without Kafka.
 *
 * @param fields of flat rows
 * @param rejected null where rejected events are not kept
 * @param states null where exported states stand among the scores
 */
public record FileScoring(Path input, FlatRow fields, Path output, Path rejected, Path states) {
    /** Builds the job. */
    public void build(
            StreamExecutionEnvironment environment, ServedModel model, ScoringOptions options) {
        Carry carry = options.value(ScoringOptions.MODEL_CARRY);
        EventLines lines = new EventLines(input.toString(), EventCheck.of(model, carry), fields);
        FileSource<Incoming> source =
                FileSource.forRecordStreamFormat(
                                lines,
                                org.apache.flink.core.fs.Path.fromLocalFile(
                                        input.toAbsolutePath().toFile()))
                        // Flink would skip a file whose name begins with a dot or an underscore.
                        .setFileEnumerator(() -> new NonSplittingRecursiveEnumerator(path -> true))
                        .build();
        DataStream<Incoming> incoming =
                environment.fromSource(source, eventTimes(), "events").setParallelism(1);
        Scored scored = Streamcell.scoreChecked(incoming, model, options);
        write(scored.records(), output, states == null ? OutputRecord.class : Score.class);
        if (states != null) {
            write(scored.records(), states, ExportedState.class);
        }
        if (rejected != null) {
            write(scored.rejected(), rejected, Rejected.class);
        }
    }

    /** Scores of events without a time have none; no watermark is needed before the end. */
    private static WatermarkStrategy<Incoming> eventTimes() {
        return WatermarkStrategy.<Incoming>noWatermarks()
                .withTimestampAssigner(
                        (incoming, none) ->
                                incoming.event() != null && incoming.event().timed()
                                        ? incoming.event().lastTime()
                                        : none);
    }

    private static <T> void write(DataStream<T> records, Path file, Class<?> type) {
        records.flatMap(new ToLine<T>(type))
                .returns(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
                .name("to lines")
                .sinkTo(new LineSink(file))
                .setParallelism(1)
                .name(file.getFileName().toString());
    }

    /** Writes the records of one type as JSON. */
    private static final class ToLine<T> extends RichFlatMapFunction<T, byte[]> {
        private static final long serialVersionUID = 1;
        private final Class<?> type;
        private transient JsonRecordWriter writer;

        ToLine(Class<?> type) {
            this.type = type;
        }

        @Override
        public void open(OpenContext context) {
            writer = new JsonRecordWriter();
        }

        @Override
        public void flatMap(T record, Collector<byte[]> out) {
            if (!type.isInstance(record)) {
                return;
            }
            if (record instanceof OutputRecord output) {
                out.collect(writer.write(output));
            } else if (record instanceof Rejected put) {
                out.collect(writer.write(put));
            }
        }
    }
}
