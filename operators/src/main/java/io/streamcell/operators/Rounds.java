package io.streamcell.operators;

import io.streamcell.operators.SequencePolicy.OnNotFinite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes a bundle in rounds. A round is one call of each model's kernel with at most one run of
 * timesteps per stream: its next chunk, or a piece of a long one, or several where nothing depends
 * on where they end. Events of one stream happen in the order of arrival; a reset or an export
 * waits until the chunks before it are computed. So a round ends before the next begins; the last
 * may go on while the operator gathers the next bundle.
 */
final class Rounds {
    private final ScoringMetrics metrics;
    private final int maxTimesteps;
    private final boolean resetOnNotFinite;
    private final List<Resident> waiting = new ArrayList<>();

    /** Those whose batch is begun. */
    private final List<Engine> begun = new ArrayList<>();

    /** Of the round that is begun: its timesteps, and how long it has held this thread. */
    private int computing;

    private long kernelNanos;

    Rounds(ScoringOptions options, ScoringMetrics metrics) {
        this.metrics = metrics;
        this.maxTimesteps = options.value(ScoringOptions.BUNDLE_MAX_TIMESTEPS);
        this.resetOnNotFinite = options.value(ScoringOptions.ON_NOT_FINITE) == OnNotFinite.RESET;
    }

    /**
     * Computes the bundle up to its last round, which is begun. Until {@link #end} the kernels may
     * compute elsewhere, and no stream may be looked up or written.
     */
    void begin(Bundle bundle) throws IOException {
        waiting.addAll(bundle.streams());
        while (!waiting.isEmpty()) {
            end();
            int room = maxTimesteps;
            for (int k = 0; k < waiting.size() && room > 0; k++) {
                room -= addRun(waiting.get(k), room);
            }
            long before = System.nanoTime();
            for (int k = 0; k < begun.size(); k++) {
                begun.get(k).begin();
            }
            kernelNanos = System.nanoTime() - before;
            computing = maxTimesteps - room;
            waiting.removeIf(resident -> !resident.pinned());
        }
    }

    /** Whether something else than this thread still computes. */
    boolean underway() {
        for (int k = 0; k < begun.size(); k++) {
            if (begun.get(k).underway()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Waits for the round that was begun, if one was. After the last, each event of the bundle has
     * a score, an exported state or a rejection, or nothing to be emitted.
     */
    void end() {
        if (begun.isEmpty()) {
            return;
        }
        long before = System.nanoTime();
        for (int k = 0; k < begun.size(); k++) {
            begun.get(k).await();
        }
        metrics.kernelCall(kernelNanos + System.nanoTime() - before, computing);
        for (int k = 0; k < begun.size(); k++) {
            Engine engine = begun.get(k);
            List<Pending> computed = engine.computed();
            for (int n = 0; n < computed.size(); n++) {
                computed.get(n).resident.computing = false;
                collect(engine, computed.get(n));
            }
            engine.clear();
        }
        begun.clear();
    }

    /**
     * Adds the stream's next run to its model's batch, and gives its timesteps; 0 if it has none,
     * or none that fits.
     */
    private int addRun(Resident resident, int room) throws IOException {
        Turns turns = resident.head.lane.turns();
        int total = 0;
        int first = 0;
        Engine engine = null;
        Pending next = resident.head;
        while (next != null) {
            boolean chunk = next.event.kind() == StreamEvent.Kind.CHUNK;
            if (total > 0 && (!chunk || total == room || !mayJoin(engine, next, turns))) {
                break;
            }
            if (!chunk) {
                turns.apply(next);
                next = Bundle.pop(resident);
                continue;
            }
            if (turns.overdueGoBefore(next)) {
                next = resident.head;
            }
            if (!next.begun) {
                next = turns.begin(next) ? resident.head : Bundle.pop(resident);
                continue;
            }
            if (total == 0) {
                engine = next.engine;
                first = engine.chunks();
            }
            if (!engine.fits(next, room - total, total == 0 && engine.idle())) {
                break;
            }
            total += engine.take(next, total, room - total);
            next = next.remaining() == 0 ? Bundle.pop(resident) : null;
        }
        if (total > 0) {
            if (engine.idle()) {
                begun.add(engine);
            }
            engine.addRow(first, total);
            // Streams that are placed behind it in this round must not be given its slot.
            resident.computing = true;
        }
        return total;
    }

    private boolean mayJoin(Engine engine, Pending next, Turns turns) {
        return engine.joins() && !resetOnNotFinite && (next.begun || turns.joins(next));
    }

    private void collect(Engine engine, Pending chunk) {
        if (chunk.silent) {
            return;
        }
        if (!engine.collect(chunk)) {
            chunk.flags |= Flags.OUTPUT_NOT_FINITE;
        }
        if (chunk.remaining() > 0) {
            return;
        }
        chunk.scored = true;
        if (resetOnNotFinite && (chunk.flags & Flags.OUTPUT_NOT_FINITE) != 0) {
            chunk.lane.turns().resetBehind(chunk);
        }
    }
}
