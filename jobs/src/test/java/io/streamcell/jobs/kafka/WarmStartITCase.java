package io.streamcell.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.demo.EmbeddedKafka;
import io.streamcell.jobs.demo.ScoreReader;
import io.streamcell.jobs.savepoints.Call;
import io.streamcell.jobs.savepoints.Savepoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kafka jobs begin or go on with streams that {@code state} wrote: with the bits that the job gives
 * which the streams are from, nothing lost and nothing twice.
 */
class WarmStartITCase {
    private static final String MODEL =
            Path.of("../models/src/test/golden/lstm-sequences/model.keras").toAbsolutePath() + "";
    private static final int FEATURES = 5;
    private static final int STREAMS = 20;
    private static final long BEGIN = 1_700_000_000_000L;
    private static final String RESET = ",\"flags\":[\"reset\"]}";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir private static Path work;

    private static EmbeddedKafka kafka;

    /** A record and its stream. */
    private record Event(String stream, long time, String value) {
        /** The same for another stream. */
        Event of(String other) {
            return new Event(other, time, value);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.start(work.resolve("kafka"));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void aJobGoesOnFromAForkAndAnImportWithItsPlacesInItsTopics() throws Exception {
        List<Event> first = chunks(new Random(1), 0);
        List<Event> second = chunks(new Random(2), 1);
        second.add(second.get(1).of("copy"));
        second.set(3, second.get(2).of("s-3"));
        Map<String, String> options = options("changed");
        KafkaJob job = KafkaJob.start(options, work.resolve("changed"), null);
        send("changed-in", first);
        read("changed-out", first.size(), job);
        String savepoint = job.stop();
        // These come while nobody runs.
        send("changed-in", second);

        String forked = work.resolve("forked").toString();
        String imported = work.resolve("imported").toString();
        Path state = work.resolve("state.jsonl");
        call("state", "fork", savepoint, "--from", "s-1", "--as", "copy", "--to", forked);
        Call read = call("state", "read", savepoint, "--model", MODEL, "--stream", "s-2");
        Files.writeString(state, read.lines().get(0).replace("s-2", "s-3"));
        call(
                "state",
                "import",
                forked,
                "--model",
                MODEL,
                "--input",
                state.toString(),
                "--to",
                imported);
        KafkaJob goesOn = KafkaJob.start(options, work.resolve("changed"), imported);
        Map<String, List<String>> scores =
                read("changed-out", first.size() + second.size(), goesOn);
        goesOn.stop();

        Map<String, List<String>> expected = undisturbed(first, second);
        expected.put("copy", List.of(of("copy", expected.get("s-1").get(1))));
        String reset = of("s-3", expected.get("s-2").get(1)).replaceFirst("}$", RESET);
        expected.put("s-3", List.of(expected.get("s-3").get(0), reset));
        assertThat(scores).isEqualTo(expected);
    }

    @Test
    void anotherJobBeginsWithTheStatesOfATopicOrOfASavepoint() throws Exception {
        Map<String, String> options = new HashMap<>(options("first"));
        options.put("state.topic", "first-states");
        options.put("state.ttl", "30 min");
        options.put("watermark.out-of-orderness", "1 min");
        kafka.createTopic("first-states", 2);
        KafkaJob job = KafkaJob.start(options, work.resolve("first"), null);
        send("first-in", chunks(new Random(3), 0));
        send("first-in", exports(0));
        read("first-out", STREAMS, job);
        // s-0 is silent from now on, until it expires.
        send("first-in", chunks(new Random(4), 20).subList(1, STREAMS));
        send("first-in", chunks(new Random(5), 40).subList(1, STREAMS));
        send("first-in", exports(40));
        int exports = 2 * (STREAMS - 1);
        Map<String, List<String>> states = read("first-states", exports + 1, job);
        assertThat(states.get("s-0")).singleElement().asString().contains("\"expired\"");
        String savepoint = job.stop();
        List<Event> second = chunks(new Random(6), 41);
        KafkaJob goesOn = KafkaJob.start(options, work.resolve("first"), savepoint);
        send("first-in", second);
        Map<String, List<String>> all = read("first-out", 4 * STREAMS - 2, goesOn);
        goesOn.stop();

        String warm = work.resolve("warm").toString();
        String copy = work.resolve("copy").toString();
        Path config = work.resolve("first.yaml");
        Files.write(
                config,
                options.entrySet().stream()
                        .map(option -> "%s: %s".formatted(option.getKey(), option.getValue()))
                        .toList());
        Call imported =
                call(
                        "state",
                        "import",
                        "--topic",
                        "first-states",
                        "--config",
                        config.toString(),
                        "--to",
                        warm);
        call("state", "copy", savepoint, "--to", copy);
        Map<String, List<String>> fromTopic = another("second", second, warm);
        Map<String, List<String>> fromSavepoint = another("third", second, copy);

        Map<String, List<String>> expected = new HashMap<>();
        all.forEach((stream, lines) -> expected.put(stream, List.of(lines.get(lines.size() - 1))));
        assertThat(imported.said()).isEmpty();
        assertThat(Savepoint.isOfStreamsAlone(savepoint)).isFalse();
        assertThat(Savepoint.isOfStreamsAlone(copy)).isTrue();
        assertThat(fromSavepoint).isEqualTo(expected);
        expected.replaceAll(
                (stream, lines) ->
                        stream.equals("s-0")
                                ? lines
                                : List.of(lines.get(0).replaceFirst("}$", RESET)));
        assertThat(fromTopic).isEqualTo(expected);
    }

    /** What a job with topics of its own makes of events that is started with a savepoint. */
    private static Map<String, List<String>> another(
            String name, List<Event> events, String savepoint) throws Exception {
        KafkaJob job = KafkaJob.start(options(name), work.resolve(name), savepoint);
        send(name + "-in", events);
        Map<String, List<String>> scores = read(name + "-out", events.size(), job);
        job.stop();
        return scores;
    }

    /** What a job that is never stopped makes of events. */
    private static Map<String, List<String>> undisturbed(List<Event> first, List<Event> second)
            throws Exception {
        Path input = work.resolve("events.jsonl");
        Path output = work.resolve("scores.jsonl");
        List<String> lines = new ArrayList<>();
        for (Event event : first) {
            lines.add(named(event));
        }
        for (Event event : second) {
            if (!event.stream().equals("copy")) {
                lines.add(named(event));
            }
        }
        Files.write(input, lines);
        call("score", "--model", MODEL, "--input", input.toString(), "--output", output.toString());
        Map<String, List<String>> scores = new HashMap<>();
        for (String line : Files.readAllLines(output)) {
            String stream = line.replaceFirst("\\{\"stream\":\"([^\"]*)\".*", "$1");
            scores.computeIfAbsent(stream, none -> new ArrayList<>()).add(line);
        }
        return scores;
    }

    private static String named(Event event) {
        return "{\"stream\":\"%s\",%s".formatted(event.stream(), event.value().substring(1));
    }

    private static String of(String stream, String line) {
        return line.replaceFirst("\"stream\":\"[^\"]*\"", "\"stream\":\"%s\"".formatted(stream));
    }

    private static Map<String, String> options(String name) throws Exception {
        kafka.createTopic(name + "-in", 2);
        kafka.createTopic(name + "-out", 2);
        return Map.of(
                "job.name",
                name,
                "model.uri",
                MODEL,
                "kafka.bootstrap-servers",
                kafka.bootstrapServers(),
                "input.topic",
                name + "-in",
                "output.topic",
                name + "-out");
    }

    private static Call call(String... arguments) {
        Call call = Call.of(arguments);
        assertThat(call.status()).as(call.said()).isZero();
        return call;
    }

    /** Two random timesteps of each stream. */
    private static List<Event> chunks(Random random, int minute) {
        List<Event> chunks = new ArrayList<>();
        for (int stream = 0; stream < STREAMS; stream++) {
            List<List<Float>> rows = new ArrayList<>();
            for (int row = 0; row < 2; row++) {
                rows.add(random.doubles(FEATURES).mapToObj(d -> (float) d).toList());
            }
            chunks.add(event("s-" + stream, minute, "{\"values\":" + rows + "}"));
        }
        return chunks;
    }

    /** Wishes to see the state of each stream but the first. */
    private static List<Event> exports(int minute) {
        List<Event> exports = new ArrayList<>();
        for (int stream = 1; stream < STREAMS; stream++) {
            exports.add(event("s-" + stream, minute, "{\"event\":\"export\"}"));
        }
        return exports;
    }

    private static Event event(String stream, int minute, String value) {
        return new Event(stream, BEGIN + Duration.ofMinutes(minute).toMillis(), value);
    }

    private static void send(String topic, List<Event> events) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (Event event : events) {
                byte[] key = event.stream().getBytes(StandardCharsets.UTF_8);
                byte[] value = event.value().getBytes(StandardCharsets.UTF_8);
                sent.add(
                        producer.send(new ProducerRecord<>(topic, null, event.time(), key, value)));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
    }

    /** All records of a topic, once so many have come. */
    private static Map<String, List<String>> read(String topic, int wanted, KafkaJob job)
            throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (ScoreReader reader = new ScoreReader(kafka.bootstrapServers(), topic)) {
            while (reader.count() < wanted || !reader.atEnd()) {
                reader.poll(Duration.ofMillis(100), (stream, value) -> {});
                job.checkRunning();
                assertThat(System.nanoTime())
                        .as("%d of %d records of %s", reader.count(), wanted, topic)
                        .isLessThan(deadline);
            }
            Map<String, List<String>> records = new HashMap<>();
            reader.byStream()
                    .forEach(
                            (stream, values) ->
                                    records.put(
                                            stream,
                                            values.stream()
                                                    .map(v -> new String(v, StandardCharsets.UTF_8))
                                                    .toList()));
            return records;
        }
    }
}
