package io.streamcell.jobs.cli;

/**
 * What {@link Sizing} reckons with: measured on one machine, or assumed where that says nothing of
 * another. {@code docs/sizing.md} has them in a table, which a test keeps true.
 */
enum Slope {
    BYTES_BESIDE_FLOATS(
            60, "bytes", "of a stream in RocksDB beside 4 for each float: numbers, key, index"),
    MICROS_PER_EVENT(2, "µs", "CPU of an event from topic to topic, whatever is in it"),
    MICROS_PER_FEATURE(0.06, "µs", "CPU of a number in a timestep: JSON, checks, copies"),
    MICROS_PER_TIMESTEP(0.06, "µs", "CPU of a timestep in the kernel, whatever the network"),
    PARAMETERS_PER_MICRO(90_000, "1/µs", "parameters of the network that a core multiplies by"),
    MICROS_OF_A_COLD_STATE(
            25, "µs", "CPU to read a state from RocksDB and write it, merging included"),
    BUSY(0.6, "of a core", "that a job may use, so that it catches up after a failure"),
    SLAB_STREAMS(50_000, "streams", "at hand in a subtask: `slab.max-streams`"),
    SLAB_BYTES_BESIDE_FLOATS(250, "bytes", "of heap for a stream at hand beside 4 for each float"),
    HEAP_BYTES(0.5e9, "bytes", "of heap for a TaskManager beside what is at hand"),
    ROCKSDB_BYTES(0.5e9, "bytes", "of managed memory for a subtask"),
    PROCESS_BYTES(2e9, "bytes", "of a TaskManager beside both: classes, network, threads"),
    DISK_COPIES(3, "×", "the state on local disk: old and new files while RocksDB merges them"),
    STORED_COPIES(3, "×", "the state in checkpoint storage: two checkpoints, superseded rows"),
    RESTORED_COPIES(2, "×", "the state that is read at a restore: rows not merged yet"),
    REWRITTEN(6, "×", "what changed that a checkpoint writes, at most the state: merged files"),
    SAVED_PER_SECOND(100e6, "bytes/s", "to checkpoint storage, of a TaskManager"),
    RESTORED_PER_SECOND(100e6, "bytes/s", "from checkpoint storage, of a TaskManager"),
    CHECKPOINTS_APART(3, "×", "a checkpoint's duration between two, so that they do not pile up");

    private final double value;
    private final String unit;
    private final String meaning;

    Slope(double value, String unit, String meaning) {
        this.value = value;
        this.unit = unit;
        this.meaning = meaning;
    }

    double value() {
        return value;
    }

    String unit() {
        return unit;
    }

    /** What it is a measure of, as a sentence goes on after the unit. */
    String meaning() {
        return meaning;
    }
}
