package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.kernels.KernelException;
import io.streamcell.models.UnsupportedModelException;
import io.streamcell.operators.ModelChangedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What a failed command says, and its exit status. */
final class Failures {
    static final int FAILED = 1;
    static final int WRONG_CALL = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    /** Always on: what is said here is the command's own word, and no matter of a log's level. */
    private static final Logger SAID = LoggerFactory.getLogger("streamcell");

    private Failures() {}

    /** Says one line on standard error. */
    static void say(String message) {
        write(Level.INFO, message);
    }

    /** Says in one line why the call is refused, and gives its exit status. */
    static int refuse(String message) {
        write(Level.ERROR, message);
        return WRONG_CALL;
    }

    private static void write(Level level, String message) {
        String line = message.replaceAll("\\s*\\R\\s*", " ");
        if (LogFormat.chosen() == LogFormat.JSON) {
            SAID.atLevel(level).log(line);
        } else {
            System.err.println("streamcell: " + line);
        }
    }

    /** Reports why a command failed, and gives its exit status; the stack trace goes to the log. */
    static int report(Throwable failure) {
        LOG.debug("command failed", failure);
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            root = cause;
            if (isConfiguration(cause)) {
                return refuse(cause.getMessage());
            }
        }
        write(
                Level.ERROR,
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
