package io.streamcell.operators;

import io.streamcell.state.StreamState;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * The timers of {@code state.ttl}: one for each stream that keyed state holds, at the end of its
 * life as it was when the timer was set. A stream that went on since then gets the next one when it
 * rings, so that a timestep costs no timer.
 */
final class Expiry {
    private final long ttlMillis;
    private final KeyContext keys;
    private final InternalTimerService<VoidNamespace> timers;

    Expiry(ScoringOptions options, KeyContext keys, InternalTimerService<VoidNamespace> timers) {
        this.ttlMillis = options.millis(ScoringOptions.STATE_TTL);
        this.keys = keys;
        this.timers = timers;
    }

    /** Whether streams expire at all. */
    boolean applies() {
        return ttlMillis != Long.MAX_VALUE;
    }

    /** The last event time that a stream's next timestep may have to go on with its state. */
    long end(long lastTime) {
        long end = lastTime + ttlMillis;
        return end < lastTime ? Long.MAX_VALUE : end;
    }

    /** Sees to it that a stream which is about to be written has a timer. */
    void watch(Resident resident) {
        if (applies()
                && resident.lastTime != StreamState.NO_TIME
                && resident.expiry <= timers.currentWatermark()) {
            set(resident, end(resident.lastTime));
        }
    }

    /** Sets a stream's timer. */
    void set(Resident resident, long time) {
        resident.expiry = time;
        set(resident.stream, time);
    }

    /** Sets the timer of a stream that is not at hand. */
    void set(String stream, long time) {
        keys.setCurrentKey(stream);
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, time);
    }
}
