package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.config.Checkpoints;
import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.operators.ModelReference;
import io.streamcell.operators.ModelReferenceSerializer;
import io.streamcell.operators.ScoringState;
import io.streamcell.operators.Streamcell;
import io.streamcell.state.ValueTypeInformation;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.state.KeyGroupsSavepointStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.apache.flink.state.api.OperatorIdentifier;
import org.apache.flink.state.api.SavepointReader;
import org.apache.flink.state.api.runtime.SavepointLoader;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.DynamicCodeLoadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A completed savepoint or checkpoint of a scoring job. Reading changes nothing in it.
 *
 * @param backend that reads it: {@code state.backend.type}
 * @param maxParallelism of the operator that scores
 */
public record Savepoint(String folder, String backend, int maxParallelism) {
    static final OperatorIdentifier SCORING = OperatorIdentifier.forUid(Streamcell.OPERATOR_UID);

    private static final Logger LOG = LoggerFactory.getLogger(Savepoint.class);
    private static final String ON_DISK = "rocksdb";
    private static final String IN_MEMORY = "hashmap";

    /**
     * The savepoint in a folder.
     *
     * @param parameter that names it
     * @throws ConfigurationException if there is none, or it is another job's
     */
    public static Savepoint at(String parameter, String folder) throws IOException {
        Checkpoints.at(parameter, folder);
        OperatorState scoring =
                SavepointLoader.loadSavepointMetadata(folder).getOperatorStates().stream()
                        .filter(state -> state.getOperatorID().equals(SCORING.getOperatorId()))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new ConfigurationException(
                                                "%s must be of a scoring job, got %s without an operator %s"
                                                        .formatted(
                                                                parameter,
                                                                folder,
                                                                Streamcell.OPERATOR_UID)));
        List<KeyedStateHandle> handles =
                scoring.getStates().stream()
                        .flatMap(subtask -> subtask.getManagedKeyedState().stream())
                        .toList();
        return new Savepoint(folder, backend(handles), scoring.getMaxParallelism());
    }

    /**
     * Which backend reads the streams: what is in the form that all read goes to disk, so that
     * memory is bounded; what hashmap wrote in its own form, only hashmap reads.
     */
    private static String backend(List<KeyedStateHandle> handles) {
        boolean heap =
                handles.stream()
                        .anyMatch(
                                handle ->
                                        handle instanceof KeyGroupsStateHandle
                                                && !(handle
                                                        instanceof KeyGroupsSavepointStateHandle));
        return heap ? IN_MEMORY : ON_DISK;
    }

    /** All streams, in no order, each once. */
    public DataStream<SavedStream> streams(StreamExecutionEnvironment environment)
            throws IOException {
        return reader(environment)
                .readKeyedState(SCORING, new StreamReader(), Types.STRING, SavedStream.TYPE);
    }

    /** The models that made the states, by name. */
    public Map<String, ModelReference> models(StreamExecutionEnvironment environment)
            throws Exception {
        DataStream<Tuple2<String, ModelReference>> pinned =
                reader(environment)
                        .readBroadcastState(
                                SCORING,
                                ScoringState.MODELS.getName(),
                                Types.STRING,
                                new ValueTypeInformation<>(
                                        ModelReference.class, new ModelReferenceSerializer()),
                                StringSerializer.INSTANCE,
                                new ModelReferenceSerializer());
        Map<String, ModelReference> models = new LinkedHashMap<>();
        try (CloseableIterator<Tuple2<String, ModelReference>> all = pinned.executeAndCollect()) {
            all.forEachRemaining(model -> models.put(model.f0, model.f1));
        }
        return models;
    }

    /** The resets of every stream that the job knew, as broadcast state holds them. */
    public Map<Long, Long> resetAlls(StreamExecutionEnvironment environment) throws Exception {
        Map<Long, Long> resets = new LinkedHashMap<>();
        try (CloseableIterator<Tuple2<Long, Long>> all =
                reader(environment)
                        .readBroadcastState(
                                SCORING,
                                ScoringState.RESET_ALLS.getName(),
                                Types.LONG,
                                Types.LONG,
                                LongSerializer.INSTANCE,
                                LongSerializer.INSTANCE)
                        .executeAndCollect()) {
            all.forEachRemaining(reset -> resets.put(reset.f0, reset.f1));
        }
        return resets;
    }

    private SavepointReader reader(StreamExecutionEnvironment environment) throws IOException {
        return SavepointReader.read(environment, folder, stateBackend(backend));
    }

    /** The backend that holds streams on disk. */
    static StateBackend onDisk() throws IOException {
        return stateBackend(ON_DISK);
    }

    private static StateBackend stateBackend(String name) throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, name);
        try {
            return StateBackendLoader.loadStateBackendFromConfig(
                    configuration, Savepoint.class.getClassLoader(), LOG);
        } catch (DynamicCodeLoadingException e) {
            throw new IOException("state backend %s must be there".formatted(name), e);
        }
    }
}
