package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;

/**
 * How standard error is written, by the environment's {@code STREAMCELL_LOG_FORMAT}: as text, or as
 * a JSON object a line, for programs that collect logs. {@code log4j2.properties} reads the same.
 */
enum LogFormat {
    TEXT,
    JSON;

    static final String VARIABLE = "STREAMCELL_LOG_FORMAT";

    /** What the environment says; text where it says nothing that is known. */
    static LogFormat chosen() {
        return "json".equals(System.getenv(VARIABLE)) ? JSON : TEXT;
    }

    /**
     * Checks what the environment says.
     *
     * @throws ConfigurationException where there is no such format; log4j would write nothing then
     */
    static void check() {
        String value = System.getenv(VARIABLE);
        if (value != null && !value.equals("json") && !value.equals("text")) {
            throw new ConfigurationException(
                    "%s must be text or json, got '%s'".formatted(VARIABLE, value));
        }
    }
}
