package io.streamcell.benchmarks.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where the pipeline's time goes: tells the samples of a flight recording of {@code bench pipeline}
 * by stage. A sample belongs to the stage of its innermost frame that names one. Only Java code is
 * sampled: run without the native kernels. Argument: the recording.
 */
public final class PipelineProfile {
    /** What the frames of a stage begin with. */
    private record Stage(String name, List<String> frames) {}

    private static final List<Stage> STAGES =
            List.of(
                    new Stage("kernel", List.of("io.streamcell.kernels.")),
                    new Stage("check", List.of("io.streamcell.operators.EventCheck")),
                    new Stage(
                            "decode",
                            List.of(
                                    "io.streamcell.jobs.json.JsonEventReader",
                                    "io.streamcell.jobs.json.PlainChunks",
                                    "io.streamcell.jobs.json.FloatText",
                                    "io.streamcell.jobs.json.Floats",
                                    "io.streamcell.jobs.json.EventDraft",
                                    "io.streamcell.jobs.json.Utf8",
                                    "io.streamcell.jobs.kafka.StreamEventDeserializer")),
                    new Stage(
                            "print",
                            List.of(
                                    "io.streamcell.jobs.json.Json",
                                    "io.streamcell.jobs.json.ShortestFloat")),
                    new Stage("build record", List.of("io.streamcell.jobs.kafka.ScoreSerializer")),
                    new Stage(
                            "key, serialize, read back",
                            List.of(
                                    "io.streamcell.operators.StreamEventSerializer",
                                    "io.streamcell.operators.Fields",
                                    "io.streamcell.operators.Streamcell",
                                    "io.streamcell.state.FloatArrays",
                                    "org.apache.flink.runtime.io.network.",
                                    "org.apache.flink.streaming.runtime.io.",
                                    "org.apache.flink.streaming.runtime.partitioner.")),
                    new Stage(
                            "checkpoint",
                            List.of(
                                    "org.apache.flink.runtime.state.",
                                    "io.streamcell.state.StreamState")),
                    new Stage("operator bookkeeping", List.of("io.streamcell.operators.")),
                    new Stage(
                            "fetch",
                            List.of(
                                    "org.apache.flink.connector.kafka.source.",
                                    "org.apache.flink.connector.base.source.",
                                    "org.apache.kafka.clients.consumer.")),
                    new Stage(
                            "produce",
                            List.of(
                                    "org.apache.flink.connector.kafka.sink.",
                                    "org.apache.kafka.clients.producer.")));

    private PipelineProfile() {}

    public static void main(String[] arguments) throws IOException {
        Map<String, Integer> samples = new LinkedHashMap<>();
        STAGES.forEach(stage -> samples.put(stage.name(), 0));
        int all = 0;
        try (RecordingFile recording = new RecordingFile(Path.of(arguments[0]))) {
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                String name = event.getEventType().getName();
                boolean sample =
                        name.equals("jdk.ExecutionSample") && event.getStackTrace() != null;
                if (sample && !thread(event).equals("main")) {
                    samples.merge(stage(event), 1, Integer::sum);
                    all++;
                }
            }
        }
        for (Map.Entry<String, Integer> of : samples.entrySet()) {
            System.out.printf("| %s | %.1f %% |%n", of.getKey(), 100.0 * of.getValue() / all);
        }
        System.out.printf("%d samples%n", all);
    }

    private static String thread(RecordedEvent event) {
        var thread = event.getThread("sampledThread");
        return thread == null || thread.getJavaName() == null ? "" : thread.getJavaName();
    }

    private static String stage(RecordedEvent event) {
        String thread = thread(event);
        if (thread.startsWith("kafka-producer-network")) {
            return "produce";
        }
        if (thread.startsWith("Source Data Fetcher")) {
            return "fetch";
        }
        if (thread.startsWith("data-plane-kafka") || thread.startsWith("kafka-")) {
            return "the broker, in the same process";
        }
        return event.getStackTrace().getFrames().stream()
                .map(PipelineProfile::stage)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse("the rest of Flink");
    }

    private static Optional<String> stage(RecordedFrame frame) {
        String type = frame.getMethod().getType().getName();
        return STAGES.stream()
                .filter(stage -> stage.frames().stream().anyMatch(type::startsWith))
                .map(Stage::name)
                .findFirst();
    }
}
