package io.streamcell.jobs.json;

import io.streamcell.jobs.formats.Excerpts;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts fields of events that nobody reads, and names each once in the log. */
public final class UnknownFields {
    private static final Logger LOG = LoggerFactory.getLogger(UnknownFields.class);
    private static final int MOST_NAMES = 100;

    private final Counter counter;
    private final Set<String> named = new HashSet<>();

    public UnknownFields(Counter counter) {
        this.counter = counter;
    }

    void seen(String field) {
        counter.inc();
        if (named.size() >= MOST_NAMES) {
            return;
        }
        String name = Excerpts.shortened(field);
        if (named.add(name)) {
            LOG.warn("events have a field that is not read: {}", name);
        }
    }
}
