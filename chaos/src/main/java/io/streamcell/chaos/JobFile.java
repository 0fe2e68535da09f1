package io.streamcell.chaos;

import io.streamcell.operators.ScoringOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.configuration.Configuration;

/**
 * The job as a user writes it: the same options for a run that is disturbed and one that is not.
 *
 * @param model the saved model's file
 * @param folder for checkpoints and the file itself
 * @param more options that come to the others, and win
 */
record JobFile(Path model, Path folder, String bootstrapServers, Map<String, String> more) {
    static final long MAX_WAIT_MILLIS = 2_000;

    private static final Duration IDLE = Duration.ofMinutes(20);

    /** What decides about scores. */
    static Map<String, String> scoring(Path model) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("model.uri", model.toString());
        options.put("sequence.max-wait", MAX_WAIT_MILLIS + " ms");
        options.put("sequence.idle-reset", IDLE.toSeconds() + " s");
        return options;
    }

    /**
     * The same as the operator takes it.
     *
     * @param more options that come to these
     */
    static ScoringOptions scoringOptions(Path model, Map<String, String> more) {
        Map<String, String> options = scoring(model);
        options.putAll(more);
        return ScoringOptions.of(Configuration.fromMap(options));
    }

    /**
     * Writes the file.
     *
     * @param backend of Flink's keyed state
     */
    Path write(int parallelism, String backend) throws IOException {
        Map<String, String> options = scoring(model);
        options.put("job.name", "chaos");
        options.put("kafka.bootstrap-servers", bootstrapServers);
        options.put("input.topic", Topics.EVENTS);
        options.put("control.topic", Topics.CONTROL);
        options.put("output.topic", Topics.SCORES);
        options.put("rejected.topic", Topics.REJECTED);
        options.put("parallelism.default", String.valueOf(parallelism));
        options.put("state.backend.type", backend);
        options.put(
                "execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString());
        options.put("execution.checkpointing.interval", "1 s");
        options.put("execution.checkpointing.incremental", "true");
        // So few that streams come and go between the slab and the state backend all the time.
        options.put("slab.max-streams", "100");
        options.put("slab.max-dirty", "30");
        options.put("restart-strategy.type", "exponential-delay");
        options.put("restart-strategy.exponential-delay.initial-backoff", "300 ms");
        options.put("restart-strategy.exponential-delay.max-backoff", "2 s");
        options.putAll(more);
        StringBuilder text = new StringBuilder();
        options.forEach((key, value) -> text.append(key).append(": ").append(value).append('\n'));
        return Files.writeString(folder.resolve("job.yaml"), text);
    }
}
