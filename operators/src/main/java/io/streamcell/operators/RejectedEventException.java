package io.streamcell.operators;

/**
 * An event that cannot be scored. Thrown by checks and caught where the event is put aside; never
 * fails a job.
 */
public final class RejectedEventException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    public RejectedEventException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
