package io.streamcell.jobs.config;

import io.streamcell.operators.ScoringOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads {@code job.yaml} and options of the command line, and refuses what nobody knows. */
public final class JobConfiguration {
    private static final Pattern WORDS = Pattern.compile("Expected one of: \\[\\[(.*)]]");

    private JobConfiguration() {}

    /**
     * Reads a file of options, dotted or nested.
     *
     * @throws ConfigurationException if it is not such a file, or an option is unknown
     */
    public static Configuration read(Path file) {
        Configuration configuration = new Configuration();
        Object yaml;
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
            yaml = new Load(settings).loadFromString(Files.readString(file));
        } catch (IOException e) {
            throw new ConfigurationException(
                    "--config must name a readable file, got %s".formatted(file), e);
        } catch (YamlEngineException e) {
            // Neither its message nor itself: both quote the file, in which passwords stand.
            throw new ConfigurationException(
                    "%s must be YAML, got something else%s".formatted(file, where(e)));
        }
        if (yaml == null) {
            return configuration;
        }
        if (!(yaml instanceof Map<?, ?> map)) {
            throw new ConfigurationException(file + " must hold options, key: value");
        }
        flatten("", map, file.toString(), configuration);
        return configuration;
    }

    private static String where(YamlEngineException e) {
        return e instanceof MarkedYamlEngineException marked
                ? marked.getProblemMark()
                        .map(
                                mark ->
                                        " at line %d, column %d"
                                                .formatted(
                                                        mark.getLine() + 1, mark.getColumn() + 1))
                        .orElse("")
                : "";
    }

    private static void flatten(
            String prefix, Map<?, ?> map, String where, Configuration configuration) {
        map.forEach(
                (name, value) -> {
                    String key = prefix + name;
                    if (value instanceof Map<?, ?> nested) {
                        flatten(key + ".", nested, where, configuration);
                        return;
                    }
                    if (value instanceof List<?> list) {
                        String joined =
                                String.join(";", list.stream().map(String::valueOf).toList());
                        set(key, joined, where, configuration);
                        return;
                    }
                    set(key, value == null ? "" : value.toString(), where, configuration);
                });
    }

    private static void set(String key, String value, String where, Configuration configuration) {
        KnownKeys.check(key, where);
        if (configuration.containsKey(key)) {
            throw new ConfigurationException(
                    "option %s must be given once, got it twice in %s".formatted(key, where));
        }
        configuration.setString(key, value);
    }

    /**
     * Options of ours alone, where Flink's are set elsewhere.
     *
     * @param allowed those that can be given
     * @param where they stand, for the message
     * @throws ConfigurationException if there is another
     */
    public static Configuration own(
            Map<String, String> options, List<ConfigOption<?>> allowed, String where) {
        Configuration configuration = new Configuration();
        options.forEach(
                (key, value) -> {
                    KnownKeys.checkOwn(key, allowed, where);
                    configuration.setString(key, value);
                });
        return configuration;
    }

    /** Sets options of the command line over those that are there. */
    public static void override(Configuration configuration, Map<String, String> options) {
        options.forEach(
                (key, value) -> {
                    KnownKeys.check(key, "-D " + key);
                    configuration.setString(key, value);
                });
    }

    /**
     * Reads every option of ours once, so that a value of a wrong type is found before the job
     * starts.
     *
     * @throws ConfigurationException naming the option, the value and what is wrong
     */
    public static void checkValues(Configuration configuration) {
        for (ConfigOption<?> option : JobOptions.all()) {
            try {
                configuration.get(option);
            } catch (IllegalArgumentException e) {
                throw new ConfigurationException(
                        "option %s must be %s, got %s"
                                .formatted(
                                        option.key(),
                                        wanted(e),
                                        configuration.getString(option.key(), "")),
                        e);
            }
        }
    }

    /**
     * What Flink would have taken: one of some words, or a value of the type that docs/options.md
     * names.
     */
    private static String wanted(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher words = WORDS.matcher(String.valueOf(cause.getMessage()));
            if (words.find()) {
                return "one of " + words.group(1);
            }
        }
        return "a value of the type in docs/options.md";
    }

    /** The options of scoring, checked. */
    public static ScoringOptions scoring(Configuration configuration) {
        checkValues(configuration);
        try {
            return ScoringOptions.of(configuration);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    /**
     * A value that must be given.
     *
     * @throws ConfigurationException if it is not
     */
    public static <T> T required(Configuration configuration, ConfigOption<T> option, String why) {
        T value = configuration.get(option);
        if (value == null || value.toString().isBlank()) {
            throw new ConfigurationException(
                    "option %s must be given: %s".formatted(option.key(), why));
        }
        return value;
    }
}
