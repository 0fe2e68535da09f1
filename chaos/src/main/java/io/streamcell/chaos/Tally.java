package io.streamcell.chaos;

import java.util.EnumMap;
import java.util.Map;

/** What was done to a run. */
final class Tally {
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private int fromCheckpoints;
    private int fromSavepoints;

    void did(Fault fault) {
        faults.merge(fault, 1, Integer::sum);
    }

    void restoredFromCheckpoint() {
        fromCheckpoints++;
    }

    void restoredFromSavepoint() {
        fromSavepoints++;
    }

    private int count(Fault fault) {
        return faults.getOrDefault(fault, 0);
    }

    /** Processes of each kind that were killed with -9. */
    String kills() {
        return "%d of TaskManagers, %d of JobManagers, %d of brokers"
                .formatted(
                        count(Fault.KILL_TASK_MANAGER) + 2 * count(Fault.KILL_BOTH_TASK_MANAGERS),
                        count(Fault.KILL_JOB_MANAGER),
                        count(Fault.KILL_BROKER));
    }

    /** What ended in order, and what the job was restored from. */
    String restores() {
        return "%d from checkpoints (%d after a cancellation), %d from savepoints; %d clean restarts of the broker"
                .formatted(
                        fromCheckpoints,
                        count(Fault.CANCEL),
                        fromSavepoints,
                        count(Fault.RESTART_BROKER));
    }

    /** How often something was killed, or restored from elsewhere. */
    int killsAndRestores() {
        return faults.values().stream().mapToInt(Integer::intValue).sum()
                + count(Fault.KILL_BOTH_TASK_MANAGERS)
                - count(Fault.RESTART_BROKER);
    }
}
