package io.streamcell.kernels.nd4j;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Which GPUs ND4J's CUDA backend serves. Its library holds machine code for compute capability 3.7
 * to 8.6 and nothing that a driver could compile for a newer one, where its first operation would
 * fail without saying why.
 */
final class CudaLimit {
    private static final String BACKEND = "org/nd4j/linalg/jcublas/JCublasBackend.class";
    private static final List<String> ASK =
            List.of("nvidia-smi", "--query-gpu=name,compute_cap", "--format=csv,noheader");
    private static final int NEWEST = 89;

    private CudaLimit() {}

    /**
     * Why the backend cannot serve this machine; empty where it can, or is not on the class path.
     */
    static Optional<String> reason() {
        if (CudaLimit.class.getClassLoader().getResource(BACKEND) == null) {
            return Optional.empty();
        }
        try {
            Process process = new ProcessBuilder(ASK).redirectErrorStream(true).start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? reason(said) : Optional.of(none(said));
        } catch (IOException e) {
            return Optional.of(none(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(none("an interruption"));
        }
    }

    private static String none(String found) {
        return "ND4J's CUDA backend needs an NVIDIA GPU and driver, got " + found.strip();
    }

    /**
     * The same for what nvidia-smi says.
     *
     * @param gpus a line for each: its name, a comma, its compute capability
     */
    static Optional<String> reason(String gpus) {
        String first = gpus.lines().findFirst().orElse("").strip();
        int comma = first.lastIndexOf(',');
        String capability = first.substring(comma + 1).strip();
        if (comma < 0 || !capability.matches("\\d+\\.\\d")) {
            return Optional.of(none(first.isEmpty() ? "none" : first));
        }
        return Integer.parseInt(capability.replace(".", "")) <= NEWEST
                ? Optional.empty()
                : Optional.of(
                        "ND4J's CUDA backend holds code for compute capability 3.7 to 8.6, which serves GPUs up to 8.9 (Ada), got %s (%s); kernel.provider cuda runs there, and kernels-nd4j built without -Dnd4j.cuda on the CPU"
                                .formatted(first.substring(0, comma).strip(), capability));
    }
}
