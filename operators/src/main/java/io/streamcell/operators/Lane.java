package io.streamcell.operators;

import java.io.IOException;

/** One of a job's models, as a subtask serves it: its versions, its streams, and their rules. */
final class Lane implements AutoCloseable {
    private final KeyedStates states;
    private final ModelVersions versions;
    private final ResidentStreams streams;
    private final Turns turns;
    private final ScoringMetrics metrics;

    /**
     * @param model that the job is started with; those that take its place have inputs like its
     */
    Lane(
            ServedModel model,
            KeyedStates states,
            ModelChanges changes,
            ResetAlls resetAlls,
            NetworkSource source,
            ScoringOptions options,
            ScoringMetrics metrics)
            throws Exception {
        this.states = states;
        this.metrics = metrics;
        StreamTable table = new StreamTable();
        versions = new ModelVersions(new ModelCompiler(source, options, table, states, metrics));
        refresh(changes);
        streams = new ResidentStreams(states, table, versions);
        SequenceRules rules =
                new SequenceRules(
                        options, model.signature(), resetAlls, states.heldChunks(), versions);
        turns =
                new Turns(
                        streams,
                        versions,
                        rules,
                        states.heldChunks(),
                        new KeptTimesteps(options, model.signature()),
                        metrics,
                        model.signature().countedInput());
    }

    /** Looks which versions of the model there are, and compiles the newest. */
    void refresh(ModelChanges changes) throws Exception {
        versions.set(changes.first(name()), changes.of(name()));
        Engine newest = versions.engine(versions.newest());
        metrics.serves(name(), newest.scores().label());
    }

    String name() {
        return states.model();
    }

    KeyedStates states() {
        return states;
    }

    ModelVersions versions() {
        return versions;
    }

    ResidentStreams streams() {
        return streams;
    }

    Turns turns() {
        return turns;
    }

    /** Forgets the scores of a bundle that is emitted, and writes streams where many changed. */
    void settle() throws IOException {
        for (Engine engine : versions.engines()) {
            engine.scores().clear();
        }
        streams.settle();
        streams.trickle();
    }

    @Override
    public void close() {
        versions.close();
    }
}
