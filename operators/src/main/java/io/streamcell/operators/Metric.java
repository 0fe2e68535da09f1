package io.streamcell.operators;

/**
 * What the scoring operator tells of itself, in the metric group {@code streamcell} of each of its
 * subtasks. Names never change.
 */
public enum Metric {
    EVENTS("events", Kind.COUNTER, "events", "events that came to be scored"),
    TIMESTEPS("timesteps", Kind.COUNTER, "timesteps", "timesteps that were computed"),
    TIMESTEPS_PER_SECOND(
            "timestepsPerSecond", Kind.RATE, "timesteps/s", "the same, over the last minute"),
    BUNDLE_TIMESTEPS(
            "bundleTimesteps", Kind.HISTOGRAM, "timesteps", "size of a bundle when it leaves"),
    BUNDLE_WAIT(
            "bundleWaitMicros",
            Kind.HISTOGRAM,
            "µs",
            "how long a bundle's first event waited for it to leave"),
    LATENCY(
            "latencyMicros",
            Kind.HISTOGRAM,
            "µs",
            "how long a bundle's first event was in the operator, until its score left"),
    KERNEL_CALLS("kernelCalls", Kind.COUNTER, "calls", "kernel calls"),
    KERNEL_MICROS(
            "kernelMicros",
            Kind.HISTOGRAM,
            "µs",
            "how long a kernel call held the task's thread: computing, or with a GPU launching and waiting"),
    KERNEL_BUSY(
            "kernelBusyMicros",
            Kind.COUNTER,
            "µs",
            "the sum of these; its rate is a share of time"),
    RESIDENT_STREAMS("residentStreams", Kind.GAUGE, "streams", "streams in the slab"),
    DIRTY_STREAMS(
            "dirtyStreams",
            Kind.GAUGE,
            "streams",
            "of them changed since they were last written to the state backend"),
    STREAMS_READ(
            "streamsRead",
            Kind.COUNTER,
            "streams",
            "streams that were not in the slab and were looked up in the state backend; events without these are hits"),
    STREAMS_WRITTEN(
            "streamsWritten", Kind.COUNTER, "streams", "streams written to the state backend"),
    EVICTIONS(
            "evictions", Kind.COUNTER, "streams", "streams that left the slab for others to enter"),
    CHECKPOINT_WRITE(
            "checkpointWriteMicros",
            Kind.HISTOGRAM,
            "µs",
            "how long a checkpoint's barrier waited for changed streams to be written"),
    RESETS("resets", Kind.COUNTER, "resets", "streams that started afresh, whatever the reason"),
    LATE_RESETS(
            "lateResets",
            Kind.COUNTER,
            "resets",
            "resets announced for a timestep that was scored"),
    EXPIRED_STREAMS("expiredStreams", Kind.COUNTER, "streams", "streams given up by state.ttl"),
    HELD_CHUNKS("heldChunks", Kind.COUNTER, "chunks", "chunks that came too early and were held"),
    GAPS("gaps", Kind.COUNTER, "chunks", "chunks before which timesteps were missing"),
    DUPLICATES(
            "duplicateTimesteps",
            Kind.COUNTER,
            "timesteps",
            "timesteps dropped since they had been scored"),
    MODEL_CHANGES(
            "modelChanges", Kind.COUNTER, "streams", "streams that went over to another model"),
    MODEL(
            "model",
            Kind.GAUGE,
            "",
            "1 for the newest of each model, labelled with its name and what stands in its scores"),
    REJECTED(
            "rejected",
            Kind.COUNTER,
            "events",
            "events that were rejected, labelled with the reason; also of the tasks that check events");

    /** How a value behaves. */
    public enum Kind {
        /** Only grows. */
        COUNTER,
        /** What is now. */
        GAUGE,
        /** Per second. */
        RATE,
        /** Of the last thousand values: count, quantiles. */
        HISTOGRAM
    }

    /** The group in which all of them are. */
    public static final String GROUP = "streamcell";

    private final String key;
    private final Kind kind;
    private final String unit;
    private final String meaning;

    Metric(String key, Kind kind, String unit, String meaning) {
        this.key = key;
        this.kind = kind;
        this.unit = unit;
        this.meaning = meaning;
    }

    /** Its name in the group. */
    public String key() {
        return key;
    }

    public Kind kind() {
        return kind;
    }

    /** Empty for a value that has none. */
    public String unit() {
        return unit;
    }

    /** In a few words. */
    public String meaning() {
        return meaning;
    }
}
