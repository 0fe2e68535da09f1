package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.config.JobConfiguration;
import io.streamcell.jobs.savepoints.GivenModel;
import io.streamcell.jobs.savepoints.Savepoint;
import io.streamcell.jobs.savepoints.SharedState;
import io.streamcell.operators.ModelReference;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.StreamEvent;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Option;

/** Which model made the states, and what of it the job carried. */
final class ModelOptions {
    @Option(names = "--config", description = "The job's options, job.yaml.")
    private Path config;

    @Option(names = "--model", description = "The saved model; else the one of the options.")
    private String model;

    @Option(
            names = "--model-name",
            defaultValue = StreamEvent.DEFAULT_MODEL,
            description = "Its name, of a job with several models.")
    private String name;

    @Option(names = "--carry", description = "always, as-saved or never, as in the job.")
    private String carry;

    @Option(names = "-D", description = "An option of the job, key=value.")
    private Map<String, String> options = new LinkedHashMap<>();

    /** The model's name in the job. */
    String name() {
        return name;
    }

    /** The job's options, as far as they are given. */
    Configuration configuration() {
        Configuration configuration =
                config == null ? new Configuration() : JobConfiguration.read(config);
        JobConfiguration.override(configuration, options);
        if (carry != null) {
            configuration.setString(ScoringOptions.MODEL_CARRY.key(), carry);
        }
        return configuration;
    }

    /** The options of scoring by this model alone. */
    private ScoringOptions scoring() {
        Configuration configuration = configuration();
        String uri = model == null ? uri(configuration) : model;
        // A file that the call names is another than the one that the job's options pin.
        String sha256 = model == null ? configuration.toMap().get(key(".sha256")) : null;
        configuration.keySet().stream()
                .filter(ScoringOptions::isModelKey)
                .forEach(configuration::removeKey);
        configuration.removeConfig(ScoringOptions.MODEL_SHA256);
        configuration.set(ScoringOptions.MODEL_URI, uri);
        if (sha256 != null) {
            configuration.set(ScoringOptions.MODEL_SHA256, sha256);
        }
        return JobConfiguration.scoring(configuration);
    }

    private String key(String option) {
        return (name.equals(StreamEvent.DEFAULT_MODEL) ? "model" : "models." + name) + option;
    }

    private String uri(Configuration configuration) {
        String uri = configuration.toMap().get(key(".uri"));
        if (uri == null) {
            throw new ConfigurationException(
                    "--model must name the saved model, or --config a file with %s; got neither"
                            .formatted(key(".uri")));
        }
        return uri;
    }

    /**
     * The model that made states of a savepoint.
     *
     * @throws ConfigurationException if the savepoint's states are another's, or differently
     *     carried
     */
    ServedModel of(Savepoint savepoint) throws Exception {
        return of(savepoint.shared(), savepoint.folder()).served();
    }

    /**
     * The model of states that are given to a job.
     *
     * @param shared of the job
     * @param folder of its savepoint
     */
    GivenModel of(SharedState shared, String folder) throws Exception {
        ScoringOptions scoring = scoring();
        ServedModel served = ModelLoading.load(scoring);
        long version = version(shared, folder, served);
        return new GivenModel(name, served, version, scoring.value(ScoringOptions.MODEL_CARRY));
    }

    private long version(SharedState shared, String folder, ServedModel served) {
        ModelReference first = shared.models().get(name);
        OptionalLong version = shared.version(name, served.signature().fingerprint());
        if (version.isEmpty()) {
            throw new ConfigurationException(
                    "--model must be the one whose states are in %s (%s), got %s of %s"
                            .formatted(
                                    folder,
                                    first == null
                                            ? "none of the name " + name
                                            : "%016x of %s"
                                                    .formatted(first.fingerprint(), first.uri()),
                                    served.signature().fingerprintText(),
                                    served.reference().uri()));
        }
        ModelReference pinned = shared.model(name, version.getAsLong());
        if (!pinned.stateSizes().equals(served.reference().stateSizes())) {
            throw new ConfigurationException(
                    "the model must carry tensors of %s as in %s, got %s: was model.carry another in the job?"
                            .formatted(
                                    pinned.stateSizes(), folder, served.reference().stateSizes()));
        }
        return version.getAsLong();
    }

    /** The model of states that are given to a job which does not serve it yet. */
    GivenModel ofNew() throws Exception {
        ScoringOptions scoring = scoring();
        ServedModel served = ModelLoading.load(scoring);
        return new GivenModel(name, served, 0, scoring.value(ScoringOptions.MODEL_CARRY));
    }
}
