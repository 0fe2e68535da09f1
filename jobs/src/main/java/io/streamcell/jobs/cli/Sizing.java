package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkSignature;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * What a job needs whose streams are all alike; {@code docs/sizing.md} has the formulas and says
 * where the {@link Slope}s come from.
 *
 * @param streams whose state is kept
 * @param rate timesteps a second, of all streams together
 * @param chunk timesteps of an event
 * @param slots subtasks of a TaskManager, a core each
 */
record Sizing(Shape shape, long streams, double rate, int chunk, int slots) {
    private static final int KEY_GROUPS = 720;
    private static final int MOST_KEY_GROUPS = 32_768;
    private static final Duration STEP = Duration.ofSeconds(10);

    /**
     * What of a network matters.
     *
     * @param features of a timestep
     * @param floats of a stream's state
     * @param parameters each of which is a multiplication in a timestep
     */
    record Shape(int features, long floats, long parameters) {
        /** LSTM(units) and Dense(1). */
        static Shape lstm(int features, int units) {
            long width = units;
            return new Shape(features, 2 * width, 4 * width * (features + width + 1) + width + 1);
        }

        static Shape of(Network network) {
            NetworkSignature signature = network.signature(Carry.ALWAYS);
            int features =
                    signature.inputs().stream().mapToInt(input -> input.shape().width()).sum();
            return new Shape(features, signature.layout().carriedWidth(), network.parameters());
        }
    }

    /**
     * @throws ConfigurationException if no job can be as wide as it must be
     */
    Sizing {
        if (coresWhereAllIsCold(shape, rate, chunk) > MOST_KEY_GROUPS / 2) {
            throw new ConfigurationException(
                    "a job must do with %,d subtasks, since Flink has %,d key groups at most: share %,.0f timesteps a second among several jobs"
                            .formatted(MOST_KEY_GROUPS / 2, MOST_KEY_GROUPS, rate));
        }
    }

    private static double coresWhereAllIsCold(Shape shape, double rate, int chunk) {
        return rate / chunk * microsPerEvent(shape, chunk, 1) / 1e6 / Slope.BUSY.value();
    }

    private static double microsPerEvent(Shape shape, int chunk, double cold) {
        double timestep =
                shape.features * Slope.MICROS_PER_FEATURE.value()
                        + Slope.MICROS_PER_TIMESTEP.value()
                        + shape.parameters / Slope.PARAMETERS_PER_MICRO.value();
        return Slope.MICROS_PER_EVENT.value()
                + chunk * timestep
                + cold * Slope.MICROS_OF_A_COLD_STATE.value();
    }

    /** Bytes of a stream in the backend and in a checkpoint. */
    double streamBytes() {
        return (double) Float.BYTES * shape.floats + Slope.BYTES_BESIDE_FLOATS.value();
    }

    double stateBytes() {
        return streams * streamBytes();
    }

    double eventsPerSecond() {
        return rate / chunk;
    }

    /** Share of events whose stream is not at hand, in a job of so many subtasks. */
    double cold(int subtasks) {
        return 1 - Math.min(1, subtasks * Slope.SLAB_STREAMS.value() / streams);
    }

    /** CPU time of an event, in a job of so many subtasks. */
    double microsPerEvent(int subtasks) {
        return microsPerEvent(shape, chunk, cold(subtasks));
    }

    /** As many as keep up, whole TaskManagers of them. */
    int subtasks() {
        int subtasks = slots;
        while (eventsPerSecond() * microsPerEvent(subtasks) / 1e6 > subtasks * Slope.BUSY.value()) {
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

    /** Key groups, so that the job can grow to twice its width with at least two for a subtask. */
    int maxParallelism() {
        return Math.max(KEY_GROUPS, Math.min(MOST_KEY_GROUPS, 4 * subtasks()));
    }

    /** Of a TaskManager, as are the following four. */
    double heapBytes() {
        double stream =
                (double) Float.BYTES * shape.floats + Slope.SLAB_BYTES_BESIDE_FLOATS.value();
        double atHand =
                Math.min(slots * Slope.SLAB_STREAMS.value(), (double) streams / taskManagers());
        return Slope.HEAP_BYTES.value() + atHand * stream;
    }

    double managedBytes() {
        return slots * Slope.ROCKSDB_BYTES.value();
    }

    double processBytes() {
        return heapBytes() + managedBytes() + Slope.PROCESS_BYTES.value();
    }

    double diskBytes() {
        return Slope.DISK_COPIES.value() * stateBytes() / taskManagers();
    }

    double storageBytes() {
        return Slope.STORED_COPIES.value() * stateBytes();
    }

    /** Streams that change in a time. */
    double changedStreams(Duration time) {
        double events = eventsPerSecond() * time.toMillis() / 1e3;
        return streams * -Math.expm1(-events / streams);
    }

    double checkpointBytes(Duration interval) {
        double changed = changedStreams(interval) * streamBytes();
        return Math.min(stateBytes(), Slope.REWRITTEN.value() * changed);
    }

    double checkpointSeconds(Duration interval) {
        return checkpointBytes(interval) / (Slope.SAVED_PER_SECOND.value() * taskManagers());
    }

    /** Whether checkpoints that are so far apart do not pile up. */
    boolean hasRoom(Duration interval) {
        return Slope.CHECKPOINTS_APART.value() * checkpointSeconds(interval)
                <= interval.toMillis() / 1e3;
    }

    /** The shortest that has room, in steps of 10 s. */
    Duration shortestInterval() {
        return Stream.iterate(STEP, STEP::plus).filter(this::hasRoom).findFirst().orElseThrow();
    }

    double restoreSeconds() {
        return Slope.RESTORED_COPIES.value()
                * stateBytes()
                / (Slope.RESTORED_PER_SECOND.value() * taskManagers());
    }
}
