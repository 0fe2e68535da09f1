package io.streamcell.jobs.avro;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.config.JobOptions;
import java.io.Serializable;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Where a schema registry is; travels with the job to its tasks.
 *
 * @param basicAuth user:password, or null
 */
public record RegistryAddress(String url, String basicAuth) implements Serializable {
    private static final long serialVersionUID = 1;

    /**
     * @throws ConfigurationException if it is not of the web
     */
    public RegistryAddress {
        if (!url.matches("https?://[^/\\s]+\\S*")) {
            throw new ConfigurationException(
                    "schema-registry.url must be http://... or https://..., got " + url);
        }
        url = url.replaceAll("/+$", "");
    }

    /** What the options say, or null where they name none. */
    public static RegistryAddress of(ReadableConfig configuration) {
        return configuration
                .getOptional(JobOptions.REGISTRY_URL)
                .map(
                        url ->
                                new RegistryAddress(
                                        url, configuration.get(JobOptions.REGISTRY_BASIC_AUTH)))
                .orElse(null);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return url;
    }
}
