package io.streamcell.jobs.config;

import io.streamcell.operators.ScoringOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.flink.configuration.ConfigOption;

/** Which keys a configuration may hold: ours, and Flink's as listed in {@code flink-keys.txt}. */
final class KnownKeys {
    /**
     * Families of keys whose rest a user chooses: file systems, reporters, and what Kafka and the
     * JVM are given.
     */
    private static final List<String> FREE =
            List.of(
                    JobOptions.KAFKA_PROPERTIES,
                    "metrics.reporter.",
                    "traces.reporter.",
                    "events.reporter.",
                    "fs.",
                    "s3.",
                    "hadoop.",
                    "env.java.opts",
                    "containerized.",
                    "kubernetes.",
                    "pipeline.jobvertex-parallelism-overrides",
                    "pipeline.global-job-parameters");

    private static final Set<String> KEYS = keys();

    private KnownKeys() {}

    private static Set<String> keys() {
        Set<String> keys =
                JobOptions.all().stream()
                        .map(ConfigOption::key)
                        .collect(Collectors.toCollection(TreeSet::new));
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                KnownKeys.class.getResourceAsStream("flink-keys.txt"),
                                StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.isBlank()).forEach(keys::add);
        } catch (IOException e) {
            throw new UncheckedIOException("flink-keys.txt must be in the jar", e);
        }
        return keys;
    }

    /**
     * Checks a key.
     *
     * @param where it stands, for the message
     * @throws ConfigurationException naming the nearest known key
     */
    static void check(String key, String where) {
        if (KEYS.contains(key)
                || ScoringOptions.isModelKey(key)
                || FREE.stream().anyMatch(key::startsWith)) {
            return;
        }
        throw new ConfigurationException(
                "every option must be one of Streamcell's or Flink's, got %s in %s; did you mean %s?"
                        .formatted(key, where, nearest(key, KEYS)));
    }

    /**
     * Checks a key where only ours can stand.
     *
     * @param allowed those that can be given
     * @throws ConfigurationException naming the nearest of them
     */
    static void checkOwn(String key, List<ConfigOption<?>> allowed, String where) {
        List<String> keys = allowed.stream().map(ConfigOption::key).toList();
        boolean kafkas =
                key.startsWith(JobOptions.KAFKA_PROPERTIES)
                        && allowed.contains(JobOptions.BOOTSTRAP_SERVERS);
        if (keys.contains(key) || ScoringOptions.isModelKey(key) || kafkas) {
            return;
        }
        if (KEYS.contains(key)) {
            throw new ConfigurationException(
                    "options in %s must be of %s, got %s, which does not belong there"
                            .formatted(where, keys, key));
        }
        throw new ConfigurationException(
                "options in %s must be known, got %s; did you mean %s?"
                        .formatted(where, key, nearest(key, keys)));
    }

    private static String nearest(String key, Collection<String> keys) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return keys.stream()
                .min(Comparator.comparingInt(known -> distance.apply(known, key)))
                .orElseThrow();
    }
}
