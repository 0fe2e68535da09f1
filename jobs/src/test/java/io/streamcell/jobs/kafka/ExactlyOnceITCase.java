package io.streamcell.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.ScoringJob;
import io.streamcell.jobs.config.JobDefaults;
import io.streamcell.jobs.config.JobOptions;
import io.streamcell.jobs.demo.Comparison;
import io.streamcell.jobs.demo.EmbeddedKafka;
import io.streamcell.jobs.demo.FailingCluster;
import io.streamcell.jobs.demo.ScoreReader;
import io.streamcell.jobs.demo.UndisturbedRun;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * TaskManagers die at random places; what readers see of committed scores is what an undisturbed
 * run gives.
 */
class ExactlyOnceITCase {
    private static final Path MODEL =
            Path.of("../models/src/test/golden/lstm-sequences/model.keras").toAbsolutePath();
    private static final int FEATURES = 5;
    private static final int STREAMS = 5_000;
    private static final int TIMESTEPS = 200_000;
    private static final int FAILURES = 5;
    private static final int RECORDS_A_SECOND = 5_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private Path work;

    private record Event(String stream, byte[] json) {}

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb", "forst"})
    void nothingIsLostDoubledOrDifferentWhenTaskManagersDie(String backend) throws Exception {
        List<Event> events = events(new Random(backend.hashCode()));
        Map<String, List<byte[]>> expected =
                UndisturbedRun.of(
                        events.stream().map(Event::json).toList(),
                        work,
                        ScoringOptions.forModel(MODEL.toString()),
                        new Configuration());

        try (EmbeddedKafka kafka = EmbeddedKafka.start(work.resolve("kafka"))) {
            kafka.createTopic("in", 4);
            kafka.createTopic("out", 4);
            Configuration configuration = configuration(kafka, backend);
            ScoringOptions scoring = ScoringOptions.of(configuration);
            ScoringJob job = new ScoringJob(configuration, ServedModel.of(scoring), scoring);
            ExecutorService sender = Executors.newSingleThreadExecutor();
            try (FailingCluster cluster = FailingCluster.start(configuration, 2);
                    ScoreReader reader = new ScoreReader(kafka.bootstrapServers(), "out")) {
                StreamExecutionEnvironment environment =
                        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
                job.build(environment);
                cluster.submit(environment, "exactly-once");
                Future<?> sending = sender.submit(() -> send(kafka, events));
                int killed = readAndKill(cluster, reader, count(expected), new Random(7));
                sending.get();
                long restores = cluster.restores();
                cluster.cancel();
                while (reader.poll(Duration.ofSeconds(3), (stream, value) -> {}) > 0) {
                    assertThat(reader.count()).isPositive();
                }

                assertThat(killed).isEqualTo(FAILURES);
                assertThat(restores).isGreaterThanOrEqualTo(FAILURES);
                assertThat(Comparison.of(expected, reader.byStream()))
                        .isEqualTo(new Comparison(count(expected), 0, 0, 0));
            } finally {
                sender.shutdownNow();
            }
        }
    }

    /**
     * Chunks of 1 to 8 timesteps, now and then a reset or an export, over streams that are mostly
     * cold.
     */
    private static List<Event> events(Random random) {
        List<Event> events = new ArrayList<>();
        int timesteps = 0;
        for (int k = 0; timesteps < TIMESTEPS; k++) {
            String stream = "stream-" + (k < STREAMS ? k : random.nextInt(STREAMS));
            int kind = random.nextInt(20);
            String json;
            if (kind == 0) {
                json = "{\"event\":\"reset\"}";
            } else if (kind == 1) {
                json = "{\"event\":\"export\"}";
            } else {
                int rows = 1 + random.nextInt(8);
                timesteps += rows;
                json = "{\"values\":" + rows(rows, random) + "}";
            }
            events.add(
                    new Event(
                            stream,
                            json.replaceFirst("\\{", "{\"stream\":\"" + stream + "\",")
                                    .getBytes(StandardCharsets.UTF_8)));
        }
        return events;
    }

    private static String rows(int rows, Random random) {
        List<List<Float>> values = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            List<Float> features = new ArrayList<>();
            for (int k = 0; k < FEATURES; k++) {
                features.add((float) random.nextGaussian());
            }
            values.add(features);
        }
        return values.toString();
    }

    private static int count(Map<String, List<byte[]>> records) {
        return records.values().stream().mapToInt(List::size).sum();
    }

    private Configuration configuration(EmbeddedKafka kafka, String backend) {
        Configuration configuration = new Configuration();
        configuration.set(ScoringOptions.MODEL_URI, MODEL.toString());
        configuration.set(ScoringOptions.SLAB_MAX_STREAMS, 700);
        configuration.set(ScoringOptions.SLAB_MAX_DIRTY, 200);
        configuration.set(JobOptions.BOOTSTRAP_SERVERS, kafka.bootstrapServers());
        configuration.set(JobOptions.INPUT_TOPIC, "in");
        configuration.set(JobOptions.OUTPUT_TOPIC, "out");
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, 2);
        configuration.set(StateBackendOptions.STATE_BACKEND, backend);
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                work.resolve("checkpoints").toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
                Duration.ofMillis(200));
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
                Duration.ofMillis(400));
        configuration.set(RestOptions.BIND_PORT, "0");
        JobDefaults.apply(configuration);
        return configuration;
    }

    private static Object send(EmbeddedKafka kafka, List<Event> events) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", "5"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            long began = System.nanoTime();
            for (Event event : events) {
                long due = began + sent.size() * 1_000_000_000L / RECORDS_A_SECOND;
                long early = (due - System.nanoTime()) / 1_000_000;
                if (early > 5) {
                    Thread.sleep(early);
                }
                byte[] key = event.stream().getBytes(StandardCharsets.UTF_8);
                sent.add(producer.send(new ProducerRecord<>("in", key, event.json())));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
        return null;
    }

    /**
     * Reads until all has come; kills a TaskManager each time that another random share of it has.
     */
    private static int readAndKill(
            FailingCluster cluster, ScoreReader reader, int wanted, Random random)
            throws Exception {
        int killed = 0;
        int[] places = random.ints(FAILURES, 0, wanted * 4 / 5).sorted().toArray();
        long last = System.nanoTime();
        while (reader.count() < wanted || killed < FAILURES) {
            if (reader.poll(Duration.ofMillis(20), (stream, value) -> {}) > 0) {
                last = System.nanoTime();
            }
            if (killed < FAILURES && reader.count() > places[killed]) {
                // Some polls later, so that checkpoints are hit in all their phases.
                for (int poll = random.nextInt(25); poll > 0; poll--) {
                    reader.poll(Duration.ofMillis(20), (stream, value) -> {});
                }
                long restores = cluster.restores();
                cluster.killTaskManager(killed);
                killed++;
                while (cluster.restores() == restores) {
                    reader.poll(Duration.ofMillis(20), (stream, value) -> {});
                    cluster.checkRunning();
                }
                last = System.nanoTime();
            }
            cluster.checkRunning();
            assertThat(System.nanoTime() - last)
                    .as("nanoseconds without a score; %d of %d came", reader.count(), wanted)
                    .isLessThan(PATIENCE.toNanos());
        }
        return killed;
    }
}
