package io.streamcell.chaos;

import java.util.ArrayList;
import java.util.List;

/** What is done to a run. */
enum Fault {
    /** One that has tasks is killed with -9 and started anew. */
    KILL_TASK_MANAGER,
    /** Both are killed with -9 at once, and started anew. */
    KILL_BOTH_TASK_MANAGERS,
    /** Killed with -9 and started anew. */
    KILL_JOB_MANAGER,
    /** Killed with -9, away for a while, and started again on what it had written. */
    KILL_BROKER,
    /** Told to end, and started again. */
    RESTART_BROKER,
    /** Stopped with a canonical savepoint; goes on with another parallelism and state backend. */
    RESCALE,
    /** Cancelled without a savepoint; goes on from the newest checkpoint that was kept. */
    CANCEL;

    /** Some of each, a minute and a half. */
    static List<Fault> few() {
        return List.of(KILL_TASK_MANAGER, KILL_BROKER, RESCALE);
    }

    /** Every kind, again and again. */
    static List<Fault> many() {
        List<Fault> round =
                List.of(
                        KILL_TASK_MANAGER,
                        RESCALE,
                        KILL_BROKER,
                        KILL_TASK_MANAGER,
                        RESCALE,
                        KILL_JOB_MANAGER,
                        KILL_BOTH_TASK_MANAGERS,
                        CANCEL,
                        RESTART_BROKER);
        List<Fault> all = new ArrayList<>();
        for (int k = 0; k < 3; k++) {
            all.addAll(round);
        }
        return all;
    }
}
