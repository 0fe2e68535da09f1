package io.streamcell.benchmarks;

import io.streamcell.benchmarks.hostile.HostileCommand;
import io.streamcell.benchmarks.kernels.CellsCommand;
import io.streamcell.benchmarks.kernels.KernelsCommand;
import io.streamcell.benchmarks.pipeline.PipelineCommand;
import io.streamcell.benchmarks.scale.ScaleCommand;
import io.streamcell.jobs.cli.Main;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry of {@code ./streamcell bench}. */
@Command(
        name = "streamcell bench",
        mixinStandardHelpOptions = true,
        description = "Measures Streamcell beside its peers, in one run.",
        subcommands = {
            KernelsCommand.class,
            CellsCommand.class,
            PipelineCommand.class,
            HostileCommand.class,
            ScaleCommand.class
        })
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) {
        System.exit(Main.execute(new CommandLine(new Bench()), arguments));
    }
}
