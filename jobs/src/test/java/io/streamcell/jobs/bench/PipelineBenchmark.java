package io.streamcell.jobs.bench;

import com.sun.management.OperatingSystemMXBean;
import io.streamcell.jobs.ScoringJob;
import io.streamcell.jobs.config.JobDefaults;
import io.streamcell.jobs.config.JobOptions;
import io.streamcell.jobs.demo.EmbeddedKafka;
import io.streamcell.jobs.demo.FailingCluster;
import io.streamcell.jobs.demo.ScoreReader;
import io.streamcell.jobs.kafka.KafkaConnections;
import io.streamcell.jobs.kafka.OutgoingRecord;
import io.streamcell.jobs.kafka.OutgoingRecordSerializer;
import io.streamcell.jobs.kafka.ScoreSerializer;
import io.streamcell.models.Carry;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Score;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.StreamEvent;
import io.streamcell.operators.ValueTypes;
import io.streamcell.state.ValueTypeInformation;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka to Kafka, exactly once: the scoring job against the same topology with an operator that
 * passes a value on, in one run, in turn. Arguments: model files, all of one input of as many
 * features and one output. {@code -Dtimesteps}, {@code -Drecords} and {@code -Drounds} set the
 * timesteps of an event, the events of a round, and the rounds, before which one warms up; {@code
 * -Dprovider} the kernels'; {@code -Didentity=false} runs the models alone, for a profile ({@link
 * PipelineProfile}).
 *
 * <p>The rate is what a user sees; the process's CPU time, broker included, is steadier where
 * others use the machine too.
 */
public final class PipelineBenchmark {
    private static final int RECORDS = Integer.getInteger("records", 300_000);
    private static final int TIMESTEPS = Integer.getInteger("timesteps", 4);
    private static final int STREAMS = 20_000;
    private static final int ROUNDS = Integer.getInteger("rounds", 3);
    private static final boolean IDENTITY = !"false".equals(System.getProperty("identity", "true"));
    private static final int PARTITIONS = 2;
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private PipelineBenchmark() {}

    public static void main(String[] models) throws Exception {
        Path work = Files.createTempDirectory("streamcell-bench");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(work.resolve("kafka"))) {
            kafka.createTopic("in", PARTITIONS);
            int features = features(models[0]);
            fill(kafka, features);
            Map<String, List<Sample>> samples = new LinkedHashMap<>();
            for (int round = 0; round <= ROUNDS; round++) {
                if (IDENTITY) {
                    add(
                            samples,
                            "identity",
                            run(kafka, work, models[0], "identity-" + round, false));
                }
                for (String model : models) {
                    String name = Path.of(model).getFileName().toString();
                    add(samples, name, run(kafka, work, model, name + "-" + round, true));
                }
                if (round == 0) {
                    samples.clear();
                }
            }
            print(samples);
        }
    }

    /** Timesteps a second, and microseconds of CPU time for an event. */
    private record Sample(double rate, double cpuMicros) {}

    private static void print(Map<String, List<Sample>> samples) {
        List<Sample> beside = samples.values().iterator().next();
        double rate = median(beside, Sample::rate);
        double cpu = median(beside, Sample::cpuMicros);
        samples.forEach(
                (name, of) ->
                        System.out.printf(
                                "%-24s %,10.0f timesteps/s, %.2f of the first; %.2f us CPU an event, the first's is %.2f of it  %s%n",
                                name,
                                median(of, Sample::rate),
                                median(of, Sample::rate) / rate,
                                median(of, Sample::cpuMicros),
                                cpu / median(of, Sample::cpuMicros),
                                of.stream().map(sample -> Math.round(sample.rate())).toList()));
    }

    private static void add(Map<String, List<Sample>> samples, String name, Sample sample) {
        samples.computeIfAbsent(name, key -> new ArrayList<>()).add(sample);
    }

    private static double median(List<Sample> samples, ToDoubleFunction<Sample> value) {
        return samples.stream()
                .mapToDouble(value)
                .sorted()
                .skip(samples.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    private static int features(String model) throws Exception {
        return ServedModel.of(ScoringOptions.forModel(model))
                .signature()
                .inputs()
                .get(0)
                .shape()
                .width();
    }

    private static void fill(EmbeddedKafka kafka, int features) throws Exception {
        Random random = new Random(1);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", "20"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (int k = 0; k < RECORDS; k++) {
                float[][] rows = new float[TIMESTEPS][features];
                for (float[] row : rows) {
                    for (int n = 0; n < features; n++) {
                        row[n] = Math.round(random.nextGaussian() * 10_000) / 10_000f;
                    }
                }
                byte[] key = ("s" + random.nextInt(STREAMS)).getBytes(StandardCharsets.UTF_8);
                String json = "{\"values\":" + Arrays.deepToString(rows) + "}";
                sent.add(
                        producer.send(
                                new ProducerRecord<>(
                                        "in", key, json.getBytes(StandardCharsets.UTF_8))));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
    }

    /** From the first committed score to the last. */
    private static Sample run(
            EmbeddedKafka kafka, Path work, String model, String name, boolean score)
            throws Exception {
        String topic = name.replaceAll("[^A-Za-z0-9-]", "-");
        kafka.createTopic(topic, PARTITIONS);
        Configuration configuration = configuration(kafka, work.resolve(topic), model, topic);
        ScoringOptions options = ScoringOptions.of(configuration);
        ServedModel served = ServedModel.of(options);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        if (score) {
            new ScoringJob(configuration, served, options).build(environment);
        } else {
            identity(environment, configuration, served, topic);
        }
        try (FailingCluster cluster = FailingCluster.start(configuration, 1);
                ScoreReader reader = new ScoreReader(kafka.bootstrapServers(), topic)) {
            cluster.submit(environment, name);
            long first = 0;
            long firstCpu = 0;
            int firstCount = 0;
            while (reader.count() < RECORDS) {
                int came = reader.poll(Duration.ofMillis(50), (stream, value) -> {});
                if (first == 0 && came > 0) {
                    first = System.nanoTime();
                    firstCpu = PROCESS.getProcessCpuTime();
                    firstCount = reader.count();
                }
                cluster.checkRunning();
            }
            double seconds = (System.nanoTime() - first) / 1e9;
            double cpuMicros = (PROCESS.getProcessCpuTime() - firstCpu) / 1e3;
            cluster.cancel();
            int events = RECORDS - firstCount;
            return new Sample(events * (double) TIMESTEPS / seconds, cpuMicros / events);
        }
    }

    private static void identity(
            StreamExecutionEnvironment environment,
            Configuration configuration,
            ServedModel model,
            String topic) {
        KafkaConnections kafka = new KafkaConnections(configuration, "identity");
        String label = model.label();
        environment
                .fromSource(
                        kafka.source(new EventCheck(model.signature(), Carry.ALWAYS)),
                        WatermarkStrategy.<Incoming>forMonotonousTimestamps(),
                        "events")
                .map(Incoming::event)
                .returns(ValueTypes.STREAM_EVENT)
                .keyBy(StreamEvent::stream)
                .map(event -> firstColumn(event, label))
                .returns(ValueTypes.OUTPUT_RECORD)
                .process(new ScoreSerializer(topic, topic, 900_000))
                .returns(
                        new ValueTypeInformation<>(
                                OutgoingRecord.class, new OutgoingRecordSerializer()))
                .sinkTo(kafka.sink("scores"));
    }

    /** A record of a score's size: a number with all its digits for each timestep. */
    private static OutputRecord firstColumn(StreamEvent event, String label) {
        float[] all = event.inputs().get(0).values();
        int columns = event.inputs().get(0).columns();
        float[] first = new float[all.length / columns];
        for (int row = 0; row < first.length; row++) {
            first[row] = all[row * columns] * (float) Math.PI / 8;
        }
        var output = new OutputValues(null, first, first.length, true, List.of(1));
        return new Score(event.stream(), 100, event.times(), List.of(output), label, 0, List.of());
    }

    private static Configuration configuration(
            EmbeddedKafka kafka, Path work, String model, String topic) {
        Configuration configuration = new Configuration();
        configuration.set(ScoringOptions.MODEL_URI, model);
        configuration.set(ScoringOptions.KERNEL_PROVIDER, System.getProperty("provider", "auto"));
        configuration.set(JobOptions.BOOTSTRAP_SERVERS, kafka.bootstrapServers());
        configuration.set(JobOptions.INPUT_TOPIC, "in");
        configuration.set(JobOptions.OUTPUT_TOPIC, topic);
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, 1);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(1));
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, work.toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(RestOptions.BIND_PORT, "0");
        JobDefaults.apply(configuration);
        return configuration;
    }
}
