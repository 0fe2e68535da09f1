package io.streamcell.jobs.cli;

import java.time.Duration;

/**
 * What a job needs, from what was measured on one machine; {@code docs/sizing.md} has the formulas
 * and where their constants come from.
 *
 * @param floats of a stream's state
 * @param parameters of the network, each of which is a multiplication in a timestep
 * @param features of a timestep
 * @param streams whose state is kept
 * @param rate timesteps a second, of all streams together
 * @param chunk timesteps of an event
 * @param interval between checkpoints
 * @param slots subtasks of a TaskManager, a core each
 */
record Sizing(
        int floats,
        long parameters,
        int features,
        long streams,
        double rate,
        int chunk,
        Duration interval,
        int slots) {
    /** Of a core, so that a job catches up after a failure. */
    private static final double BUSY = 0.6;

    private static final double MICROS_PER_EVENT = 2.0;
    private static final double MICROS_PER_FEATURE = 0.06;
    private static final double PARAMETERS_PER_MICRO = 48_000;
    private static final double MICROS_OF_A_COLD_STATE = 12;

    /** Of a stream's value in the backend: its key, its numbers, and RocksDB's own. */
    private static final int BYTES_BESIDE_FLOATS = 60;

    private static final int SLAB = 50_000;
    private static final int SLAB_BYTES_BESIDE_FLOATS = 250;
    private static final double HEAP = 0.5e9;
    private static final double ROCKSDB = 0.5e9;

    /** While files are merged both the old and the new ones lie there. */
    private static final int DISK = 3;

    /** Two checkpoints, and what of older ones is still shared. */
    private static final int STORAGE = 3;

    /** A changed state is written once, and again where files are merged. */
    private static final int REWRITTEN = 2;

    private static final double SAVED_PER_SECOND = 100e6;
    private static final double RESTORED_PER_SECOND = 100e6;
    private static final int KEY_GROUPS = 720;

    /** Bytes of a stream in the backend and in a checkpoint. */
    long streamBytes() {
        return 4L * floats + BYTES_BESIDE_FLOATS;
    }

    double stateBytes() {
        return (double) streams * streamBytes();
    }

    double eventsPerSecond() {
        return rate / chunk;
    }

    /** Share of events whose stream is not in a slab, where all streams are alike. */
    private double cold(int subtasks) {
        return 1 - Math.min(1, (double) subtasks * SLAB / streams);
    }

    /** CPU time of an event, in a job of so many subtasks. */
    double microsPerEvent(int subtasks) {
        return MICROS_PER_EVENT
                + chunk * (features * MICROS_PER_FEATURE + parameters / PARAMETERS_PER_MICRO)
                + cold(subtasks) * MICROS_OF_A_COLD_STATE;
    }

    /** As many as keep up, whole TaskManagers of them. */
    int subtasks() {
        int subtasks = slots;
        while (eventsPerSecond() * microsPerEvent(subtasks) / 1e6 > subtasks * BUSY) {
            subtasks += slots;
        }
        return subtasks;
    }

    int taskManagers() {
        return subtasks() / slots;
    }

    /** Twice the subtasks, so that the job can grow. */
    int partitions() {
        return 2 * subtasks();
    }

    /** Key groups; a multiple of the subtasks' doubles would be too many to restore quickly. */
    int maxParallelism() {
        return Math.max(KEY_GROUPS, Math.min(32_768, 4 * subtasks()));
    }

    double heapBytes() {
        return HEAP + (double) slots * SLAB * (4L * floats + SLAB_BYTES_BESIDE_FLOATS);
    }

    double managedBytes() {
        return slots * ROCKSDB;
    }

    double diskBytes() {
        return DISK * stateBytes() / taskManagers();
    }

    double storageBytes() {
        return STORAGE * stateBytes();
    }

    /** Streams that change between two checkpoints, where all are alike. */
    double changedStreams() {
        double events = eventsPerSecond() * interval.toMillis() / 1e3;
        return streams * -Math.expm1(-events / streams);
    }

    double checkpointBytes() {
        return Math.min(stateBytes(), REWRITTEN * changedStreams() * streamBytes());
    }

    double checkpointSeconds() {
        return checkpointBytes() / (SAVED_PER_SECOND * taskManagers());
    }

    double restoreSeconds() {
        return stateBytes() / (RESTORED_PER_SECOND * taskManagers());
    }
}
