package io.streamcell.jobs.demo;

import io.streamcell.jobs.ScoringJob;
import io.streamcell.jobs.config.JobDefaults;
import io.streamcell.jobs.config.JobOptions;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Scores the series twice: once from a file, undisturbed, and once through Kafka, where a
 * TaskManager is killed in the middle; and compares the two byte for byte.
 */
public final class Demo {
    private static final String EVENTS = "events";
    private static final String SCORES = "scores";
    private static final int PARTITIONS = 4;
    private static final int PARALLELISM = 2;
    private static final long SEED = 58;
    private static final int TIMESTEPS_A_SECOND = 25_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path example;
    private final Path work;
    private final Progress progress;
    private final Configuration small;

    /** Is told what happens. */
    public interface Progress {
        void say(String line);
    }

    /**
     * What the run gave.
     *
     * @param latencies sorted, milliseconds from sending a chunk to reading its committed score
     * @param recoverySeconds from the kill to the next committed score
     * @param scores each stream's records in order
     */
    public record Result(
            int events,
            long timesteps,
            double seconds,
            long[] latencies,
            long checkpoints,
            long restores,
            double killedAtSecond,
            double recoverySeconds,
            Comparison comparison,
            String model,
            Map<String, List<byte[]>> scores) {}

    /**
     * @param example the folder examples/nab
     * @param work an empty folder for logs and checkpoints
     * @param small the configuration of a small local cluster
     */
    public Demo(Path example, Path work, Configuration small, Progress progress) {
        this.example = example;
        this.work = work;
        this.small = small;
        this.progress = progress;
    }

    /** Runs all of it. */
    public Result run(List<Series> series) throws Exception {
        List<DemoEvents.Event> events = DemoEvents.of(series, SEED);
        ScoringOptions scoring =
                ScoringOptions.forModel(example.resolve("forecaster.keras").toString());
        progress.say(
                "%,d chunks of %d series; scoring them from a file, undisturbed"
                        .formatted(events.size(), series.size()));
        Map<String, List<byte[]>> expected =
                UndisturbedRun.of(
                        events.stream().map(DemoEvents.Event::json).toList(), work, scoring, small);
        progress.say("starting Kafka");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(work.resolve("kafka"))) {
            kafka.createTopic(EVENTS, PARTITIONS);
            kafka.createTopic(SCORES, PARTITIONS);
            return throughKafka(kafka, events, expected);
        }
    }

    private Result throughKafka(
            EmbeddedKafka kafka, List<DemoEvents.Event> events, Map<String, List<byte[]>> expected)
            throws Exception {
        Configuration configuration = configuration(kafka);
        ScoringOptions scoring = ScoringOptions.of(configuration);
        ScoringJob job = new ScoringJob(configuration, ServedModel.of(scoring), scoring);
        ExecutorService sender = Executors.newSingleThreadExecutor();
        try (FailingCluster cluster = FailingCluster.start(configuration, PARALLELISM);
                ScoreReader reader = new ScoreReader(kafka.bootstrapServers(), SCORES)) {
            StreamExecutionEnvironment environment =
                    StreamExecutionEnvironment.getExecutionEnvironment(configuration);
            job.build(environment);
            cluster.submit(environment, "streamcell-demo");
            Map<String, Long> sent = new ConcurrentHashMap<>();
            Future<?> sending =
                    sender.submit(
                            () -> {
                                send(kafka, events, sent);
                                return null;
                            });
            Watch watch = new Watch(cluster, reader, sent, expected);
            watch.run(sending);
            cluster.cancel();
            reader.poll(Duration.ofSeconds(2), (stream, value) -> {});
            return watch.result(events, job);
        } finally {
            sender.shutdownNow();
        }
    }

    private Configuration configuration(EmbeddedKafka kafka) {
        Configuration configuration = new Configuration(small);
        configuration.set(ScoringOptions.MODEL_URI, example.resolve("forecaster.keras").toString());
        configuration.set(JobOptions.BOOTSTRAP_SERVERS, kafka.bootstrapServers());
        configuration.set(JobOptions.INPUT_TOPIC, EVENTS);
        configuration.set(JobOptions.OUTPUT_TOPIC, SCORES);
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, PARALLELISM);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(1));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                work.resolve("checkpoints").toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
                Duration.ofMillis(500));
        configuration.set(RestOptions.BIND_PORT, "0");
        JobDefaults.apply(configuration);
        return configuration;
    }

    /** Sends the events at a steady rate, and notes when each was sent. */
    private static void send(
            EmbeddedKafka kafka, List<DemoEvents.Event> events, Map<String, Long> sent)
            throws Exception {
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", "5"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            long began = System.nanoTime();
            long timesteps = 0;
            for (DemoEvents.Event event : events) {
                long due = began + timesteps * 1_000_000_000L / TIMESTEPS_A_SECOND;
                long early = (due - System.nanoTime()) / 1_000_000;
                if (early > 5) {
                    Thread.sleep(early);
                }
                sent.put(event.stream() + "@" + event.start(), System.nanoTime());
                byte[] key = event.stream().getBytes(StandardCharsets.UTF_8);
                Future<RecordMetadata> unused =
                        producer.send(
                                new ProducerRecord<>(EVENTS, key, event.json()),
                                (metadata, e) -> failure.compareAndSet(null, e));
                timesteps += event.timesteps();
            }
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    /** Reads scores while the job runs, and kills a TaskManager when a third of them has come. */
    private final class Watch {
        private final FailingCluster cluster;
        private final ScoreReader reader;
        private final Map<String, Long> sent;
        private final Map<String, List<byte[]>> expected;
        private final int wanted;
        private final List<Long> latencies = new ArrayList<>();
        private final long began = System.nanoTime();
        private long killed;
        private long recovered;
        private long last = began;
        private long checkpoints;
        private long restores;

        Watch(
                FailingCluster cluster,
                ScoreReader reader,
                Map<String, Long> sent,
                Map<String, List<byte[]>> expected) {
            this.cluster = cluster;
            this.reader = reader;
            this.sent = sent;
            this.expected = expected;
            this.wanted = expected.values().stream().mapToInt(List::size).sum();
        }

        void run(Future<?> sending) throws Exception {
            while (reader.count() < wanted) {
                int came = reader.poll(Duration.ofMillis(200), this::arrived);
                long now = System.nanoTime();
                if (came > 0) {
                    last = now;
                    if (killed > 0 && recovered == 0) {
                        recovered = now;
                        progress.say("scores are coming again");
                    }
                }
                if (killed == 0 && reader.count() > wanted / 3) {
                    progress.say(
                            "%,d of %,d scores are committed; killing a TaskManager"
                                    .formatted(reader.count(), wanted));
                    killed = System.nanoTime();
                    cluster.killTaskManager(0);
                }
                cluster.checkRunning();
                if (sending.isDone()) {
                    sending.get();
                }
                if (now - last > PATIENCE.toNanos()) {
                    throw new IllegalStateException(
                            "all %,d scores must come, got %,d and then none for %d s"
                                    .formatted(wanted, reader.count(), PATIENCE.toSeconds()));
                }
            }
            checkpoints = cluster.checkpoints();
            restores = cluster.restores();
        }

        private void arrived(String stream, byte[] value) {
            Long at = sent.get(stream + "@" + ScoreLines.start(value));
            if (at != null) {
                latencies.add((System.nanoTime() - at) / 1_000_000);
            }
        }

        Result result(List<DemoEvents.Event> events, ScoringJob job) throws IOException {
            long timesteps = events.stream().mapToLong(DemoEvents.Event::timesteps).sum();
            long[] sorted = latencies.stream().mapToLong(Long::longValue).toArray();
            Arrays.sort(sorted);
            return new Result(
                    events.size(),
                    timesteps,
                    (last - began) / 1e9,
                    sorted,
                    checkpoints,
                    restores,
                    (killed - began) / 1e9,
                    (recovered - killed) / 1e9,
                    Comparison.of(expected, reader.byStream()),
                    job.model().label(),
                    reader.byStream());
        }
    }
}
