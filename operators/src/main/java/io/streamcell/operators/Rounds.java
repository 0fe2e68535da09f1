package io.streamcell.operators;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.NetworkSignature;
import io.streamcell.state.StreamState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes a bundle in rounds. A round is one kernel call with at most one run of timesteps per
 * stream: its next chunk, or a piece of a long one, or several where nothing depends on where they
 * end. Events of one stream happen in the order of arrival; a reset or an export waits until the
 * chunks before it are computed. So a round ends before the next begins; the last may go on while
 * the operator gathers the next bundle.
 */
final class Rounds {
    private final NetworkSignature signature;
    private final NetworkKernel kernel;
    private final StateSlab slab;
    private final Batch batch;
    private final ResidentStreams residents;
    private final SequenceRules rules;
    private final HeldChunks heldChunks;
    private final ScoringMetrics metrics;
    private final ScoreBuilder scores;
    private final int maxTimesteps;
    private final boolean join;
    private final boolean cut;
    private final boolean resetOnNotFinite;

    private final boolean restartsEveryChunk;
    private final int countedInput;
    private final boolean[] inputTimed;
    private final List<Resident> waiting = new ArrayList<>();
    private final List<Pending> running = new ArrayList<>();
    private final int[] axisTimesteps;

    /** Of the round that is begun: its timesteps, and how long the kernel has held this thread. */
    private int computing;

    private long kernelNanos;

    Rounds(
            ServedModel model,
            ScoringOptions options,
            NetworkKernel kernel,
            StateSlab slab,
            ResidentStreams residents,
            ResetAlls resetAlls,
            HeldChunks heldChunks,
            ScoringMetrics metrics) {
        this.signature = model.signature();
        this.kernel = kernel;
        this.slab = slab;
        this.residents = residents;
        this.metrics = metrics;
        this.batch = new Batch(signature);
        this.heldChunks = heldChunks;
        this.rules = new SequenceRules(options, signature, resetAlls, heldChunks);
        this.scores = new ScoreBuilder(signature, model.label());
        this.maxTimesteps = options.value(ScoringOptions.BUNDLE_MAX_TIMESTEPS);
        this.resetOnNotFinite =
                options.value(ScoringOptions.ON_NOT_FINITE) == SequencePolicy.OnNotFinite.RESET;
        this.join = signature.chunksMayJoin() && !resetOnNotFinite;
        this.cut = signature.chunksMayBeCut();
        this.restartsEveryChunk = signature.layout().restartsEveryChunk();
        this.countedInput = signature.countedInput();
        this.inputTimed = new boolean[signature.inputs().size()];
        for (int k = 0; k < inputTimed.length; k++) {
            inputTimed[k] = signature.inputs().get(k).shape().timed();
        }
        this.axisTimesteps = new int[signature.axes()];
    }

    /** How many timesteps an event brings. */
    int timesteps(StreamEvent event) {
        return event.kind() == StreamEvent.Kind.CHUNK ? event.inputs().get(countedInput).rows() : 0;
    }

    /**
     * Computes the bundle up to its last round, which is begun. Until {@link #end} the kernel may
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
            if (batch.rows() > 0) {
                long began = System.nanoTime();
                kernel.begin(slab, batch, 0, batch.rows());
                kernelNanos = System.nanoTime() - began;
                computing = maxTimesteps - room;
            }
            waiting.removeIf(resident -> !resident.pinned());
        }
    }

    /**
     * Waits for the round that was begun, if one was. After the last, each event of the bundle has
     * a score, an exported state or a rejection, or nothing to be emitted.
     */
    void end() {
        if (batch.rows() > 0) {
            long began = System.nanoTime();
            kernel.await();
            kernelNanos += System.nanoTime() - began;
            metrics.kernelCall(kernelNanos, computing);
            for (int k = 0; k < running.size(); k++) {
                collect(running.get(k));
            }
            batch.clear();
            running.clear();
        }
    }

    /** The score of a chunk that is computed, valid until the next one is asked for. */
    Score score(Pending chunk) {
        return scores.score(chunk);
    }

    /** Forgets the bundle's scores. */
    void clear() {
        scores.clear();
    }

    /**
     * Adds the stream's next run to the batch, and gives its timesteps; 0 if it has none, or none
     * that fits.
     */
    private int addRun(Resident resident, int room) throws IOException {
        int total = 0;
        int first = running.size();
        Pending next = resident.head;
        while (next != null) {
            boolean chunk = next.event.kind() == StreamEvent.Kind.CHUNK;
            if (total > 0
                    && (!chunk
                            || !join
                            || total == room
                            || rules.mayWait(next)
                            || rules.resetsBefore(next))) {
                break;
            }
            if (!chunk) {
                apply(next);
                next = Bundle.pop(resident);
                continue;
            }
            if (overdueGoBefore(next)) {
                next = resident.head;
            }
            if (!next.begun && !begin(next)) {
                next = Bundle.pop(resident);
                continue;
            }
            boolean alone = total == 0 && batch.rows() == 0;
            if (!cut && !alone && next.remaining() > room - total) {
                break;
            }
            total += take(next, total, room);
            next = next.remaining() == 0 ? Bundle.pop(resident) : null;
        }
        if (total > 0) {
            fill(resident, first, total);
        }
        return total;
    }

    private int take(Pending chunk, int rowOffset, int room) {
        chunk.row = batch.rows();
        chunk.rowOffset = rowOffset;
        chunk.from = chunk.done;
        chunk.count = cut ? Math.min(chunk.remaining(), room - rowOffset) : chunk.remaining();
        chunk.done += chunk.count;
        running.add(chunk);
        return chunk.count;
    }

    /**
     * Applies the sequence rules to a chunk whose turn it is; false if none of it is to be scored.
     */
    private boolean begin(Pending chunk) throws IOException {
        Resident resident = chunk.resident;
        chunk.begun = true;
        long expected = chunk.later ? chunk.start : resident.next;
        boolean reset = rules.resetsBefore(chunk);
        if (!chunk.later && !number(chunk)) {
            return false;
        }
        if ((chunk.flags & StreamState.EXPIRED) != 0) {
            chunk.expired = scores.expired(resident, expected, state(resident));
            metrics.expired();
        }
        if (reset) {
            slab.reset(resident.slot);
            metrics.reset();
        }
        if (restartsEveryChunk) {
            slab.startChunk(resident.slot);
        }
        scores.reserve(chunk);
        residents.touch(resident);
        return true;
    }

    /** Gives a chunk its numbers and the parts that resets cut it in; false if it has none. */
    private boolean number(Pending chunk) throws IOException {
        Resident resident = chunk.resident;
        try {
            SequenceRules.Verdict verdict = rules.begin(chunk);
            if (verdict == SequenceRules.Verdict.EARLY) {
                keep(chunk);
                return false;
            }
            if (verdict == SequenceRules.Verdict.OLD) {
                metrics.duplicates(chunk.timesteps);
                return false;
            }
        } catch (RejectedEventException e) {
            chunk.rejected = Rejected.of(e, null, resident.stream, null);
            return false;
        }
        if ((chunk.flags & StreamState.GAP) != 0) {
            metrics.gap();
        }
        metrics.duplicates(chunk.skipped);
        for (long time : chunk.event.times()) {
            resident.lastTime = Math.max(resident.lastTime, time);
        }
        if (!chunk.event.timed()) {
            resident.lastTime = Math.max(resident.lastTime, chunk.timestamp);
        }
        readyGoBehind(chunk);
        return true;
    }

    /** Keeps a chunk that came too early. */
    private void keep(Pending chunk) throws IOException {
        if (heldChunks.keep(chunk.resident, chunk, SequenceRules.lastTime(chunk))) {
            residents.touch(chunk.resident);
            metrics.held();
        } else {
            metrics.duplicates(chunk.timesteps);
        }
    }

    /** Puts the held chunks whose turn has come behind an event, and behind its other parts. */
    private void readyGoBehind(Pending event) throws IOException {
        Pending last = event;
        while (last.rest != null && last.rest.later) {
            last = last.rest;
        }
        for (HeldChunk ready : heldChunks.ready(event.resident)) {
            last.insert(Pending.waited(event.resident, ready, timesteps(ready.event())));
            last = last.rest;
        }
    }

    /** Puts the held chunks that wait no longer, by the time of a chunk, before it. */
    private boolean overdueGoBefore(Pending chunk) throws IOException {
        Resident resident = chunk.resident;
        if (resident.held == null || chunk.begun || chunk.waited) {
            return false;
        }
        Pending before = null;
        for (HeldChunk over : heldChunks.overdue(resident, SequenceRules.lastTime(chunk))) {
            Pending waited = Pending.waited(resident, over, timesteps(over.event()));
            if (before == null) {
                resident.head = waited;
                chunk.ahead = waited;
                waited.following = chunk;
            } else {
                before.insert(waited);
            }
            before = waited;
        }
        return before != null;
    }

    private void apply(Pending pending) throws IOException {
        Resident resident = pending.resident;
        if (pending.event.kind() == StreamEvent.Kind.EXPORT) {
            pending.exported = scores.export(pending, state(resident));
            return;
        }
        if (pending.event.start() != StreamEvent.UNNUMBERED) {
            hold(pending);
            return;
        }
        rules.resetNow(
                resident, pending.event.timed() ? pending.event.lastTime() : pending.timestamp);
        slab.reset(resident.slot);
        if (!pending.event.state().isEmpty()) {
            slab.write(
                    resident.slot, LayerStates.vector(pending.event.state(), signature.layout()));
        }
        if (pending.event.next() != StreamEvent.UNNUMBERED) {
            rules.jump(resident, pending.event.next());
            readyGoBehind(pending);
        }
        resident.pendingFlags |= StreamState.RESET;
        residents.touch(resident);
        metrics.reset();
    }

    /** Keeps a reset that is announced. */
    private void hold(Pending reset) {
        Resident resident = reset.resident;
        try {
            if (rules.hold(resident, reset.event.start())) {
                residents.touch(resident);
            } else {
                metrics.lateReset();
            }
        } catch (RejectedEventException e) {
            reset.rejected = Rejected.of(e, null, resident.stream, null);
        }
    }

    /** The last state of a stream that expired; for use between bundles. */
    ExportedState expired(Resident resident) {
        metrics.expired();
        return scores.expired(resident, resident.next, state(resident));
    }

    private float[] state(Resident resident) {
        float[] state = new float[signature.layout().carriedWidth()];
        slab.read(resident.slot, state);
        return state;
    }

    private void fill(Resident resident, int first, int total) {
        int row = addRow(resident, first, total);
        for (int k = first; k < running.size(); k++) {
            Pending chunk = running.get(k);
            for (int number = 0; number < inputTimed.length; number++) {
                InputValues given = chunk.event.inputs().get(number);
                boolean pieces = axisTimesteps.length == 1 && inputTimed[number];
                int width = given.columns();
                System.arraycopy(
                        given.values(),
                        pieces ? chunk.from * width : 0,
                        batch.input(number),
                        batch.inputStart(number, row) + (pieces ? chunk.rowOffset * width : 0),
                        (pieces ? chunk.count : given.rows()) * width);
            }
        }
    }

    private int addRow(Resident resident, int first, int total) {
        if (axisTimesteps.length == 1) {
            return batch.add(resident.slot, total);
        }
        List<InputValues> given = running.get(first).event.inputs();
        for (int k = 0; k < given.size(); k++) {
            int axis = signature.inputs().get(k).shape().axis();
            if (axis >= 0) {
                axisTimesteps[axis] = given.get(k).rows();
            }
        }
        return batch.add(resident.slot, axisTimesteps);
    }

    private void collect(Pending chunk) {
        boolean finite = scores.collect(chunk, batch);
        if (!finite) {
            chunk.flags |= Flags.OUTPUT_NOT_FINITE;
        }
        if (chunk.remaining() > 0) {
            return;
        }
        chunk.scored = true;
        if (resetOnNotFinite && (chunk.flags & Flags.OUTPUT_NOT_FINITE) != 0) {
            slab.reset(chunk.resident.slot);
            chunk.resident.pendingFlags |= StreamState.NOT_FINITE;
            metrics.reset();
        }
    }
}
