package io.streamcell.operators;

import io.streamcell.state.StreamState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * Chunks that start beyond their stream's next timestep and wait in keyed state for those before
 * them ({@code sequence.max-wait}): until these have come, or an event of the stream, or the
 * watermark, says that it is too late for them. Where they are, and until when, is known of every
 * resident stream.
 */
final class HeldChunks {
    /** Chunks that one stream may hold; with more the first goes without what is missing. */
    static final int MOST = 1024;

    private final long maxWaitMillis;
    private final KeyContext keys;
    private final MapState<Long, HeldChunk> chunks;
    private final InternalTimerService<VoidNamespace> timers;

    HeldChunks(
            ScoringOptions options,
            KeyContext keys,
            MapState<Long, HeldChunk> chunks,
            InternalTimerService<VoidNamespace> timers) {
        this.maxWaitMillis = options.millis(ScoringOptions.MAX_WAIT);
        this.keys = keys;
        this.chunks = chunks;
        this.timers = timers;
    }

    /** Of streams that hold none, by options that say so. */
    static HeldChunks none(ScoringOptions options) {
        return new HeldChunks(options, null, null, null);
    }

    /** Whether chunks are held at all. */
    boolean applies() {
        return maxWaitMillis != Long.MAX_VALUE;
    }

    /**
     * Whether a chunk beyond the next timestep is to wait.
     *
     * @param time of the chunk, the last of its times
     */
    boolean waits(Resident resident, long time) {
        return applies() && Math.max(resident.lastTime, lastHeld(resident)) <= until(time);
    }

    private long lastHeld(Resident resident) {
        long last = StreamState.NO_TIME;
        if (resident.held != null) {
            for (long until : resident.held.values()) {
                last = Math.max(last, until - maxWaitMillis);
            }
        }
        return last;
    }

    private long until(long time) {
        long until = time + maxWaitMillis;
        return until < time ? Long.MAX_VALUE : until;
    }

    /**
     * Keeps a chunk until its turn.
     *
     * @return false if one from the same timestep on, and as long, is kept already
     */
    boolean keep(Resident resident, Pending chunk, long time) throws IOException {
        long start = chunk.event.start();
        HeldChunk before = get(resident, start);
        if (before != null && before.event().inputs().get(0).rows() >= rows(chunk)) {
            return false;
        }
        long until = until(time);
        put(start, new HeldChunk(chunk.event, chunk.timestamp, until));
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, until);
        if (resident.held == null) {
            resident.held = new TreeMap<>();
        }
        resident.held.put(start, until);
        return true;
    }

    private HeldChunk get(Resident resident, long start) throws IOException {
        keys.setCurrentKey(resident.stream);
        try {
            return chunks.get(start);
        } catch (Exception e) {
            throw new IOException("a chunk that is held must be there to be read", e);
        }
    }

    /** Writes a chunk, or null to remove it, to the stream whose key is set. */
    private void put(long start, HeldChunk chunk) throws IOException {
        try {
            if (chunk == null) {
                chunks.remove(start);
            } else {
                chunks.put(start, chunk);
            }
        } catch (Exception e) {
            throw new IOException("held chunks must be writable", e);
        }
    }

    private static int rows(Pending chunk) {
        return chunk.event.inputs().get(0).rows();
    }

    /**
     * Takes the chunks that need not wait any longer, since the timesteps before them have come.
     */
    List<HeldChunk> ready(Resident resident) throws IOException {
        return resident.held == null ? List.of() : take(resident, resident.next);
    }

    /**
     * Takes the chunks that have waited long enough, and those before them.
     *
     * @param time event time that has come
     */
    List<HeldChunk> overdue(Resident resident, long time) throws IOException {
        if (resident.held == null) {
            return List.of();
        }
        long last = resident.held.size() >= MOST ? resident.held.firstKey() : -1;
        for (Map.Entry<Long, Long> each : resident.held.entrySet()) {
            if (each.getValue() < time) {
                last = Math.max(last, each.getKey());
            }
        }
        return take(resident, last);
    }

    /** Takes the chunks that start at a timestep or before. */
    private List<HeldChunk> take(Resident resident, long last) throws IOException {
        if (resident.held.firstKey() > last) {
            return List.of();
        }
        List<HeldChunk> taken = new ArrayList<>();
        while (!resident.held.isEmpty() && resident.held.firstKey() <= last) {
            long start = resident.held.pollFirstEntry().getKey();
            taken.add(get(resident, start));
            put(start, null);
        }
        if (resident.held.isEmpty()) {
            resident.held = null;
        }
        return taken;
    }

    /** Where the chunks of the stream whose key is set are, and until when they wait. */
    NavigableMap<Long, Long> index() throws IOException {
        NavigableMap<Long, Long> index = new TreeMap<>();
        try {
            for (Map.Entry<Long, HeldChunk> each : chunks.entries()) {
                index.put(each.getKey(), each.getValue().until());
            }
        } catch (Exception e) {
            throw new IOException("held chunks must be readable", e);
        }
        return index.isEmpty() ? null : index;
    }
}
