package io.streamcell.operators;

import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;

/**
 * One timer at a time, so that bundles that leave early do not set and cancel one each: while it is
 * set, setting it again changes nothing.
 */
final class Alarm {
    private final ProcessingTimeService clock;
    private final ProcessingTimeCallback rung;
    private final ProcessingTimeCallback ring = this::ring;

    /** Null while it is not set. */
    private ScheduledFuture<?> timer;

    /**
     * @param rung called when the time has come; may set the alarm again
     */
    Alarm(ProcessingTimeService clock, ProcessingTimeCallback rung) {
        this.clock = clock;
        this.rung = rung;
    }

    /** Rings at a processing time, unless it is set already. */
    void set(long time) {
        if (timer == null) {
            timer = clock.registerTimer(time, ring);
        }
    }

    private void ring(long time) throws Exception {
        timer = null;
        rung.onProcessingTime(time);
    }
}
