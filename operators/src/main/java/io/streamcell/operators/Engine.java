package io.streamcell.operators;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.NetworkSignature;
import java.util.ArrayList;
import java.util.List;

/**
 * A compiled model with the slab of its streams, the batch of its next kernel call, and what makes
 * scores of it. Owns the kernel and the slab.
 */
final class Engine implements AutoCloseable {
    private final NetworkSignature signature;
    private final NetworkKernel kernel;
    private final StateSlab slab;
    private final Slots slots;
    private final Batch batch;
    private final ScoreBuilder scores;
    private final boolean[] inputTimed;
    private final int[] axisTimesteps;
    private final boolean cut;
    private final boolean join;

    /** The chunks of the batch, run after run. */
    private final List<Pending> running = new ArrayList<>();

    Engine(ServedModel model, NetworkKernel kernel, StateSlab slab, Slots slots) {
        this.signature = model.signature();
        this.kernel = kernel;
        this.slab = slab;
        this.slots = slots;
        this.batch = new Batch(signature);
        this.scores = new ScoreBuilder(signature, model.label());
        this.cut = signature.chunksMayBeCut();
        this.join = signature.chunksMayJoin();
        this.inputTimed = new boolean[signature.inputs().size()];
        for (int k = 0; k < inputTimed.length; k++) {
            inputTimed[k] = signature.inputs().get(k).shape().timed();
        }
        this.axisTimesteps = new int[signature.axes()];
    }

    NetworkSignature signature() {
        return signature;
    }

    StateSlab slab() {
        return slab;
    }

    Slots slots() {
        return slots;
    }

    ScoreBuilder scores() {
        return scores;
    }

    /** Whether chunks of a stream may be computed in one run. */
    boolean joins() {
        return join;
    }

    /** Whether the batch has no row yet. */
    boolean idle() {
        return batch.rows() == 0;
    }

    /** How many chunks the batch has. */
    int chunks() {
        return running.size();
    }

    /** Whether so much of a chunk as there is room for can be computed now, or all of it is. */
    boolean fits(Pending chunk, int room, boolean alone) {
        return cut || alone || chunk.remaining() <= room;
    }

    /**
     * Takes a chunk, or a piece of it, into the run that is being made; its timesteps.
     *
     * @param rowOffset timesteps that the run has already
     */
    int take(Pending chunk, int rowOffset, int room) {
        chunk.row = batch.rows();
        chunk.rowOffset = rowOffset;
        chunk.from = chunk.done;
        chunk.count = cut ? Math.min(chunk.remaining(), room) : chunk.remaining();
        chunk.done += chunk.count;
        running.add(chunk);
        return chunk.count;
    }

    /**
     * Makes a row of the run.
     *
     * @param first of its chunks
     * @param total its timesteps
     */
    void addRow(int first, int total) {
        int row = openRow(running.get(first), total);
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

    private int openRow(Pending first, int total) {
        int slot = first.resident.slot;
        if (axisTimesteps.length == 1) {
            return batch.add(slot, total);
        }
        List<InputValues> given = first.event.inputs();
        for (int k = 0; k < given.size(); k++) {
            int axis = signature.inputs().get(k).shape().axis();
            if (axis >= 0) {
                axisTimesteps[axis] = given.get(k).rows();
            }
        }
        return batch.add(slot, axisTimesteps);
    }

    /** Begins to compute the batch. */
    void begin() {
        kernel.begin(slab, batch, 0, batch.rows());
    }

    /** Whether the batch is still being computed. */
    boolean underway() {
        return kernel.underway();
    }

    /** Waits until the batch is computed. */
    void await() {
        kernel.await();
    }

    /** The chunks whose pieces are computed; valid until {@link #clear}. */
    List<Pending> computed() {
        return running;
    }

    /** Copies what was computed of a chunk; whether all of it is finite. */
    boolean collect(Pending chunk) {
        return scores.collect(chunk, batch);
    }

    /** Empties the batch. */
    void clear() {
        batch.clear();
        running.clear();
    }

    @Override
    public void close() {
        try (NetworkKernel closedLast = kernel;
                StateSlab closedFirst = slab) {
            kernel.await();
        }
    }
}
