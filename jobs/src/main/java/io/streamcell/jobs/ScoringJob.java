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
import java.util.function.Function;
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

    private Scored score(DataStream<Incoming> incoming) {
        String topic = configuration.get(JobOptions.CONTROL_TOPIC);
        if (topic == null) {
            return Streamcell.scoreChecked(incoming, model, scoring);
        }
        // Of one subtask, so that there is one order; silent most of the time, and without a say
        // in event time.
        SingleOutputStreamOperator<ControlEvent> control =
                incoming.getExecutionEnvironment()
                        .fromSource(
                                new KafkaConnections(configuration, name()).control(topic),
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

    /** Builds the same around another way to score, to compare the two. */
    public void build(
            StreamExecutionEnvironment environment, Function<DataStream<Incoming>, Scored> scorer) {
        KafkaConnections kafka = new KafkaConnections(configuration, name());
        EventCheck check = EventCheck.of(model, scoring.value(ScoringOptions.MODEL_CARRY));

        DataStream<Incoming> incoming =
                environment
                        .fromSource(kafka.source(check), watermarks(), "events")
                        .uid("streamcell-events");

        Scored scored = scorer.apply(incoming);

        String outputTopic =
                JobConfiguration.required(
                        configuration, JobOptions.OUTPUT_TOPIC, "the topic of scores");
        String stateTopic = configuration.getOptional(JobOptions.STATE_TOPIC).orElse(outputTopic);
        RecordFormats formats = RecordFormats.of(configuration);
        int maxBytes = maxBytes(kafka.limit());
        SingleOutputStreamOperator<OutgoingRecord> records =
                scored.records()
                        .process(
                                new ScoreSerializer(
                                        outputTopic, stateTopic, maxBytes, kafka.limit(), formats))
                        .returns(OUTGOING)
                        .name("to records")
                        .uid("streamcell-to-records");
        records.sinkTo(kafka.sink("scores")).name("scores").uid("streamcell-scores");

        DataStream<Rejected> rejected =
                scored.rejected().union(records.getSideOutput(ScoreSerializer.TOO_LARGE));
        String rejectedTopic = configuration.get(JobOptions.REJECTED_TOPIC);
        if (rejectedTopic == null) {
            rejected.flatMap(new RejectedLog())
                    .returns(OUTGOING)
                    .name("count rejected")
                    .uid("streamcell-count-rejected");
        } else {
            rejected.flatMap(new RejectedSerializer(rejectedTopic, kafka.limit(), formats))
                    .returns(OUTGOING)
                    .name("to rejected records")
                    .uid("streamcell-to-rejected-records")
                    .sinkTo(kafka.sink("rejected"))
                    .name("rejected")
                    .uid("streamcell-rejected");
        }
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
                                configuration.get(JobOptions.INPUT_TOPIC)
                                        + "-to-"
                                        + configuration.get(JobOptions.OUTPUT_TOPIC));
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
