package io.streamcell.benchmarks.kernels;

/** Who takes part: a provider of ours or a peer. */
interface Library {
    /** The name in tables and JSON, such as {@code onnxruntime}. */
    String name();

    /** Whether it has what the case asks for. */
    boolean computes(Workload workload);

    /**
     * Makes a task ready.
     *
     * @throws Exception if the library cannot be loaded or refuses the task
     * @throws LinkageError if its native part cannot be loaded
     */
    Subject open(Task task) throws Exception;
}
