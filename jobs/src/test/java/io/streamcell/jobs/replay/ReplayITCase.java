package io.streamcell.jobs.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.demo.EmbeddedKafka;
import io.streamcell.jobs.savepoints.Call;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a job wrote is verified, and what was done to it is found. The job was stopped once, every
 * stream was reset late, and another model took over; its events are old, missing, rejected, and
 * resets.
 */
class ReplayITCase {
    private static final int STREAMS = 9;

    /** Not long ago, or Kafka would drop what is so old. */
    private static final long HALFWAY = System.currentTimeMillis() - 7_200_000;

    @TempDir private static Path work;

    private static EmbeddedKafka kafka;
    private static RecordedJob job;
    private static String savepoint;
    private static String halfwayOffsets;
    private static Path other;
    private static int probes;

    @BeforeAll
    static void scoreOnce() throws Exception {
        Path model = SmallModel.write(work, "a", 1);
        other = SmallModel.write(work, "b", 2);
        kafka = EmbeddedKafka.start(work.resolve("kafka"));
        job = new RecordedJob(kafka, work, model);
        Random random = new Random(7);
        job.start(null);
        part(random, HALFWAY - 400_000);
        exports(HALFWAY - 1, STREAMS);
        savepoint = job.stop();
        halfwayOffsets = job.ends("in");

        job.start(savepoint);
        part(random, HALFWAY);
        exports(HALFWAY + 100_000, 2 * STREAMS);
        // From a time on that many streams are past: each is reset before its next timestep.
        control("{\"event\":\"reset-all\",\"time\":%d}".formatted(HALFWAY + 50_000));
        awaitProbe("\"reset-all\"");
        part(random, HALFWAY + 200_000);
        control(
                "{\"event\":\"model\",\"name\":\"default\",\"uri\":\"%s\",\"time\":%d,\"policy\":\"keep\"}"
                        .formatted(other, HALFWAY + 210_000));
        exports(HALFWAY + 300_000, 3 * STREAMS);
        String first = label(job.await("out", 1, score -> true));
        awaitProbe("\"model\":\"(?!%s)".formatted(first));
        part(random, HALFWAY + 400_000);
        exports(HALFWAY + 500_000, 4 * STREAMS);
        job.stop();
    }

    @AfterAll
    static void stop() {
        job.close();
        kafka.close();
    }

    private static String label(String score) {
        return score.replaceFirst(".*\"model\":\"(\\w+)\\..*", "$1");
    }

    private static void control(String event) throws Exception {
        job.send("control", null, event, HALFWAY);
    }

    /** New streams come until one is scored as it is after a control event. */
    private static void awaitProbe(String pattern) throws Exception {
        String score;
        do {
            String stream = "probe-" + probes++;
            job.send(
                    "in",
                    stream,
                    "{\"time\":%d,\"values\":[[1,2,3]]}".formatted(HALFWAY + 400_000),
                    HALFWAY + 400_000);
            score = job.await("out", 1, line -> line.contains('"' + stream + '"'));
        } while (!java.util.regex.Pattern.compile(pattern).matcher(score).find());
    }

    private static void exports(long time, int all) throws Exception {
        for (int k = 0; k < STREAMS; k++) {
            job.send("in", "s-" + k, "{\"event\":\"export\"}", time);
        }
        job.await("states", all, state -> true);
    }

    private static final long[] NEXT = new long[STREAMS];

    /** Chunks of all streams; a third of them numbers its timesteps and has one old or missing. */
    private static void part(Random random, long from) throws Exception {
        long time = from;
        for (int k = 0; k < 8 * STREAMS; k++) {
            int stream = random.nextInt(STREAMS);
            time += 1_000;
            if (random.nextInt(12) == 0) {
                job.send("in", "s-" + stream, "{\"event\":\"reset\"}", time);
            }
            if (random.nextInt(12) == 0) {
                job.send("in", "s-" + stream, "{\"values\":[[1]]}", time);
            }
            boolean numbered = stream % 3 == 0;
            long start = NEXT[stream];
            if (numbered) {
                start = Math.max(0, start + random.nextInt(4) - 1);
            }
            int rows = 2 + random.nextInt(6);
            job.send("in", "s-" + stream, chunk(random, numbered ? start : -1, rows, time), time);
            NEXT[stream] = start + rows;
        }
    }

    private static String chunk(Random random, long start, int rows, long time) {
        List<String> times = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            times.add("" + (time - rows + row));
            float[] features = new float[SmallModel.FEATURES];
            for (int k = 0; k < features.length; k++) {
                features[k] = (float) random.nextGaussian();
            }
            values.add(Arrays.toString(features));
        }
        return "{%s\"time\":%s,\"values\":%s}"
                .formatted(start < 0 ? "" : "\"start\":%d,".formatted(start), times, values);
    }

    private static Call replay(String... more) {
        List<String> call = new ArrayList<>(List.of("replay", "--config", "" + job.config));
        call.addAll(List.of(more));
        return Call.of(call.toArray(String[]::new));
    }

    private static long count(Call call, String field) {
        String summary = call.lines().get(call.lines().size() - 1);
        return Long.parseLong(summary.replaceFirst(".*\"" + field + "\":(\\d+).*", "$1"));
    }

    private static void assertRight(Call call) {
        assertThat(call.said()).isEqualTo("");
        assertThat(call.lines()).hasSize(1);
        assertThat(call.status()).isZero();
        assertThat(count(call, "same")).isPositive();
    }

    private static Call damaged(String topic, UnaryOperator<List<RecordedJob.Copied>> change)
            throws Exception {
        job.copy("out", topic, change);
        return replay("-D", "output.topic=" + topic);
    }

    @Test
    void whatTheJobScoredIsTheSameFromTheBeginning() {
        Call call = replay("--parallelism", "2");

        assertRight(call);
        assertThat(count(call, "outside")).isZero();
        assertThat(count(call, "streams")).isEqualTo(STREAMS + probes);
    }

    @Test
    void itIsTheSameFromASavepointOn() {
        Call call = replay("--from", savepoint);

        assertRight(call);
        assertThat(count(call, "outside")).isPositive();
    }

    @Test
    void itIsTheSameFromStateRecordsOn() throws Exception {
        Call byTime = replay("--since", "" + HALFWAY, "--states-topic");
        Path states =
                Files.write(
                        work.resolve("states.jsonl"),
                        job.all("states").stream()
                                .limit(STREAMS)
                                .map(
                                        record ->
                                                new String(
                                                        record.value(),
                                                        java.nio.charset.StandardCharsets.UTF_8))
                                .toList());
        Call byOffset = replay("--from-offset", halfwayOffsets, "--states", "" + states);

        assertRight(byTime);
        assertRight(byOffset);
        assertThat(count(byOffset, "same")).isEqualTo(count(byTime, "same"));
    }

    @Test
    void partsOfItAreTheSame() {
        Call early = replay("--until", "" + HALFWAY);
        Call some = replay("--to-offset", halfwayOffsets, "--stream", "s-0", "--stream", "s-4");

        assertRight(early);
        assertThat(count(early, "outside")).isPositive();
        assertRight(some);
        assertThat(count(some, "streams")).isEqualTo(2);
    }

    @Test
    void oneChangedBitIsFound() throws Exception {
        Call call =
                damaged(
                        "one-bit",
                        records -> {
                            RecordedJob.Copied record = records.get(20);
                            records.set(
                                    20,
                                    new RecordedJob.Copied(
                                            record.stream(), changed(record.value())));
                            return records;
                        });

        assertThat(call.status()).isEqualTo(1);
        assertThat(call.lines()).hasSize(2);
        assertThat(call.lines().get(0))
                .matches(
                        "\\{\"stream\":\"\\S+\",\"timestep\":\\d+,\"difference\":\"outputs\",\"expected\":\\[\\S+],\"found\":\\[\\S+]}");
        assertThat(count(call, "outputs")).isEqualTo(1);
    }

    /** The last bit of the first number is another. */
    private static String changed(String score) {
        int from = score.indexOf("[[") + 2;
        int to = score.indexOf(',', from);
        float value = Float.parseFloat(score.substring(from, to));
        return score.substring(0, from) + Math.nextUp(value) + score.substring(to);
    }

    @Test
    void oneScoreThatIsThereTwiceIsFound() throws Exception {
        Call call =
                damaged(
                        "twice",
                        records -> {
                            records.add(30, records.get(20));
                            return records;
                        });

        assertThat(call.status()).isEqualTo(1);
        assertThat(call.lines().get(0)).contains("\"difference\":\"duplicate\"");
        assertThat(call.lines()).hasSize(2);
    }

    @Test
    void scoresThatAreMissingAreFoundAndWritten() throws Exception {
        Call lost =
                damaged(
                        "lost",
                        records -> {
                            List<RecordedJob.Copied> kept = new ArrayList<>();
                            for (int k = 0; k < records.size(); k++) {
                                boolean flagged = records.get(k).value().contains("flags");
                                if (k % 10 != 3 || flagged) {
                                    kept.add(records.get(k));
                                }
                            }
                            return kept;
                        });
        Call repaired = replay("-D", "output.topic=lost", "--emit-missing");
        Call after = replay("-D", "output.topic=lost");

        assertThat(lost.status()).isEqualTo(1);
        assertThat(lost.lines()).hasSize(11).allMatch(line -> line.contains("\"missing\""));
        assertThat(repaired.status()).isZero();
        assertThat(count(repaired, "written")).isEqualTo(count(lost, "missing")).isPositive();
        assertRight(after);
    }

    @Test
    void anotherModelIsReportedAndNotJudged() throws Exception {
        Path third = SmallModel.write(work, "c", 3);
        Path report = work.resolve("shift.html");

        Call call = replay("--model", "" + third, "--report", "" + report);

        assertThat(call.said()).isEqualTo("");
        assertThat(call.status()).isZero();
        assertThat(call.lines().get(0)).contains("\"shifts\":[{\"index\":0,\"count\":");
        assertThat(report).content().contains("greatestStream").contains("uPlot");
    }
}
