package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.kernels.KernelException;
import io.streamcell.models.UnsupportedModelException;
import io.streamcell.operators.ModelChangedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failed command says, and its exit status. */
final class Failures {
    static final int FAILED = 1;
    static final int WRONG_CALL = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** Says one line on standard error. */
    static void say(String message) {
        System.err.println("streamcell: " + message.replaceAll("\\s*\\R\\s*", " "));
    }

    /** Reports why a command failed, and gives its exit status; the stack trace goes to the log. */
    static int report(Throwable failure) {
        LOG.debug("command failed", failure);
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            root = cause;
            if (isConfiguration(cause)) {
                say(cause.getMessage());
                return WRONG_CALL;
            }
        }
        say(
                root.getMessage() == null || root.getMessage().isBlank()
                        ? root.toString()
                        : root.getClass().getSimpleName() + ": " + root.getMessage());
        return FAILED;
    }

    private static boolean isConfiguration(Throwable cause) {
        return cause instanceof ConfigurationException
                || cause instanceof UnsupportedModelException
                || cause instanceof KernelException
                || cause instanceof ModelChangedException;
    }
}
