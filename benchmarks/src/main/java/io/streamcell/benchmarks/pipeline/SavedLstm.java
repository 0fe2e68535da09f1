package io.streamcell.benchmarks.pipeline;

import java.io.IOException;
import java.nio.file.Path;

/** The pipelines' network, for other benchmarks. */
public final class SavedLstm {
    private SavedLstm() {}

    /** Saves LSTM(units) and Dense(1), an output per timestep, in Keras's format. */
    public static Path save(int features, int units, Path folder) throws IOException {
        Path file = folder.resolve("lstm-%d-%d.keras".formatted(features, units));
        KerasFile.write(LstmModel.random(features, units), file);
        return file;
    }
}
