package io.streamcell.jobs.config;

/** A call or a configuration that is wrong. The message is one line; the exit status is 2. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ConfigurationException(String message) {
        super(message);
    }

    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
