package io.streamcell.kernels.nd4j;

import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Where arrays lie while a batch is computed. Arrays made between opening a scope and closing it
 * are gone when it is closed; its memory is used again when it is next opened, and grows to what
 * the largest batch needed. Each thread has its own, shared by its kernels.
 */
final class Scopes {
    private static final WorkspaceConfiguration GROWING =
            WorkspaceConfiguration.builder()
                    .policyAllocation(AllocationPolicy.OVERALLOCATE)
                    .policyLearning(LearningPolicy.FIRST_LOOP)
                    .policySpill(SpillPolicy.REALLOCATE)
                    .policyReset(ResetPolicy.BLOCK_LEFT)
                    .build();

    private Scopes() {}

    /** For the sequences and states of a batch. */
    static MemoryWorkspace batch() {
        return open("streamcell-batch");
    }

    /** For what a timestep computes on its way; inside a batch's. */
    static MemoryWorkspace timestep() {
        return open("streamcell-timestep");
    }

    /** For what outlives batches; outside all others. */
    static MemoryWorkspace none() {
        return Nd4j.getWorkspaceManager().scopeOutOfWorkspaces();
    }

    private static MemoryWorkspace open(String name) {
        return Nd4j.getWorkspaceManager().getAndActivateWorkspace(GROWING, name);
    }
}
