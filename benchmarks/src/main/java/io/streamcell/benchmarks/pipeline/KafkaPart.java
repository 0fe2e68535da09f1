package io.streamcell.benchmarks.pipeline;

import io.streamcell.benchmarks.pipeline.Workload.Access;
import io.streamcell.jobs.config.JobOptions.Delivery;
import java.util.ArrayList;
import java.util.List;

/** From topic to topic, exactly once. */
final class KafkaPart implements Part {
    private static final int ROUNDS = 7;
    private static final int STREAMS = 10_000;
    private static final int LINGER_MILLIS = 20;

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public String title() {
        return "Kafka to Kafka, exactly once: JSON, %,d streams at random, one subtask, broker in a process of its own"
                .formatted(STREAMS);
    }

    @Override
    public List<Comparison> comparisons() {
        return List.of(
                Comparison.ratio(Subject.IDENTITY.title()),
                Comparison.ratio(Subject.ONNX_ROCKSDB.title()),
                Comparison.ratio(Subject.STREAMCELL.title()));
    }

    @Override
    public List<Series> measure(Setting setting) throws Exception {
        try (Broker broker = Broker.start(setting.folder().resolve("kafka"))) {
            List<Series> series = new ArrayList<>();
            series.addAll(measure(setting, broker, 8, 32, 1, 1));
            series.addAll(measure(setting, broker, 8, 32, 20, 0.4));
            series.addAll(measure(setting, broker, 64, 128, 1, 0.6));
            series.addAll(measure(setting, broker, 64, 128, 20, 0.08));
            return series;
        }
    }

    /**
     * @param share of the records; a call per event takes a third of that
     */
    private static List<Series> measure(
            Setting setting, Broker broker, int features, int units, int timesteps, double share)
            throws Exception {
        Workload workload = new Workload(features, units, timesteps, STREAMS, Access.UNIFORM);
        SavedModel model = SavedModel.save(workload, setting.folder());
        Agreement agreement = new Agreement();
        String topic = "events-" + features + "-" + timesteps;
        List<Trial> trials = new ArrayList<>();
        for (Subject subject :
                List.of(
                        Subject.IDENTITY,
                        Subject.STREAMCELL,
                        Subject.STREAMCELL_ROCKSDB,
                        Subject.ONNX_ROCKSDB)) {
            boolean few = subject.slow();
            trials.add(
                    new KafkaTrial(
                            "kafka " + workload.title(),
                            workload,
                            subject,
                            model,
                            broker,
                            few ? topic + "-few" : topic,
                            setting.share(few ? share / 3 : share),
                            Delivery.EXACTLY_ONCE,
                            agreement,
                            setting.folder().resolve("checkpoints")));
        }
        if (setting.chosen(trials).isEmpty()) {
            return List.of();
        }
        fill(broker, topic, workload, setting.share(share));
        fill(broker, topic + "-few", workload, setting.share(share / 3));
        List<Series> series = setting.hold(List.of(trials), ROUNDS);
        broker.deleteTopics(topic, topic + "-few");
        return series;
    }

    /** Makes a topic of the workload's first events. */
    static void fill(Broker broker, String topic, Workload workload, long records)
            throws Exception {
        broker.createTopic(topic);
        try (Producing events =
                new Producing(broker.bootstrapServers(), topic, workload, LINGER_MILLIS)) {
            for (long index = 0; index < records; index++) {
                events.send(index, System.currentTimeMillis());
            }
            events.flush();
        }
    }
}
