package io.streamcell.kernels.nd4j;

import java.util.Optional;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's backend, which is loaded when it is first asked for: seconds, and native libraries. */
final class Backend {
    private static final Optional<String> UNAVAILABLE = load();

    private Backend() {}

    static Optional<String> unavailable() {
        return UNAVAILABLE;
    }

    private static Optional<String> load() {
        Optional<String> limit = CudaLimit.reason();
        if (limit.isPresent()) {
            return limit;
        }
        try {
            Nd4j.getBackend();
            // A kernel is used by one thread, and threads of ND4J's own would contend with those.
            Nd4j.factory().blas().setMaxThreads(1);
            Nd4j.getEnvironment().setMaxMasterThreads(1);
            // Workspaces hold what a batch needs; a collection every few seconds frees nothing.
            Nd4j.getMemoryManager().togglePeriodicGc(false);
            return Optional.empty();
        } catch (LinkageError | RuntimeException e) {
            return Optional.of(
                    "ND4J must find a backend for this machine on the class path, got %s; kernels-nd4j brings the one for linux-x86_64 processors unless it is built with -Dnd4j.platform=..."
                            .formatted(root(e)));
        }
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
