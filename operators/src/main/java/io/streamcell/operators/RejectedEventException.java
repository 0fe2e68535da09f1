package io.streamcell.operators;

/**
 * An event that cannot be scored. Thrown by checks and caught where the event is put aside; never
 * fails a job.
 */
public final class RejectedEventException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Characters of a message; more of what a record holds would only fill topics and logs. */
    private static final int LONGEST = 1000;

    private final Reason reason;

    /**
     * @param message of which the beginning stays where it is too long
     */
    public RejectedEventException(Reason reason, String message) {
        super(shortened(message), null, false, false);
        this.reason = reason;
    }

    private static String shortened(String message) {
        if (message.length() <= LONGEST) {
            return message;
        }
        boolean half = Character.isHighSurrogate(message.charAt(LONGEST - 1));
        return message.substring(0, half ? LONGEST - 1 : LONGEST) + "...";
    }

    public Reason reason() {
        return reason;
    }
}
