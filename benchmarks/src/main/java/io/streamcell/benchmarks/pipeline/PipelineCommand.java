package io.streamcell.benchmarks.pipeline;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code ./streamcell bench pipeline}. */
@Command(
        name = "pipeline",
        mixinStandardHelpOptions = true,
        description = "Kafka to Kafka, beside an identity operator and ONNX Runtime per record.")
public final class PipelineCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new UnsupportedOperationException("pipelines are not measured yet");
    }
}
