package io.streamcell.operators;

import io.streamcell.operators.SequencePolicy.OnModelChange;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.api.common.state.BroadcastState;

/**
 * The models that the job began with, by name, and those that took their places, in the order in
 * which they did. Each change has a number, from 1; a stream knows the number of the last one that
 * it went through. Kept in broadcast state, the same on every subtask.
 */
final class ModelChanges {
    private final BroadcastState<String, ModelReference> first;
    private final BroadcastState<Long, ModelChange> state;
    private final TreeMap<Long, ModelChange> changes = new TreeMap<>();

    /** Takes over what a checkpoint holds. */
    ModelChanges(
            BroadcastState<String, ModelReference> first, BroadcastState<Long, ModelChange> state)
            throws Exception {
        this.first = first;
        this.state = state;
        for (Map.Entry<Long, ModelChange> each : state.immutableEntries()) {
            changes.put(each.getKey(), each.getValue());
        }
    }

    /**
     * Notes which model the job is started with. If it is another one than the job was started with
     * before, it takes over at once; one that took over by a control event stays.
     *
     * @throws ModelChangedException if the policy does not allow another model
     */
    void configure(String name, ModelReference configured, OnModelChange policy) throws Exception {
        ModelReference pinned = first.get(name);
        if (pinned == null) {
            first.put(name, configured);
            return;
        }
        ModelReference newest = newest(name);
        if (!isSame(configured, newest) && !isSame(configured, configuredBefore(name))) {
            check(newest, configured, policy);
            add(new ModelChange(name, ModelChange.AT_ONCE, policy, configured));
        }
    }

    private static boolean isSame(ModelReference a, ModelReference b) {
        return a.fingerprint() == b.fingerprint();
    }

    private ModelReference configuredBefore(String name) throws Exception {
        ModelReference before = first.get(name);
        for (ModelChange change : of(name).values()) {
            if (change.time() == ModelChange.AT_ONCE) {
                before = change.model();
            }
        }
        return before;
    }

    private static void check(
            ModelReference pinned, ModelReference configured, OnModelChange policy) {
        if (policy == OnModelChange.FAIL) {
            throw new ModelChangedException(
                    "the model must be the one whose states are restored (%016x of %s), got %016x of %s; "
                                    .formatted(
                                            pinned.fingerprint(),
                                            pinned.uri(),
                                            configured.fingerprint(),
                                            configured.uri())
                            + "sequence.on-model-change=reset or keep allows another");
        }
        unlike(pinned, configured, policy)
                .ifPresent(
                        message -> {
                            throw new ModelChangedException(message);
                        });
    }

    /** Why states cannot be kept, where they are to be. */
    private static Optional<String> unlike(
            ModelReference before, ModelReference after, OnModelChange policy) {
        return policy != OnModelChange.KEEP || before.stateSizes().equals(after.stateSizes())
                ? Optional.empty()
                : Optional.of(
                        "to keep states, models must carry the same tensors: %s of %s, got %s of %s"
                                .formatted(
                                        before.stateSizes(),
                                        before.uri(),
                                        after.stateSizes(),
                                        after.uri()));
    }

    /** Why a change cannot be taken. */
    Optional<String> refused(ModelChange change) throws Exception {
        return unlike(newest(change.name()), change.model(), change.policy());
    }

    /** Takes a change. */
    void add(ModelChange change) throws Exception {
        long number = changes.isEmpty() ? 1 : changes.lastKey() + 1;
        changes.put(number, change);
        state.put(number, change);
    }

    /** The model that took over last, whenever it does. */
    private ModelReference newest(String name) throws Exception {
        NavigableMap<Long, ModelChange> own = of(name);
        return own.isEmpty() ? first.get(name) : own.lastEntry().getValue().model();
    }

    /** The model that the job began with. */
    ModelReference first(String name) throws Exception {
        return first.get(name);
    }

    /** A model's changes, by their numbers. */
    NavigableMap<Long, ModelChange> of(String name) {
        TreeMap<Long, ModelChange> own = new TreeMap<>(changes);
        own.values().removeIf(change -> !change.name().equals(name));
        return own;
    }
}
