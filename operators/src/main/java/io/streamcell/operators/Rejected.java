package io.streamcell.operators;

import java.util.Arrays;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.Public;

/**
 * An event that was put aside, with what is known of it.
 *
 * @param message what must hold, what was found, and the likely cause
 * @param origin where it was read, or null
 * @param stream whose event it was, or null where that is not known
 * @param bytes the original record, at most {@link #MAX_BYTES} of it, or null where it is gone
 * @param cut whether the record was longer than {@code bytes}
 */
@Public
public record Rejected(
        Reason reason, String message, Origin origin, String stream, byte[] bytes, boolean cut) {
    public static final int MAX_BYTES = 64 * 1024;

    private static final int LONG_ID = 256;

    public Rejected {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
    }

    /** A rejected record with its bytes, cut where they are too long. */
    @Internal
    public static Rejected of(
            RejectedEventException why, Origin origin, String stream, byte[] record) {
        boolean cut = record != null && record.length > MAX_BYTES;
        byte[] kept = cut ? Arrays.copyOf(record, MAX_BYTES) : record;
        return new Rejected(why.reason(), why.getMessage(), origin, stream, kept, cut);
    }

    /** The same where there is little room: without the original record, and without a long id. */
    public Rejected shortened() {
        String known = stream != null && stream.length() > LONG_ID ? null : stream;
        return new Rejected(reason, message, origin, known, null, cut || bytes != null);
    }
}
