package io.streamcell.jobs.replay;

import io.streamcell.jobs.formats.OutputTimes;
import io.streamcell.operators.ControlEvent;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.Replay;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.Streamcell;
import io.streamcell.operators.ValueTypes;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Scores a range again by the operator that scored it, and compares. What was recorded is read
 * twice: first, without its numbers, for what the operator has to obey, which it is told before the
 * events; and in full, beside the scores.
 *
 * @param model that the range began with, or another one
 * @param options of the job that scored
 * @param control with models pinned
 * @param other whether the model is not one that scored then
 * @param streams those to look at; empty for all
 * @param since event time of the first event, where the sources do not see to it
 * @param until event time behind the last
 * @param bounds of the range
 * @param limit of lines about differences
 * @param memory bytes that may wait in memory to be compared
 */
public record ReplayPlan(
        ReplaySources sources,
        ServedModel model,
        ScoringOptions options,
        List<ControlEvent> control,
        boolean other,
        Set<String> streams,
        long since,
        long until,
        Bounds bounds,
        long limit,
        long memory) {
    /** Writes what is missing. */
    @FunctionalInterface
    public interface Repair extends Consumer<DataStream<OutputRecord>> {}

    /**
     * Builds the job; its result are lines about differences.
     *
     * @param repair null where nothing is to be written
     */
    public SingleOutputStreamOperator<byte[]> build(
            StreamExecutionEnvironment environment, Repair repair) {
        Lanes lanes = Lanes.of(model, control);
        OutputTimes times =
                OutputTimes.of(
                        model.byName().values().stream().map(ServedModel::signature).toList());
        DataStream<OutputRecord> scored = scored(environment, lanes, times);
        DataStream<OutputRecord> recorded =
                environment
                        .fromSource(
                                sources.recorded(times),
                                WatermarkStrategy.noWatermarks(),
                                "recorded")
                        .setParallelism(1);
        if (!streams.isEmpty()) {
            HashSet<String> wanted = new HashSet<>(streams);
            recorded =
                    recorded.filter(score -> wanted.contains(score.stream()))
                            .name("streams")
                            .setParallelism(1);
        }
        Verifier.Settings settings =
                new Verifier.Settings(times, lanes, bounds, limit, memory, repair != null, other);
        SingleOutputStreamOperator<byte[]> lines =
                scored.keyBy(OutputRecord::stream)
                        .connect(recorded.keyBy(OutputRecord::stream))
                        .transform(
                                "compare",
                                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
                                new VerifierFactory(settings));
        if (repair != null) {
            repair.accept(lines.getSideOutput(Verifier.MISSING));
        }
        return lines;
    }

    private DataStream<OutputRecord> scored(
            StreamExecutionEnvironment environment, Lanes lanes, OutputTimes times) {
        EventCheck check = EventCheck.of(model, options.value(ScoringOptions.MODEL_CARRY));
        HashSet<Long> first = new HashSet<>();
        if (!other) {
            model.byName().values().forEach(each -> first.add(each.signature().fingerprint()));
        }
        long earliest = control.stream().mapToLong(ControlEvent::time).min().orElse(Long.MAX_VALUE);
        DataStream<Incoming> before =
                source(
                        environment,
                        sources.before(new RecordedScan(times, lanes, first, earliest)),
                        "what was recorded");
        Optional<Source<Incoming, ?, ?>> states = sources.states(check);
        if (states.isPresent()) {
            // Not before what was recorded: the operator reads that when it first sees a stream.
            before = InOrder.of(before, source(environment, states.get(), "states"));
        }
        DataStream<Incoming> incoming =
                InOrder.of(before, source(environment, sources.events(check), "events"))
                        .filter(new EventFilter(streams, since, until))
                        .name("range")
                        .setParallelism(1);
        return Streamcell.replay(incoming, new Replay(control), model, options).records();
    }

    /** By one task, so that a stream's records keep their order. */
    private static DataStream<Incoming> source(
            StreamExecutionEnvironment environment, Source<Incoming, ?, ?> source, String name) {
        return environment
                .fromSource(source, eventTimes(), name, ValueTypes.INCOMING)
                .setParallelism(1);
    }

    /**
     * As in the job. There are no watermarks, since what they did then is recorded, but the last,
     * which ends all waiting.
     */
    private static WatermarkStrategy<Incoming> eventTimes() {
        return WatermarkStrategy.<Incoming>noWatermarks()
                .withTimestampAssigner(
                        (incoming, recordTime) ->
                                incoming.event() != null && incoming.event().timed()
                                        ? incoming.event().lastTime()
                                        : recordTime);
    }
}
