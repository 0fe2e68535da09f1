package io.streamcell.operators;

import java.io.IOException;
import java.util.NavigableMap;

/** One of a job's models, as a subtask serves it: its versions, its streams, and their rules. */
final class Lane implements AutoCloseable {
    private final String name;
    private final ModelVersions versions;
    private final ResidentStreams streams;
    private final Turns turns;
    private final ScoringMetrics metrics;

    /**
     * @param model that the job is started with; those that take its place have inputs like its
     * @param name of the model in events
     */
    Lane(
            ServedModel model,
            String name,
            StreamStates states,
            HeldChunks heldChunks,
            ResetAlls resetAlls,
            NetworkSource source,
            ScoringOptions options,
            ScoringMetrics metrics) {
        this.name = name;
        this.metrics = metrics;
        StreamTable table = new StreamTable();
        versions = new ModelVersions(new ModelCompiler(source, options, table, states, metrics));
        streams = new ResidentStreams(states, table, versions);
        SequenceRules rules =
                new SequenceRules(options, model.signature(), resetAlls, heldChunks, versions);
        turns =
                new Turns(
                        streams,
                        versions,
                        rules,
                        heldChunks,
                        new KeptTimesteps(options, model.signature()),
                        metrics,
                        model.signature().countedInput());
    }

    /** Looks which versions of the model there are, and compiles the newest. */
    void refresh(ModelChanges changes) throws Exception {
        serve(changes.first(name), changes.of(name));
    }

    /**
     * Compiles the newest of the model's versions.
     *
     * @param first that its streams began with
     * @param since those that took its place, by their numbers
     */
    void serve(ModelReference first, NavigableMap<Long, ModelChange> since) throws IOException {
        versions.set(first, since);
        Engine newest = versions.engine(versions.newest());
        metrics.serves(name, newest.scores().label());
    }

    String name() {
        return name;
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
