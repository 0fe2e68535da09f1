package io.streamcell.operators;

import io.streamcell.state.StreamState;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.annotation.Public;

/**
 * What stands in the {@code flags} of a score or a state, as bits: those of {@link StreamState},
 * and one of the score's own.
 */
@Public
public final class Flags {
    /** The score itself holds a value that is not finite. */
    public static final int OUTPUT_NOT_FINITE = 256;

    /** The name of {@link StreamState#EXPIRED}. */
    public static final String EXPIRED = "expired";

    private Flags() {}

    /** The flag that a record spells so; 0 for none. */
    public static int named(String name) {
        return switch (name) {
            case "gap" -> StreamState.GAP;
            case "reset" -> StreamState.RESET;
            case "reset-all" -> StreamState.RESET_ALL;
            case "idle" -> StreamState.IDLE;
            case "expired" -> StreamState.EXPIRED;
            case "model" -> StreamState.MODEL;
            case "not-finite" -> OUTPUT_NOT_FINITE;
            default -> 0;
        };
    }

    /** The names that records spell, in a fixed order; each once. */
    public static List<String> names(int flags) {
        List<String> names = new ArrayList<>();
        if ((flags & StreamState.GAP) != 0) {
            names.add("gap");
        }
        if ((flags & (StreamState.RESET | StreamState.NOT_FINITE)) != 0) {
            names.add("reset");
        }
        if ((flags & StreamState.RESET_ALL) != 0) {
            names.add("reset-all");
        }
        if ((flags & StreamState.IDLE) != 0) {
            names.add("idle");
        }
        if ((flags & StreamState.EXPIRED) != 0) {
            names.add(EXPIRED);
        }
        if ((flags & StreamState.MODEL) != 0) {
            names.add("model");
        }
        if ((flags & OUTPUT_NOT_FINITE) != 0) {
            names.add("not-finite");
        }
        return names;
    }
}
