package io.streamcell.operators;

import io.streamcell.state.StreamState;

/**
 * What becomes of a stream's state that another network made ({@code sequence.on-model-change}).
 */
final class ModelChange {
    private final SequencePolicy.OnModelChange policy;

    private ModelChange(SequencePolicy.OnModelChange policy) {
        this.policy = policy;
    }

    /**
     * Compares the pinned model of a restored job with the configured one.
     *
     * @param pinned in the checkpoint; null for a job that starts fresh
     * @throws ModelChangedException if they differ and the policy does not allow it
     */
    static ModelChange check(
            ModelReference pinned, ModelReference configured, SequencePolicy.OnModelChange policy) {
        if (pinned == null || pinned.fingerprint() == configured.fingerprint()) {
            return new ModelChange(SequencePolicy.OnModelChange.FAIL);
        }
        if (policy == SequencePolicy.OnModelChange.FAIL) {
            throw new ModelChangedException(
                    "the model must be the one whose states are restored (%016x of %s), got %016x of %s; "
                                    .formatted(
                                            pinned.fingerprint(),
                                            pinned.uri(),
                                            configured.fingerprint(),
                                            configured.uri())
                            + "sequence.on-model-change=reset or keep allows another");
        }
        if (policy == SequencePolicy.OnModelChange.KEEP
                && !pinned.stateSizes().equals(configured.stateSizes())) {
            throw new ModelChangedException(
                    "to keep states, models must carry the same tensors: %s of %s, got %s of %s"
                            .formatted(
                                    pinned.stateSizes(),
                                    pinned.uri(),
                                    configured.stateSizes(),
                                    configured.uri()));
        }
        return new ModelChange(policy);
    }

    /**
     * The vector to go on with, or null for the initial state; the stream's next score is flagged.
     */
    StreamState.Vector apply(Resident resident, StreamState.Vector old) {
        if (policy == SequencePolicy.OnModelChange.FAIL) {
            throw new IllegalStateException(
                    "the state of stream %s must be of the job's model, got one of %016x"
                            .formatted(resident.stream, old.fingerprint()));
        }
        resident.pendingFlags |= StreamState.MODEL;
        return policy == SequencePolicy.OnModelChange.KEEP ? old : null;
    }
}
