package io.streamcell.benchmarks.hostile;

import io.streamcell.benchmarks.ChildJvm;
import io.streamcell.benchmarks.pipeline.Broker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Runs one case from topic to topic, and counts what comes out. */
final class HostileTrial {
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration THROTTLED = Duration.ofSeconds(30);

    private final HostileCase load;
    private final Broker broker;
    private final Path folder;
    private final String model;
    private final String heap;

    HostileTrial(HostileCase load, Broker broker, Path folder, String model, String heap) {
        this.load = load;
        this.broker = broker;
        this.folder = folder;
        this.model = model;
        this.heap = heap;
    }

    /**
     * What a case took.
     *
     * @param seconds from the job's start until all was committed
     * @param live bytes of the heap in use after the fullest collection
     * @param resident bytes that the process had at most
     * @param ended what is wrong, or ok
     */
    record Figures(
            double seconds, long scored, long rejected, long live, long resident, String ended) {}

    Figures run() throws Exception {
        String name = load.name().toLowerCase(Locale.ROOT);
        broker.createTopic(name + "-in", Map.of("max.message.bytes", Sender.MOST_BYTES));
        broker.createTopic(name + "-out", Map.of());
        broker.createTopic(name + "-bad", Map.of());
        try (Sender sender = new Sender(broker.bootstrapServers(), name + "-in");
                Committed scores = new Committed(broker.bootstrapServers(), name + "-out");
                Committed rejected = new Committed(broker.bootstrapServers(), name + "-bad")) {
            for (long event = 0; event < load.events(); event++) {
                load.send(event, sender);
            }
            sender.flush();
            return run(sender, scores, rejected, config(name));
        } finally {
            broker.throttle(null);
            broker.deleteTopics(name + "-in", name + "-out", name + "-bad");
        }
    }

    private Figures run(Sender sent, Committed scores, Committed rejected, Path config)
            throws Exception {
        boolean throttled = load == HostileCase.SLOW_SINK;
        if (throttled) {
            broker.throttle(20_000.0);
        }
        long began = System.nanoTime();
        Path errors = config.resolveSibling(config.getFileName() + ".err");
        try (ChildJvm job = ChildJvm.start(HostileJob.class, heap, errors, config.toString())) {
            while (scores.rows() < sent.timesteps() || rejected.records() < sent.rejected()) {
                scores.read();
                rejected.read();
                long nanos = System.nanoTime() - began;
                if (throttled && nanos > THROTTLED.toNanos()) {
                    throttled = false;
                    broker.throttle(null);
                }
                if (!job.runs() || nanos > LONGEST.toNanos()) {
                    String why = job.runs() ? "not done within " + LONGEST : "the job ended";
                    return new Figures(nanos / 1e9, scores.rows(), rejected.records(), 0, 0, why);
                }
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            long resident = job.peakResident();
            String end = job.end();
            if (end.startsWith("ended")) {
                return new Figures(seconds, scores.rows(), rejected.records(), 0, resident, end);
            }
            long live = Long.parseLong(end);
            boolean exact =
                    scores.rows() == sent.timesteps() && rejected.records() == sent.rejected();
            return new Figures(
                    seconds,
                    scores.rows(),
                    rejected.records(),
                    live,
                    resident,
                    exact ? "ok" : "more than was sent");
        }
    }

    private Path config(String name) throws IOException {
        Map<String, String> options = new TreeMap<>(load.options());
        options.put("model.uri", model);
        options.put("kafka.bootstrap-servers", broker.bootstrapServers());
        options.put("input.topic", name + "-in");
        options.put("output.topic", name + "-out");
        options.put("rejected.topic", name + "-bad");
        options.put("execution.checkpointing.interval", "2 s");
        options.put("execution.checkpointing.dir", folder.resolve(name).toUri().toString());
        options.put("restart-strategy.type", "none");
        options.put("rest.bind-port", "0");
        options.put("taskmanager.memory.managed.size", "128mb");
        StringBuilder yaml = new StringBuilder();
        options.forEach((key, value) -> yaml.append(key).append(": ").append(value).append('\n'));
        return Files.writeString(folder.resolve(name + ".yaml"), yaml.toString());
    }
}
