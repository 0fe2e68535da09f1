package io.streamcell.benchmarks.pipeline;

import io.streamcell.benchmarks.pipeline.Workload.Access;
import io.streamcell.jobs.config.JobOptions.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long a score takes while there is room: at half of the rate that scoring sustains. */
final class LatencyPart implements Part {
    private static final int ROUNDS = 3;
    private static final int STREAMS = 10_000;
    private static final Duration LONGEST = Duration.ofSeconds(15);

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String title() {
        return "Latency at half of the sustained rate: open loop, at-least-once, buffer timeout 5 ms, one subtask";
    }

    @Override
    public List<Comparison> comparisons() {
        return List.of(Comparison.difference(Subject.IDENTITY.title()));
    }

    @Override
    public List<Series> measure(Setting setting) throws Exception {
        Workload workload = new Workload(8, 32, 1, STREAMS, Access.UNIFORM);
        SavedModel model = SavedModel.save(workload, setting.folder());
        try (Broker broker = Broker.start(setting.folder().resolve("latency-kafka"))) {
            int rate = Math.max(1, (int) (sustained(setting, workload, model, broker) / 2));
            // A small run is a short one.
            Duration measured = shorter(LONGEST, Duration.ofMillis(setting.records() / 20));
            List<Trial> trials = new ArrayList<>();
            for (Subject subject : List.of(Subject.IDENTITY, Subject.STREAMCELL)) {
                trials.add(
                        new LatencyTrial(
                                workload,
                                subject,
                                model,
                                broker,
                                rate,
                                measured.dividedBy(3),
                                measured,
                                setting.folder().resolve("checkpoints")));
            }
            return setting.hold(List.of(trials), ROUNDS);
        }
    }

    /** Events a second that scoring keeps up with, at-least-once: the second of two runs. */
    private static double sustained(
            Setting setting, Workload workload, SavedModel model, Broker broker) throws Exception {
        String topic = "events-before";
        long records = setting.share(1);
        KafkaPart.fill(broker, topic, workload, records);
        Trial trial =
                new KafkaTrial(
                        "latency: the rate",
                        workload,
                        Subject.STREAMCELL,
                        model,
                        broker,
                        topic,
                        records,
                        Delivery.AT_LEAST_ONCE,
                        new Agreement(),
                        setting.folder().resolve("checkpoints"));
        return Contest.hold(List.of(trial), 2, setting.progress()).get(0).values().get(1);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
