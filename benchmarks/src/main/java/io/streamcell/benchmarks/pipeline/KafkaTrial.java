package io.streamcell.benchmarks.pipeline;

import io.streamcell.jobs.config.JobOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.flink.configuration.Configuration;

/**
 * From topic to topic, as fast as it goes: events lie in Kafka before the job starts, and the rate
 * is that at which the broker takes scores, from the first quarter of them on. What counts is
 * committed, and read back. The CPU time is that of this process without the thread that waits; the
 * broker's is not in it.
 *
 * @param input a topic that holds the events
 * @param records how many
 * @param agreement of this case
 */
record KafkaTrial(
        String label,
        Workload workload,
        Subject subject,
        SavedModel model,
        Broker broker,
        String input,
        long records,
        JobOptions.Delivery delivery,
        Agreement agreement,
        Path folder)
        implements Trial {
    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final long POLL_MILLIS = 20;
    private static final int SAMPLED_STREAMS = 50;

    @Override
    public String name() {
        return label + " " + subject.title();
    }

    @Override
    public List<Figure> run() throws Exception {
        String output = "scores-" + UUID.randomUUID();
        broker.createTimedTopic(output);
        double rate;
        CpuMeter cpu = new CpuMeter();
        try (ScoreTopic scores = new ScoreTopic(broker.bootstrapServers(), output, sampled());
                KafkaRun run = KafkaRun.start(configuration(output), broker, subject, model)) {
            Deadline deadline = new Deadline(name(), LONGEST);
            // Offsets count marks of commits too: they tell when to begin to read, not when to end.
            for (long committed = 0; committed < records; committed = scores.committed()) {
                cpu.note(committed);
                run.checkRunning();
                deadline.check(committed, records);
                Thread.sleep(POLL_MILLIS);
            }
            cpu.note(records);
            while (scores.count() < records) {
                run.checkRunning();
                deadline.check(scores.count(), records);
                scores.read();
            }
            run.close();
            scores.readToEnd();
            rate = rate(scores);
        }
        broker.deleteTopics(output);
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure(label, subject.title(), "timesteps/s", rate));
        cpu.microsPerEvent()
                .ifPresent(
                        micros ->
                                figures.add(
                                        new Figure(label, subject.title(), CpuMeter.UNIT, micros)));
        return figures;
    }

    private Configuration configuration(String output) {
        Configuration configuration = MemoryTrial.configuration(1, folder);
        configuration.set(JobOptions.INPUT_TOPIC, input);
        configuration.set(JobOptions.OUTPUT_TOPIC, output);
        configuration.set(JobOptions.OUTPUT_DELIVERY, delivery);
        return configuration;
    }

    private double rate(ScoreTopic scores) {
        long[] times = scores.times();
        if (times.length != records) {
            throw new IllegalStateException(
                    "%s: each of %d events must be scored once, got %d scores"
                            .formatted(name(), records, times.length));
        }
        if (subject.scores()) {
            agreement.check(name(), scores.sample());
        }
        int last = times.length - 1;
        int first = times.length / 4;
        double seconds = Math.max(1, times[last] - times[first]) / 1e3;
        return (last - first) * (double) workload.timesteps() / seconds;
    }

    private static List<String> sampled() {
        List<String> streams = new ArrayList<>();
        for (int k = 0; k < SAMPLED_STREAMS; k++) {
            streams.add("s" + k);
        }
        return streams;
    }
}
