package io.streamcell.benchmarks.pipeline;

import io.streamcell.jobs.config.JobOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * How long a score takes, from when its event ought to be sent until a reader has it. Open loop:
 * each event has its time, and carries it as the record's timestamp, which the score inherits; an
 * event that is sent late has been waiting since.
 *
 * @param rate events a second
 */
record LatencyTrial(
        Workload workload,
        Subject subject,
        SavedModel model,
        Broker broker,
        int rate,
        Duration warmUp,
        Duration measured,
        Path folder)
        implements Trial {
    private static final double[] PERCENTILES = {50, 95, 99, 99.9};
    private static final Duration BUFFER_TIMEOUT = Duration.ofMillis(5);
    private static final Duration CHECKPOINTS = Duration.ofSeconds(10);

    @Override
    public String name() {
        return "latency " + workload.title() + " " + subject.title();
    }

    @Override
    public List<Figure> run() throws Exception {
        String run = UUID.randomUUID().toString();
        String input = "events-" + run;
        String output = "scores-" + run;
        broker.createTopic(input);
        broker.createTopic(output);
        Histogram latencies;
        try (ScoreTopic scores = new ScoreTopic(broker.bootstrapServers(), output, List.of());
                KafkaRun job =
                        KafkaRun.start(configuration(input, output), broker, subject, model)) {
            latencies = latencies(job, input, scores);
        }
        broker.deleteTopics(input, output);
        List<Figure> figures = new ArrayList<>();
        for (double percentile : PERCENTILES) {
            figures.add(
                    new Figure(
                            "latency %s rate=%d p%s"
                                    .formatted(
                                            workload.title(),
                                            rate,
                                            String.valueOf(percentile).replaceAll("\\.0$", "")),
                            subject.title(),
                            "ms",
                            latencies.getValueAtPercentile(percentile) / 1e3));
        }
        return figures;
    }

    private Configuration configuration(String input, String output) {
        Configuration configuration = MemoryTrial.configuration(1, folder);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINTS);
        configuration.set(ExecutionOptions.BUFFER_TIMEOUT, BUFFER_TIMEOUT);
        configuration.set(JobOptions.INPUT_TOPIC, input);
        configuration.set(JobOptions.OUTPUT_TOPIC, output);
        configuration.set(JobOptions.OUTPUT_DELIVERY, JobOptions.Delivery.AT_LEAST_ONCE);
        return configuration;
    }

    /** Sends on a thread of its own while this one reads; in microseconds. */
    private Histogram latencies(KafkaRun job, String input, ScoreTopic scores) throws Exception {
        Histogram latencies = new Histogram(Duration.ofMinutes(10).toMillis() * 1000, 3);
        long records = rate * warmUp.plus(measured).toMillis() / 1000;
        long begin = System.currentTimeMillis() + 1000;
        long steady = begin + warmUp.toMillis();
        CompletableFuture<Void> sender =
                CompletableFuture.runAsync(() -> send(input, records, begin));
        Deadline deadline = new Deadline(name(), warmUp.plus(measured).plus(Duration.ofMinutes(2)));
        for (long count = 0; count < records; ) {
            job.checkRunning();
            if (sender.isCompletedExceptionally()) {
                sender.join();
            }
            deadline.check(count, records);
            for (ConsumerRecord<byte[], byte[]> record : scores.poll()) {
                count++;
                if (record.timestamp() >= steady) {
                    latencies.recordValue(Math.max(0, microsSince(record.timestamp())));
                }
            }
        }
        return latencies;
    }

    private static long microsSince(long millis) {
        return ChronoUnit.MICROS.between(Instant.ofEpochMilli(millis), Instant.now());
    }

    private void send(String input, long records, long begin) {
        try (Producing events = new Producing(broker.bootstrapServers(), input, workload, 0)) {
            for (long index = 0; index < records; index++) {
                long due = begin + index * 1000 / rate;
                while (System.currentTimeMillis() < due) {
                    Thread.sleep(1);
                }
                events.send(index, due);
            }
            events.flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("events must be sent to the end", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("events must be sent to the end", e);
        }
    }
}
