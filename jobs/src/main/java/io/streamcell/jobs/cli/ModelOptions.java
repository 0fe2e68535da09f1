package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.config.JobConfiguration;
import io.streamcell.jobs.savepoints.Savepoint;
import io.streamcell.operators.ModelReference;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.StreamEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Option;

/** Which model made a savepoint's states, and what of it the job carried. */
final class ModelOptions {
    @Option(names = "--model", required = true, description = "The saved model.")
    private String model;

    @Option(names = "--carry", description = "always, as-saved or never, as in the job.")
    private String carry;

    @Option(names = "-D", description = "An option of the job, key=value.")
    private Map<String, String> options = new LinkedHashMap<>();

    /** The options of scoring that they are. */
    ScoringOptions scoring() {
        Configuration configuration = new Configuration();
        JobConfiguration.override(configuration, options);
        configuration.set(ScoringOptions.MODEL_URI, model);
        if (carry != null) {
            configuration.setString(ScoringOptions.MODEL_CARRY.key(), carry);
        }
        return JobConfiguration.scoring(configuration);
    }

    /**
     * The model.
     *
     * @throws ConfigurationException if the savepoint's states are another's, or differently
     *     carried
     */
    ServedModel of(Savepoint savepoint) throws Exception {
        ServedModel served = ModelLoading.load(scoring());
        ModelReference pinned =
                savepoint.models(LocalCluster.reading()).get(StreamEvent.DEFAULT_MODEL);
        if (pinned == null || pinned.fingerprint() != served.signature().fingerprint()) {
            throw new ConfigurationException(
                    "--model must be the one whose states are in %s (%s), got %s of %s"
                            .formatted(
                                    savepoint.folder(),
                                    pinned == null
                                            ? "none"
                                            : "%016x of %s"
                                                    .formatted(pinned.fingerprint(), pinned.uri()),
                                    served.signature().fingerprintText(),
                                    model));
        }
        if (!pinned.stateSizes().equals(served.reference().stateSizes())) {
            throw new ConfigurationException(
                    "the model must carry tensors of %s as in %s, got %s: was model.carry another in the job?"
                            .formatted(
                                    pinned.stateSizes(),
                                    savepoint.folder(),
                                    served.reference().stateSizes()));
        }
        return served;
    }
}
