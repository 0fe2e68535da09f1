package io.streamcell.benchmarks.kernels;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code ./streamcell bench kernels}. */
@Command(
        name = "kernels",
        mixinStandardHelpOptions = true,
        description = "Recurrent layers on every provider and peer, one thread each.")
public final class KernelsCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new UnsupportedOperationException("kernels are not measured yet");
    }
}
