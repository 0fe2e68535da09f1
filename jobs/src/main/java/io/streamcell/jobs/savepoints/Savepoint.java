package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.config.Checkpoints;
import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.operators.Streamcell;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
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
import org.apache.flink.util.DynamicCodeLoadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A completed savepoint or checkpoint of a scoring job. Reading changes nothing in it.
 *
 * @param backend that reads it: {@code state.backend.type}
 * @param maxParallelism of the operator that scores
 * @param shared what its subtasks know beside the streams
 */
public record Savepoint(String folder, String backend, int maxParallelism, SharedState shared) {
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
        return new Savepoint(
                folder, backend(handles), scoring.getMaxParallelism(), shared(scoring));
    }

    /** Every subtask holds the same. */
    private static SharedState shared(OperatorState scoring) throws IOException {
        for (OperatorSubtaskState subtask : scoring.getStates()) {
            if (!subtask.getManagedOperatorState().isEmpty()) {
                return SharedState.read(List.copyOf(subtask.getManagedOperatorState()));
            }
        }
        return SharedState.NOTHING;
    }

    /**
     * Whether a savepoint holds streams alone, and nothing of sources and sinks.
     *
     * @param folder of one that is there
     */
    public static boolean isOfStreamsAlone(String folder) throws IOException {
        return SavepointLoader.loadSavepointMetadata(folder).getOperatorStates().stream()
                .allMatch(state -> state.getOperatorID().equals(SCORING.getOperatorId()));
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

    /**
     * All streams with all that there is of them, in no order, each once for every model that knows
     * it.
     */
    public DataStream<SavedStream> streams(StreamExecutionEnvironment environment)
            throws IOException {
        return read(environment, StreamReader.ofAll(shared.models().keySet()));
    }

    /**
     * The states of the streams that a model knows, in no order, each once.
     *
     * @throws ConfigurationException if the job has no such model
     */
    public DataStream<SavedStream> states(StreamExecutionEnvironment environment, String model)
            throws IOException {
        if (!shared.models().containsKey(model)) {
            throw new ConfigurationException(
                    "--model-name must be one of %s in %s, got %s"
                            .formatted(new TreeSet<>(shared.models().keySet()), folder, model));
        }
        return read(environment, StreamReader.ofStates(model));
    }

    private DataStream<SavedStream> read(
            StreamExecutionEnvironment environment, StreamReader reader) throws IOException {
        return SavepointReader.read(environment, folder, stateBackend(backend))
                .readKeyedState(SCORING, reader, Types.STRING, SavedStream.TYPE);
    }

    /** Whether an operator of the job left something in it. */
    public boolean has(String uid) throws IOException {
        var id = OperatorIdentifier.forUid(uid).getOperatorId();
        return SavepointLoader.loadSavepointMetadata(folder).getOperatorStates().stream()
                .anyMatch(state -> state.getOperatorID().equals(id) && state.getStateSize() > 0);
    }

    /** A list in operator state. */
    public <T> DataStream<T> listState(
            StreamExecutionEnvironment environment,
            String uid,
            String name,
            TypeInformation<T> type,
            TypeSerializer<T> serializer)
            throws IOException {
        return SavepointReader.read(environment, folder, stateBackend(backend))
                .readListState(OperatorIdentifier.forUid(uid), name, type, serializer);
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
