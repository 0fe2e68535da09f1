package io.streamcell.jobs.savepoints;

import io.streamcell.operators.ModelChange;
import io.streamcell.operators.ModelReference;
import io.streamcell.operators.ScoringState;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.state.DefaultOperatorStateBackend;
import org.apache.flink.runtime.state.DefaultOperatorStateBackendBuilder;
import org.apache.flink.runtime.state.OperatorStateHandle;

/**
 * What every subtask of a scoring job knows beside its streams.
 *
 * @param models that the job began with, by name
 * @param changes the models that took their places, by number
 * @param resetAlls the resets of every stream, as broadcast state holds them
 */
public record SharedState(
        Map<String, ModelReference> models,
        Map<Long, ModelChange> changes,
        Map<Long, Long> resetAlls) {
    /** Of a job that has not begun. */
    public static final SharedState NOTHING = new SharedState(Map.of(), Map.of(), Map.of());

    public SharedState {
        models = Map.copyOf(models);
        changes = Map.copyOf(changes);
        resetAlls = Map.copyOf(resetAlls);
    }

    /**
     * What a subtask's snapshot holds.
     *
     * @param handles of its state that is not keyed
     */
    static SharedState read(List<OperatorStateHandle> handles) throws IOException {
        try (CloseableRegistry files = new CloseableRegistry()) {
            DefaultOperatorStateBackend backend =
                    new DefaultOperatorStateBackendBuilder(
                                    SharedState.class.getClassLoader(),
                                    new ExecutionConfig(),
                                    false,
                                    handles,
                                    files)
                            .build();
            try {
                return new SharedState(
                        read(backend, ScoringState.MODELS),
                        read(backend, ScoringState.MODEL_CHANGES),
                        read(backend, ScoringState.RESET_ALLS));
            } finally {
                backend.dispose();
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("broadcast state must be readable: " + e.getMessage(), e);
        }
    }

    private static <K, V> Map<K, V> read(
            OperatorStateStore store, MapStateDescriptor<K, V> descriptor) throws Exception {
        Map<K, V> read = new HashMap<>();
        BroadcastState<K, V> state = store.getBroadcastState(descriptor);
        state.immutableEntries().forEach(each -> read.put(each.getKey(), each.getValue()));
        return read;
    }

    /** Gives it to a job that is about to begin. */
    void write(OperatorStateStore store) throws Exception {
        store.getBroadcastState(ScoringState.MODELS).putAll(models);
        store.getBroadcastState(ScoringState.MODEL_CHANGES).putAll(changes);
        store.getBroadcastState(ScoringState.RESET_ALLS).putAll(resetAlls);
    }

    /** With another model beside those that are there. */
    public SharedState with(String name, ModelReference model) {
        Map<String, ModelReference> more = new HashMap<>(models);
        more.put(name, model);
        return new SharedState(more, changes, resetAlls);
    }

    /**
     * The number of the change by which a network last took a model's place; 0 for the one that the
     * job began with, nothing for one that never served it.
     */
    public OptionalLong version(String name, long fingerprint) {
        for (Map.Entry<Long, ModelChange> each :
                new TreeMap<>(changes).descendingMap().entrySet()) {
            ModelChange change = each.getValue();
            if (change.name().equals(name) && change.model().fingerprint() == fingerprint) {
                return OptionalLong.of(each.getKey());
            }
        }
        ModelReference first = models.get(name);
        return first != null && first.fingerprint() == fingerprint
                ? OptionalLong.of(0)
                : OptionalLong.empty();
    }

    /** The network of a version. */
    public ModelReference model(String name, long version) {
        return version == 0 ? models.get(name) : changes.get(version).model();
    }
}
