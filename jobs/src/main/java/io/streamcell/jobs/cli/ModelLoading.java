package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.kernels.KernelProviders;
import io.streamcell.operators.OtherModelException;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import java.io.IOException;

/**
 * Reads the model and finds the kernel provider before a job starts, so that a mistake is found
 * before the first record.
 */
final class ModelLoading {
    private ModelLoading() {}

    static ServedModel load(ScoringOptions options) {
        KernelProviders.choose(options.value(ScoringOptions.KERNEL_PROVIDER));
        try {
            return ServedModel.of(options);
        } catch (OtherModelException e) {
            throw new ConfigurationException(e.getMessage(), e);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "model.uri must be a file that can be read, got %s: %s"
                            .formatted(options.value(ScoringOptions.MODEL_URI), e.getMessage()),
                    e);
        }
    }
}
