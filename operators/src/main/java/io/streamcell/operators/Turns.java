package io.streamcell.operators;

import io.streamcell.operators.SequencePolicy.OnModelChange;
import io.streamcell.state.StreamState;
import java.io.IOException;
import java.util.List;

/**
 * What an event does to its stream when its turn has come: a chunk is numbered, cut where the
 * stream is reset, and made ready to be computed; a reset or an export happens. For the streams of
 * one model.
 */
final class Turns {
    private final ResidentStreams streams;
    private final ModelVersions versions;
    private final SequenceRules rules;
    private final HeldChunks heldChunks;
    private final KeptTimesteps kept;
    private final ScoringMetrics metrics;
    private final int countedInput;

    /**
     * @param countedInput the input whose timesteps number a stream
     */
    Turns(
            ResidentStreams streams,
            ModelVersions versions,
            SequenceRules rules,
            HeldChunks heldChunks,
            KeptTimesteps kept,
            ScoringMetrics metrics,
            int countedInput) {
        this.streams = streams;
        this.versions = versions;
        this.rules = rules;
        this.heldChunks = heldChunks;
        this.kept = kept;
        this.metrics = metrics;
        this.countedInput = countedInput;
    }

    /** How many timesteps an event brings. */
    int timesteps(StreamEvent event) {
        return event.kind() == StreamEvent.Kind.CHUNK ? event.inputs().get(countedInput).rows() : 0;
    }

    /** Whether a chunk can be computed in one run with the one before. */
    boolean joins(Pending chunk) {
        return !rules.mayWait(chunk) && !rules.resetsBefore(chunk);
    }

    /**
     * Makes a chunk ready to be computed. What is to be computed before it stands before it in its
     * stream's queue then.
     *
     * @return false if none of it is to be scored
     */
    boolean begin(Pending chunk) throws IOException {
        Resident resident = chunk.resident;
        chunk.begun = true;
        long expected = chunk.later ? chunk.start : resident.next;
        if (!chunk.later && !number(chunk)) {
            return false;
        }
        if ((chunk.flags & StreamState.EXPIRED) != 0) {
            Engine last = streams.place(resident);
            chunk.expired = last.scores().expired(resident, expected, streams.state(resident));
            metrics.expired();
        }
        boolean warms = chunk.change > 0 && change(resident, chunk.change) && !chunk.resets;
        if ((chunk.flags & StreamState.MODEL) != 0) {
            metrics.modelChange();
        }
        Engine engine = streams.place(resident);
        chunk.engine = engine;
        if (chunk.resets) {
            reset(resident, null);
            metrics.reset();
        }
        if (engine.signature().layout().restartsEveryChunk()) {
            engine.slab().startChunk(resident.slot);
        }
        engine.scores().reserve(chunk);
        if (warms) {
            warm(chunk);
        }
        kept.add(chunk);
        streams.touch(resident);
        return true;
    }

    private void warm(Pending chunk) {
        List<InputValues> before = kept.of(chunk.resident);
        if (!before.isEmpty()) {
            chunk.resident.head = chunk.warming(before);
        }
    }

    /** Gives a stream another state; what was before it is not kept any longer. */
    private void reset(Resident resident, float[] state) {
        streams.assign(resident, state);
        resident.kept = null;
    }

    /** Resets a stream after a chunk. */
    void resetBehind(Pending chunk) {
        reset(chunk.resident, null);
        chunk.resident.pendingFlags |= StreamState.NOT_FINITE;
        metrics.reset();
    }

    /** Gives a stream to another version of its model; whether that is to be warmed. */
    private boolean change(Resident resident, long number) throws IOException {
        OnModelChange policy = versions.policy(resident.modelChange, number);
        float[] state = policy == OnModelChange.KEEP ? streams.state(resident) : null;
        streams.move(resident, versions.engine(number), state);
        resident.modelChange = number;
        return policy == OnModelChange.WARM;
    }

    /** Gives a chunk its numbers and the parts that resets cut it in; false if it has none. */
    private boolean number(Pending chunk) throws IOException {
        Resident resident = chunk.resident;
        try {
            switch (rules.begin(chunk)) {
                case EARLY -> {
                    keep(chunk);
                    return false;
                }
                case OLD -> {
                    metrics.duplicates(chunk.timesteps);
                    return false;
                }
                case SCORE -> {
                    // goes on below
                }
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
            chunk.resident.known = true;
            streams.touch(chunk.resident);
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
            last.insert(event.waited(ready, timesteps(ready.event())));
            last = last.rest;
        }
    }

    /** Puts the held chunks that wait no longer, by the time of a chunk, before it. */
    boolean overdueGoBefore(Pending chunk) throws IOException {
        Resident resident = chunk.resident;
        if (resident.held == null || chunk.begun || chunk.waited) {
            return false;
        }
        Pending before = null;
        for (HeldChunk over : heldChunks.overdue(resident, SequenceRules.lastTime(chunk))) {
            Pending waited = chunk.waited(over, timesteps(over.event()));
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

    /** Does what an event that is no chunk asks for. */
    void apply(Pending pending) throws IOException {
        try {
            if (pending.event.kind() == StreamEvent.Kind.EXPORT) {
                export(pending);
            } else if (pending.event.start() == StreamEvent.UNNUMBERED) {
                reset(pending);
            } else {
                hold(pending);
            }
        } catch (RejectedEventException e) {
            pending.rejected = Rejected.of(e, null, pending.resident.stream, null);
        }
    }

    private void export(Pending export) throws IOException {
        Engine engine = streams.place(export.resident);
        export.exported = engine.scores().export(export, streams.state(export.resident));
    }

    private void reset(Pending reset) throws IOException {
        Resident resident = reset.resident;
        StreamEvent event = reset.event;
        float[] state = null;
        if (!event.state().isEmpty()) {
            Engine engine = streams.place(resident);
            EventCheck.checkState(event, engine.signature());
            state = LayerStates.vector(event.state(), engine.signature().layout());
        }
        rules.resetNow(resident, SequenceRules.lastTime(reset));
        reset(resident, state);
        if (event.next() != StreamEvent.UNNUMBERED) {
            rules.jump(resident, event.next());
            readyGoBehind(reset);
        }
        resident.pendingFlags |= StreamState.RESET;
        resident.known = true;
        metrics.reset();
    }

    /** Keeps a reset that is announced. */
    private void hold(Pending reset) {
        if (rules.hold(reset.resident, reset.event.start())) {
            streams.touch(reset.resident);
        } else {
            metrics.lateReset();
        }
    }

    /** The last state of a stream that expired; for use between bundles. */
    ExportedState expired(Resident resident) throws IOException {
        metrics.expired();
        Engine engine = streams.place(resident);
        return engine.scores().expired(resident, resident.next, streams.state(resident));
    }
}
