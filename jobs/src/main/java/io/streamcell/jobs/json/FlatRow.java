package io.streamcell.jobs.json;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.config.JobOptions;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import org.apache.flink.configuration.ReadableConfig;

/**
 * The fields of a flat row, one timestep whose features are fields of their own. They stand in the
 * place of an event's {@code stream}, {@code time} and {@code values}; its other fields keep their
 * names, so that resets and exports can stand among the rows.
 *
 * @param features in the network's order; empty where events have {@code values}
 */
public record FlatRow(String streamField, List<String> features, String timeField)
        implements Serializable {
    /** Events as they are, with no field named otherwise. */
    public static final FlatRow NONE = new FlatRow("stream", List.of(), "time");

    private static final long serialVersionUID = 1;

    /**
     * @throws ConfigurationException if two of them are one field
     */
    public FlatRow {
        features = List.copyOf(features);
        HashSet<String> names = new HashSet<>(List.of(streamField));
        names.add(timeField);
        names.addAll(features);
        if (names.size() < features.size() + 2) {
            throw new ConfigurationException(
                    "input.features, input.stream-field and input.time-field must name each field once, got %s, %s and %s"
                            .formatted(features, streamField, timeField));
        }
    }

    /**
     * What the options name.
     *
     * @throws ConfigurationException if they name a stream or a time, but no features
     */
    public static FlatRow of(ReadableConfig configuration) {
        List<String> features =
                configuration.getOptional(JobOptions.INPUT_FEATURES).orElse(List.of());
        boolean named =
                configuration.getOptional(JobOptions.INPUT_STREAM_FIELD).isPresent()
                        || configuration.getOptional(JobOptions.INPUT_TIME_FIELD).isPresent();
        if (named && features.isEmpty()) {
            throw new ConfigurationException(
                    "input.stream-field and input.time-field must stand beside input.features, which is not given");
        }
        return new FlatRow(
                configuration.get(JobOptions.INPUT_STREAM_FIELD),
                features,
                configuration.get(JobOptions.INPUT_TIME_FIELD));
    }

    /** Whether events are rows. */
    boolean named() {
        return !features.isEmpty();
    }

    /** What an event calls the field, or an empty text where it is none of an event's. */
    String usual(String field) {
        if (field.equals(streamField)) {
            return "stream";
        }
        if (field.equals(timeField)) {
            return "time";
        }
        return field.equals("stream") || field.equals("time") ? "" : field;
    }
}
