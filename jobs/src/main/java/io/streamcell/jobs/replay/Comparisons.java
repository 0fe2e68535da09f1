package io.streamcell.jobs.replay;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;

/**
 * The streams that are compared: those used last in memory, up to a number of bytes, the others in
 * keyed state.
 */
final class Comparisons {
    static final ValueStateDescriptor<StreamComparison> STATE =
            new ValueStateDescriptor<>("comparison", new StreamComparison.Serializer());

    private final KeyedStateBackend<String> keys;
    private final ValueState<StreamComparison> state;
    private final long most;
    private final LinkedHashMap<String, Kept> atHand = new LinkedHashMap<>(1024, 0.75f, true);
    private long bytes;
    private boolean evicted;

    /** A stream at hand, and how large it was when it was last looked at. */
    private static final class Kept {
        private final StreamComparison stream;
        private long bytes;

        Kept(StreamComparison stream) {
            this.stream = stream;
        }
    }

    /**
     * @param most bytes in memory
     */
    Comparisons(KeyedStateBackend<String> keys, ValueState<StreamComparison> state, long most) {
        this.keys = keys;
        this.state = state;
        this.most = most;
    }

    /** What is done with a stream. */
    @FunctionalInterface
    interface Use {
        void of(StreamComparison stream) throws IOException;
    }

    /** Does something with a stream. */
    void use(String name, Use use) throws IOException {
        Kept kept = atHand.get(name);
        if (kept == null) {
            kept = new Kept(bring(name));
            atHand.put(name, kept);
        }
        use.of(kept.stream);
        long now = kept.stream.bytes();
        bytes += now - kept.bytes;
        kept.bytes = now;
        if (bytes > most) {
            evict();
        }
    }

    private StreamComparison bring(String name) throws IOException {
        if (!evicted) {
            return new StreamComparison();
        }
        keys.setCurrentKey(name);
        StreamComparison stream = state.value();
        if (stream == null) {
            return new StreamComparison();
        }
        state.clear();
        return stream;
    }

    /** Down to nine tenths, so that it is not done each time. */
    private void evict() throws IOException {
        evicted = true;
        Iterator<Map.Entry<String, Kept>> eldest = atHand.entrySet().iterator();
        while (bytes > most - most / 10 && eldest.hasNext()) {
            Map.Entry<String, Kept> stream = eldest.next();
            bytes -= stream.getValue().bytes;
            keys.setCurrentKey(stream.getKey());
            state.update(stream.getValue().stream);
            eldest.remove();
        }
    }

    /** What is done with each stream in the end. */
    @FunctionalInterface
    interface Last {
        void of(String name, StreamComparison stream) throws IOException;
    }

    /** Goes through all streams. */
    void each(Last last) throws IOException {
        for (Map.Entry<String, Kept> stream : atHand.entrySet()) {
            last.of(stream.getKey(), stream.getValue().stream);
        }
        if (!evicted) {
            return;
        }
        try (Stream<String> names = keys.getKeys(STATE.getName(), VoidNamespace.INSTANCE)) {
            for (Iterator<String> each = names.iterator(); each.hasNext(); ) {
                String name = each.next();
                if (!atHand.containsKey(name)) {
                    keys.setCurrentKey(name);
                    last.of(name, state.value());
                }
            }
        }
    }
}
