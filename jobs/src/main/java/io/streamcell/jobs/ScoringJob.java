package io.streamcell.jobs;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.config.JobConfiguration;
import io.streamcell.jobs.config.JobDefaults;
import io.streamcell.jobs.config.JobOptions;
import io.streamcell.jobs.kafka.ControlEvents;
import io.streamcell.jobs.kafka.ControlRecord;
import io.streamcell.jobs.kafka.KafkaConnections;
import io.streamcell.jobs.kafka.OutgoingRecord;
import io.streamcell.jobs.kafka.OutgoingRecordSerializer;
import io.streamcell.jobs.kafka.RecordFormats;
import io.streamcell.jobs.kafka.RecordLimit;
import io.streamcell.jobs.kafka.RejectedLog;
import io.streamcell.jobs.kafka.RejectedSerializer;
import io.streamcell.jobs.kafka.ScoreSerializer;
import io.streamcell.operators.ControlEvent;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.Scored;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.Streamcell;
import io.streamcell.operators.ValueTypes;
import io.streamcell.state.ValueTypeInformation;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The Kafka job: events in, scores out, exactly once. Its main class is for {@code flink run
 * streamcell-jobs.jar --config job.yaml}; on a local cluster {@code ./streamcell run} starts the
 * same.
 */
public final class ScoringJob {
    private static final TypeInformation<OutgoingRecord> OUTGOING =
            new ValueTypeInformation<>(OutgoingRecord.class, new OutgoingRecordSerializer());

    private final Configuration configuration;
    private final ServedModel model;
    private final ScoringOptions scoring;

    /**
     * @param configuration with {@link JobDefaults} applied
     * @param model the one that the options name
     */
    public ScoringJob(Configuration configuration, ServedModel model, ScoringOptions scoring) {
        this.configuration = configuration;
        this.model = model;
        this.scoring = scoring;
    }

    /** Builds the topology: source, scoring, sinks. */
    public void build(StreamExecutionEnvironment environment) {
        build(environment, this::score);
    }

    /** Builds the same around another way to score, to compare the two. */
    public void build(
            StreamExecutionEnvironment environment, Function<DataStream<Incoming>, Scored> scorer) {
        Output output = output(scorer.apply(events(environment)));
        KafkaConnections kafka = kafka();
        output.records().sinkTo(kafka.sink("scores")).name("scores").uid("streamcell-scores");
        if (configuration.get(JobOptions.REJECTED_TOPIC) != null) {
            output.rejected()
                    .sinkTo(kafka.sink("rejected"))
                    .name("rejected")
                    .uid("streamcell-rejected");
        }
    }

    /** What arrives, checked. */
    public DataStream<Incoming> events(StreamExecutionEnvironment environment) {
        return environment
                .fromSource(kafka().source(check()), watermarks(), "events")
                .uid("streamcell-events");
    }

    /** Checks events for the model. */
    public EventCheck check() {
        return EventCheck.of(model, scoring.value(ScoringOptions.MODEL_CARRY));
    }

    /** Scores it, with what the control topic says. */
    public Scored score(DataStream<Incoming> incoming) {
        String topic = configuration.get(JobOptions.CONTROL_TOPIC);
        if (topic == null) {
            return Streamcell.scoreChecked(incoming, model, scoring);
        }
        // Of one subtask, so that there is one order; silent most of the time, and without a say
        // in event time.
        SingleOutputStreamOperator<ControlEvent> control =
                incoming.getExecutionEnvironment()
                        .fromSource(
                                kafka().control(topic),
                                WatermarkStrategy.<ControlRecord>noWatermarks()
                                        .withIdleness(Duration.ofSeconds(1)),
                                "control")
                        .setParallelism(1)
                        .uid("streamcell-control")
                        .process(new ControlEvents())
                        .returns(ValueTypes.CONTROL_EVENT)
                        .name("put aside what is no control event")
                        .setParallelism(1)
                        .uid("streamcell-control-events");
        return Streamcell.scoreChecked(incoming, control, model, scoring)
                .withRejected(control.getSideOutput(ControlEvents.REJECTED));
    }

    /**
     * What leaves.
     *
     * @param rejected empty where they have no topic: then they are logged
     */
    public record Output(DataStream<OutgoingRecord> records, DataStream<OutgoingRecord> rejected) {}

    /** Makes Kafka records of scores, exported states and rejected events. */
    public Output output(Scored scored) {
        String outputTopic =
                JobConfiguration.required(
                        configuration, JobOptions.OUTPUT_TOPIC, "the topic of scores");
        String stateTopic = configuration.getOptional(JobOptions.STATE_TOPIC).orElse(outputTopic);
        RecordFormats formats = RecordFormats.of(configuration);
        RecordLimit limit = kafka().limit();
        SingleOutputStreamOperator<OutgoingRecord> records =
                scored.records()
                        .process(
                                new ScoreSerializer(
                                        outputTopic, stateTopic, maxBytes(limit), limit, formats))
                        .returns(OUTGOING)
                        .name("to records")
                        .uid("streamcell-to-records");
        DataStream<Rejected> rejected =
                scored.rejected().union(records.getSideOutput(ScoreSerializer.TOO_LARGE));
        return new Output(records, rejectedRecords(rejected, limit, formats));
    }

    private DataStream<OutgoingRecord> rejectedRecords(
            DataStream<Rejected> rejected, RecordLimit limit, RecordFormats formats) {
        String topic = configuration.get(JobOptions.REJECTED_TOPIC);
        return topic == null
                ? rejected.flatMap(new RejectedLog<OutgoingRecord>("rejected.topic keeps them"))
                        .returns(OUTGOING)
                        .name("count rejected")
                        .uid("streamcell-count-rejected")
                : rejected.flatMap(new RejectedSerializer(topic, limit, formats))
                        .returns(OUTGOING)
                        .name("to rejected records")
                        .uid("streamcell-to-rejected-records");
    }

    /** The sources and sinks of the job. */
    public KafkaConnections kafka() {
        return new KafkaConnections(configuration, name());
    }

    private int maxBytes(RecordLimit limit) {
        long bytes = configuration.get(JobOptions.OUTPUT_MAX_BYTES).getBytes();
        if (bytes > limit.ofRequest()) {
            throw new ConfigurationException(
                    "output.max-bytes must be at most kafka.properties.max.request.size, %d bytes, got %d"
                            .formatted(limit.ofRequest(), bytes));
        }
        return (int) bytes;
    }

    /**
     * Checks that an environment gives what the options promise, where it is not configured with
     * them.
     *
     * @throws ConfigurationException if it does not
     */
    public void checkFits(StreamExecutionEnvironment environment) {
        Configuration all = Configuration.fromMap(environment.getConfiguration().toMap());
        all.addAll(configuration);
        JobDefaults.check(all);
    }

    /** The model that is served. */
    public ServedModel model() {
        return model;
    }

    /** {@code job.name}, else made of the topics. */
    public String name() {
        return configuration
                .getOptional(JobOptions.JOB_NAME)
                .orElseGet(
                        () ->
                                Stream.of(JobOptions.INPUT_TOPIC, JobOptions.OUTPUT_TOPIC)
                                        .map(configuration::get)
                                        .filter(Objects::nonNull)
                                        .collect(Collectors.joining("-to-")));
    }

    /** Event time is that of the event's last timestep, else the Kafka record's. */
    private WatermarkStrategy<Incoming> watermarks() {
        return WatermarkStrategy.<Incoming>forBoundedOutOfOrderness(
                        configuration.get(JobOptions.OUT_OF_ORDERNESS))
                .withTimestampAssigner(
                        (incoming, recordTime) ->
                                incoming.event() != null && incoming.event().timed()
                                        ? incoming.event().lastTime()
                                        : recordTime)
                .withIdleness(configuration.get(JobOptions.IDLE_TIMEOUT));
    }

    /** The entry of {@code flink run}. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2 || !arguments[0].equals("--config")) {
            throw new ConfigurationException(
                    "the arguments must be --config job.yaml, got " + String.join(" ", arguments));
        }
        Configuration configuration = JobConfiguration.read(java.nio.file.Path.of(arguments[1]));
        JobDefaults.apply(configuration);
        ScoringOptions scoring = JobConfiguration.scoring(configuration);
        ScoringJob job = new ScoringJob(configuration, ServedModel.of(scoring), scoring);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        job.build(environment);
        environment.execute(job.name());
    }
}
