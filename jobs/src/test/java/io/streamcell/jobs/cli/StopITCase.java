package io.streamcell.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.demo.Comparison;
import io.streamcell.jobs.demo.EmbeddedKafka;
import io.streamcell.jobs.demo.ScoreReader;
import io.streamcell.jobs.demo.UndisturbedRun;
import io.streamcell.operators.ScoringOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} in a process of its own, which is told to end. */
class StopITCase {
    private static final Path MODEL =
            Path.of("../models/src/test/golden/lstm-sequences/model.keras").toAbsolutePath();
    private static final int FEATURES = 5;
    private static final int EVENTS = 4_000;
    private static final String STOPPED = "streamcell: stopped with savepoint ";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private Path work;

    @Test
    void aRunThatIsToldToEndStopsWithASavepointFromWhichAnotherGoesOnExactly() throws Exception {
        List<byte[]> events = events();
        Map<String, List<byte[]>> expected =
                UndisturbedRun.of(
                        events,
                        work,
                        ScoringOptions.forModel(MODEL.toString()),
                        new Configuration());
        try (EmbeddedKafka kafka = EmbeddedKafka.start(work.resolve("kafka"))) {
            kafka.createTopic("in", 2);
            kafka.createTopic("out", 2);
            send(kafka, events.subList(0, EVENTS / 2));
            Process first = run(kafka);
            // As early as there is anything to stop: its sink begins its first transaction.
            try (Admin admin =
                    Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                await(first, () -> !admin.listTransactions().all().get().isEmpty());
            }
            String savepoint = stopped(first);
            send(kafka, events.subList(EVENTS / 2, EVENTS));

            Process second = run(kafka, "--from", savepoint);
            try (ScoreReader reader = new ScoreReader(kafka.bootstrapServers(), "out")) {
                await(
                        second,
                        () -> {
                            reader.poll(Duration.ofMillis(50), (stream, value) -> {});
                            return reader.count() >= EVENTS;
                        });
                assertThat(stopped(second)).isNotEqualTo(savepoint);
                while (!reader.atEnd()) {
                    reader.poll(Duration.ofMillis(50), (stream, value) -> {});
                }
                assertThat(Comparison.of(expected, reader.byStream()))
                        .isEqualTo(new Comparison(EVENTS, 0, 0, 0));
            }
        }
    }

    private static List<byte[]> events() {
        Random random = new Random(5);
        List<byte[]> events = new ArrayList<>();
        for (int k = 0; k < EVENTS; k++) {
            List<Float> values = new ArrayList<>();
            for (int feature = 0; feature < FEATURES; feature++) {
                values.add((float) random.nextGaussian());
            }
            events.add(
                    "{\"stream\":\"s%d\",\"values\":[%s]}"
                            .formatted(random.nextInt(100), values)
                            .getBytes(StandardCharsets.UTF_8));
        }
        return events;
    }

    private static void send(EmbeddedKafka kafka, List<byte[]> events) throws Exception {
        List<Future<?>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (byte[] event : events) {
                String text = new String(event, StandardCharsets.UTF_8);
                byte[] key =
                        text.substring(text.indexOf(":\"") + 2, text.indexOf("\","))
                                .getBytes(StandardCharsets.UTF_8);
                sent.add(producer.send(new ProducerRecord<>("in", key, event)));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
    }

    /** Starts {@code streamcell run}. */
    private Process run(EmbeddedKafka kafka, String... more) throws IOException {
        Path config =
                Files.writeString(
                        work.resolve("job.yaml"),
                        """
                        model.uri: %s
                        kafka.bootstrap-servers: %s
                        input.topic: in
                        output.topic: out
                        execution.checkpointing.dir: %s
                        execution.checkpointing.interval: 500 ms
                        """
                                .formatted(
                                        MODEL,
                                        kafka.bootstrapServers(),
                                        work.resolve("checkpoints").toUri()));
        List<String> call =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "--add-modules",
                                "jdk.incubator.vector",
                                "--add-opens",
                                "java.base/java.util=ALL-UNNAMED",
                                "--add-opens",
                                "java.base/java.lang=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "run",
                                "--config",
                                config.toString()));
        call.addAll(List.of(more));
        return new ProcessBuilder(call).redirectError(said().toFile()).start();
    }

    private Path said() {
        return work.resolve("said");
    }

    private interface Question {
        boolean ask() throws Exception;
    }

    private void await(Process run, Question question) throws Exception {
        long began = System.nanoTime();
        while (!question.ask()) {
            assertThat(run.isAlive()).as("run lives, having said %s", saying()).isTrue();
            assertThat(System.nanoTime() - began)
                    .as("nanoseconds of waiting; run has said %s", saying())
                    .isLessThan(PATIENCE.toNanos());
        }
    }

    private String saying() throws IOException {
        return Files.readString(said());
    }

    /** Sends SIGTERM; gives the savepoint that the process says it stopped with. */
    private String stopped(Process run) throws Exception {
        run.destroy();
        assertThat(run.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("run ends, having said %s", saying())
                .isTrue();
        assertThat(run.exitValue()).as(saying()).isZero();
        String line =
                saying().lines().filter(said -> said.startsWith(STOPPED)).findFirst().orElseThrow();
        String savepoint = line.substring(STOPPED.length());
        assertThat(Path.of(URI.create(savepoint)).resolve("_metadata")).isNotEmptyFile();
        assertThat(Path.of(URI.create(savepoint)).getParent())
                .isEqualTo(work.resolve("checkpoints/savepoints"));
        return savepoint;
    }
}
