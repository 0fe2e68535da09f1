package io.streamcell.benchmarks.pipeline;

import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.flink.configuration.ConfigOption;

/**
 * A network that lies on disk, as a job takes it.
 *
 * @param network for peers
 * @param served for Streamcell
 */
record SavedModel(LstmModel network, ServedModel served, ScoringOptions options) {
    /** Saves a workload's network. */
    static SavedModel save(Workload workload, Path folder) throws IOException {
        LstmModel network = LstmModel.random(workload.features(), workload.units());
        Path file =
                folder.resolve("lstm-%d-%d.keras".formatted(workload.features(), workload.units()));
        KerasFile.write(network, file);
        ScoringOptions options = ScoringOptions.forModel(file.toString());
        return new SavedModel(network, ServedModel.of(options), options);
    }

    /** The same with another value of an option. */
    <T> SavedModel with(ConfigOption<T> option, T value) {
        return new SavedModel(network, served, options.with(option, value));
    }
}
