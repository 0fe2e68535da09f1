package io.streamcell.jobs.config;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.junit.jupiter.api.Test;

class OptionsDocumentTest {
    private static final String HEAD =
            """
            # Options
            Written from the options themselves; a test keeps it true. They stand in `job.yaml`, dotted or nested, and can be
            given as `-D key=value`, which wins. Flink's own options (`parallelism.default`, `execution.checkpointing.*`,
            `state.*`, ...) may stand in the same file; a key that is neither is refused.

            | Option | Default | What it does |
            |---|---|---|
            """;

    private static final String TAIL =
            """
            | `kafka.properties.*` | none | Passed on to every Kafka client: `kafka.properties.security.protocol: SASL_SSL`. |

            What Streamcell sets where Flink's option is not given: `execution.checkpointing.interval` 10 s,
            `execution.checkpointing.externalized-checkpoint-retention` RETAIN_ON_CANCELLATION, `pipeline.max-parallelism` 720,
            `pipeline.generic-types` false, `pipeline.object-reuse` true, `restart-strategy.type` exponential-delay. Sinks have
            a transaction timeout of 15 minutes and transactional ids `<job.name>-<sink>`; the source reads what is committed.
            """;

    @Test
    void theTableOfOptionsIsThatOfTheOptions() throws IOException {
        StringBuilder text = new StringBuilder(HEAD);
        for (ConfigOption<?> option : JobOptions.all()) {
            String description = new HtmlFormatter().format(option.description());
            Object value = option.hasDefaultValue() ? option.defaultValue() : "none";
            text.append(
                    "| `%s` | %s | %s |\n".formatted(option.key(), spelled(value), description));
        }
        GeneratedFiles.check(Path.of("../docs/options.md"), text.append(TAIL).toString());
    }

    private static String spelled(Object value) {
        return value instanceof java.time.Duration duration
                ? duration.toMillis() % 1000 == 0
                        ? duration.toSeconds() + " s"
                        : duration.toMillis() + " ms"
                : value.toString();
    }
}
