package io.streamcell.jobs.replay;

import io.streamcell.operators.Incoming;
import io.streamcell.operators.StreamEvent;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.functions.FilterFunction;

/**
 * Keeps the events of some streams, and of a range of event time. What has no time is kept where
 * the event before it was; what was recorded, always.
 */
final class EventFilter implements FilterFunction<Incoming> {
    private static final long serialVersionUID = 1;

    private final HashSet<String> streams;
    private final long since;
    private final long until;
    private boolean inside;

    /**
     * @param streams empty for all
     * @param since the first time
     * @param until the time behind the last
     */
    EventFilter(Set<String> streams, long since, long until) {
        this.streams = new HashSet<>(streams);
        this.since = since;
        this.until = until;
        this.inside = since == Long.MIN_VALUE;
    }

    @Override
    public boolean filter(Incoming incoming) {
        StreamEvent event = incoming.event();
        if (event == null) {
            return false;
        }
        if (event.kind() != StreamEvent.Kind.RECORDED) {
            if (event.timed()) {
                inside = event.lastTime() >= since && event.lastTime() < until;
            }
            boolean state = event.kind() == StreamEvent.Kind.RESET && !event.state().isEmpty();
            if (!inside && !state) {
                return false;
            }
        }
        return streams.isEmpty() || streams.contains(event.stream());
    }
}
