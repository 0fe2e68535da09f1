package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.Checkpoints;
import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.config.JobConfiguration;
import io.streamcell.jobs.config.JobOptions;
import io.streamcell.jobs.json.FlatRow;
import io.streamcell.jobs.kafka.KafkaConnections;
import io.streamcell.jobs.kafka.RecordFormats;
import io.streamcell.jobs.kafka.ScoreDeserializer.Written;
import io.streamcell.jobs.kafka.TopicRange;
import io.streamcell.jobs.replay.FileSources;
import io.streamcell.jobs.replay.ReplaySources;
import io.streamcell.jobs.replay.SavepointStart;
import io.streamcell.jobs.replay.TopicPart;
import io.streamcell.jobs.replay.TopicSources;
import io.streamcell.jobs.savepoints.Savepoint;
import io.streamcell.operators.ScoringOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a replay reads: the topics of a job, or files; and where its streams begin. */
final class ReplayInput {
    private static final String JOB_NAME = "replay";
    private static final String LATEST = "latest";

    @Option(names = "--config", description = "The job's options, job.yaml: topics are read.")
    private Path config;

    @Option(names = "--input", description = "A file of events, without Kafka.")
    private Path input;

    @Option(names = "--scores", description = "The file of scores that were made of it.")
    private Path scores;

    @Option(
            names = "--from",
            paramLabel = "SAVEPOINT",
            description =
                    "The savepoint or checkpoint that streams go on from, or latest; events are read from where it stands.")
    private String from;

    @Option(
            names = "--states",
            paramLabel = "FILE",
            description = "State records that streams begin with, one on each line.")
    private Path states;

    @Option(
            names = "--states-topic",
            description =
                    "Streams begin with their last state records in the job's topic, before --since where it is given.")
    private boolean statesTopic;

    @Option(names = "-D", description = "An option, key=value; wins over the file.")
    private Map<String, String> options = new LinkedHashMap<>();

    @Mixin private RangeOptions range;

    private Configuration job;

    RangeOptions range() {
        return range;
    }

    boolean readsTopics() {
        return config != null;
    }

    /** How large what it reads is; of topics that is not known. */
    long bytes() throws IOException {
        return readsTopics() ? Long.MAX_VALUE : Files.size(input) + Files.size(scores);
    }

    /** Whether streams go on from a savepoint. */
    boolean continuesSavepoint() {
        return from != null;
    }

    /** The options of the job, and those of the command line. */
    Configuration job() {
        if (job == null) {
            check();
            job = config == null ? new Configuration() : JobConfiguration.read(config);
            JobConfiguration.override(job, options);
        }
        return job;
    }

    /** Whether the command line has an option of its own. */
    boolean isGiven(ConfigOption<?> option) {
        return options.containsKey(option.key());
    }

    private void check() {
        if ((config == null) == (input == null && scores == null)) {
            throw new ConfigurationException(
                    "a replay must have --config, or --input and --scores, got %s"
                            .formatted(config == null ? "neither" : "both"));
        }
        if (config == null && (input == null || scores == null || statesTopic)) {
            throw new ConfigurationException(
                    "--input and --scores must be given together, and without --states-topic");
        }
        if ((from == null ? 0 : 1) + (states == null ? 0 : 1) + (statesTopic ? 1 : 0) > 1) {
            throw new ConfigurationException(
                    "streams must begin with one of --from, --states and --states-topic, got several");
        }
        readable("--input", input);
        readable("--scores", scores);
        readable("--states", states);
    }

    private static void readable(String option, Path file) {
        if (file != null && (!Files.isRegularFile(file) || !Files.isReadable(file))) {
            throw new ConfigurationException(
                    "%s must be a readable file, got %s".formatted(option, file));
        }
    }

    /** What of the job's options a replay goes by: all but how Flink runs. */
    Configuration scoring() {
        Set<String> known =
                JobOptions.all().stream().map(ConfigOption::key).collect(Collectors.toSet());
        Configuration kept = new Configuration();
        job().toMap()
                .forEach(
                        (key, value) -> {
                            boolean ours =
                                    known.contains(key)
                                            || ScoringOptions.isModelKey(key)
                                            || key.startsWith(JobOptions.KAFKA_PROPERTIES)
                                            || key.startsWith("fs.")
                                            || key.startsWith("s3.");
                            if (ours || options.containsKey(key)) {
                                kept.setString(key, value);
                            }
                        });
        kept.set(JobOptions.OUTPUT_DELIVERY, JobOptions.Delivery.AT_LEAST_ONCE);
        return kept;
    }

    /** The savepoint that streams go on from, or null. */
    SavepointStart savepoint() throws IOException {
        if (from == null) {
            return null;
        }
        String folder =
                from.equals(LATEST)
                        ? Checkpoints.latest(job())
                                .orElseThrow(
                                        () ->
                                                new ConfigurationException(
                                                        "--from latest must find a checkpoint, found none"))
                                .folder()
                        : from;
        return new SavepointStart(Savepoint.at("--from", folder), LocalCluster::reading);
    }

    KafkaConnections kafka() {
        return new KafkaConnections(scoring(), JOB_NAME);
    }

    /** How scores were written, and where. */
    Written written() {
        String output =
                JobConfiguration.required(job(), JobOptions.OUTPUT_TOPIC, "the topic of scores");
        return new Written(
                RecordFormats.of(job()),
                output,
                job().getOptional(JobOptions.STATE_TOPIC).orElse(output));
    }

    /**
     * Where it reads.
     *
     * @param savepoint that streams go on from, or null
     */
    ReplaySources sources(SavepointStart savepoint) throws Exception {
        if (config == null) {
            TopicPart part = range.part();
            if (part.from().keySet().stream().anyMatch(p -> p != TopicPart.EVERY)
                    || part.to().keySet().stream().anyMatch(p -> p != TopicPart.EVERY)) {
                throw new ConfigurationException(
                        "of a file an offset must be the number of a line, got one of a partition");
            }
            return new FileSources(
                    input, FlatRow.of(job()), scores, states, range.firstLine(), range.endLine());
        }
        KafkaConnections kafka = kafka();
        Written written = written();
        TopicPart part = range.part();
        TopicPart control = TopicPart.WHOLE;
        if (savepoint != null) {
            if (part.fromTheBeginning()) {
                part = part.startingAt(savepoint.offsets("streamcell-events"));
            }
            control = control.startingAt(savepoint.offsets("streamcell-control"));
        }
        String events =
                JobConfiguration.required(job(), JobOptions.INPUT_TOPIC, "the topic of events");
        String controlTopic = job().get(JobOptions.CONTROL_TOPIC);
        // The events first: what is scored meanwhile must not count as missing.
        return new TopicSources(
                kafka,
                written,
                part.of(kafka, events, "input.topic"),
                TopicPart.WHOLE.of(kafka, written.scoreTopic(), "output.topic"),
                statesTopic ? states(kafka, written) : null,
                states,
                controlTopic == null ? null : control.of(kafka, controlTopic, "control.topic"),
                !part.fromTheBeginning() || statesTopic || states != null || savepoint != null,
                !part.toTheEnd());
    }

    private TopicRange states(KafkaConnections kafka, Written written) {
        return new TopicPart(null, range.since(), Map.of(), Map.of())
                .of(kafka, written.stateTopic(), "state.topic");
    }
}
