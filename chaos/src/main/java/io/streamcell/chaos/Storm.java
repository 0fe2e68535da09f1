package io.streamcell.chaos;

import io.streamcell.chaos.FlinkRest.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;

/** A job that runs, and what is done to it, one thing after another, each until it runs again. */
final class Storm {
    private static final int[] PARALLELISMS = {1, 3, 2};
    private static final String[] BACKENDS = {"hashmap", "rocksdb"};
    private static final Duration SILENCE = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Broker broker;
    private final Cluster cluster;
    private final Committed committed;
    private final Path jar;
    private final JobFile jobFile;
    private final Random random;
    private final Log log;
    private final Tally tally = new Tally();
    private String job;
    private int submissions;

    Storm(
            Broker broker,
            Cluster cluster,
            Committed committed,
            Path jar,
            JobFile jobFile,
            long seed,
            Log log) {
        this.broker = broker;
        this.cluster = cluster;
        this.committed = committed;
        this.jar = jar;
        this.jobFile = jobFile;
        this.random = new Random(seed);
        this.log = log;
    }

    Tally tally() {
        return tally;
    }

    private int parallelism() {
        return PARALLELISMS[submissions % PARALLELISMS.length];
    }

    private String backend() {
        return BACKENDS[submissions % BACKENDS.length];
    }

    private String how() {
        return "parallelism %d, %s".formatted(parallelism(), backend());
    }

    /** Starts the job afresh, and waits for its first checkpoint. */
    void begin() throws Exception {
        submit(null);
        awaitCheckpoint(0);
        log.say("the job runs (%s) and its first checkpoint is complete", how());
    }

    private void submit(String from) throws Exception {
        job = cluster.submit(jar, jobFile.write(parallelism(), backend()), from);
    }

    /**
     * Does one thing after another, each when its share of the feed is sent; then reads until all
     * has come, and stops the job.
     *
     * @param expected how many records are to come
     */
    void rage(List<Fault> faults, Feeder feeder, Future<Long> feeding, FeedSize size, int expected)
            throws Exception {
        for (int k = 0; k < faults.size(); k++) {
            long due = size.timesteps() * (k + 1) / (faults.size() + 1);
            feeder.allow(due);
            while (feeder.timesteps() < due) {
                read(feeding);
            }
            // A little into what follows, so that checkpoints are hit in all their phases.
            feeder.allow(size.timesteps() * (k + 2) / (faults.size() + 1));
            long pause = System.nanoTime() + random.nextInt(1_500) * 1_000_000L;
            while (System.nanoTime() < pause) {
                read(feeding);
            }
            log.say(
                    "%,d timesteps sent, %,d records committed; %s",
                    feeder.timesteps(), committed.count(), how());
            strike(faults.get(k), feeding);
            tally.did(faults.get(k));
        }
        feeder.allow(Long.MAX_VALUE);
        finish(feeding, expected);
    }

    private void read(Future<Long> feeding) throws Exception {
        committed.read(POLL);
        if (feeding.isDone()) {
            feeding.get();
        }
    }

    private void finish(Future<Long> feeding, int expected) throws Exception {
        long last = System.nanoTime();
        while (committed.count() < expected) {
            if (committed.read(POLL) > 0) {
                last = System.nanoTime();
            }
            if (feeding.isDone()) {
                feeding.get();
            }
            if (System.nanoTime() - last > SILENCE.toNanos()) {
                log.say(
                        "no record for %d s: %d of %d came; the job is %s",
                        SILENCE.toSeconds(),
                        committed.count(),
                        expected,
                        cluster.rest().status(job));
                break;
            }
        }
        String savepoint = cluster.rest().stop(job, jobFile.folder().resolve("savepoints"));
        log.say("all records have come; stopped with savepoint %s", name(savepoint));
        committed.readToEnd();
    }

    private void strike(Fault fault, Future<Long> feeding) throws Exception {
        long before = cluster.rest().restored(job).triggeredAt();
        long began = System.nanoTime();
        switch (fault) {
            case KILL_TASK_MANAGER -> {
                List<Integer> busy = cluster.busy(job);
                killTaskManagers(List.of(busy.get(random.nextInt(busy.size()))));
            }
            case KILL_BOTH_TASK_MANAGERS -> killTaskManagers(List.of(0, 1));
            case KILL_JOB_MANAGER -> {
                log.say("  kill -9 of the JobManager (pid %d)", cluster.killJobManager());
                cluster.startJobManager();
                cluster.awaitReady();
            }
            case KILL_BROKER -> {
                log.say("  kill -9 of the broker (pid %d)", broker.pid());
                broker.kill();
                restartBroker();
            }
            case RESTART_BROKER -> {
                log.say("  kill of the broker (pid %d), which ends in order", broker.pid());
                broker.stop();
                restartBroker();
            }
            case RESCALE -> {
                String savepoint = cluster.rest().stop(job, jobFile.folder().resolve("savepoints"));
                submissions++;
                log.say("  stopped with savepoint %s; going on with %s", name(savepoint), how());
                submit(savepoint);
                tally.restoredFromSavepoint();
            }
            case CANCEL -> {
                cluster.rest().cancel(job);
                Waiting.until(
                        "the end of the job", () -> cluster.rest().status(job).equals("CANCELED"));
                Checkpoint kept = cluster.rest().newest(job);
                log.say("  cancelled; going on from checkpoint %d", kept.id());
                submit(kept.path());
                tally.restoredFromCheckpoint();
            }
        }
        recover(fault, before, began, feeding);
    }

    private void killTaskManagers(List<Integer> numbers) throws Exception {
        for (int number : numbers) {
            long pid = cluster.killTaskManager(number);
            log.say("  kill -9 of TaskManager %d (pid %d)", number + 1, pid);
        }
        for (int number : numbers) {
            cluster.startTaskManager(number);
        }
        cluster.awaitReady();
    }

    private void restartBroker() throws Exception {
        Thread.sleep(random.nextInt(3_000));
        broker.start();
        broker.awaitReady();
    }

    /** Waits for a checkpoint that began after the fault; a kill must have led to a restore. */
    private void recover(Fault fault, long restoredBefore, long began, Future<Long> feeding)
            throws Exception {
        boolean mustRestore =
                switch (fault) {
                    case KILL_TASK_MANAGER, KILL_BOTH_TASK_MANAGERS, KILL_JOB_MANAGER -> true;
                    default -> false;
                };
        boolean same = fault != Fault.RESCALE && fault != Fault.CANCEL;
        if (mustRestore) {
            await("a restore", feeding, () -> restored().triggeredAt() > restoredBefore);
        }
        awaitCheckpoint(Math.max(restored().triggeredAt(), System.currentTimeMillis()));
        Checkpoint restored = restored();
        boolean wasRestored = restored.triggeredAt() > restoredBefore;
        if (wasRestored && same) {
            tally.restoredFromCheckpoint();
        }
        log.say(
                "  %s; the next checkpoint was complete %.1f s after the blow",
                !wasRestored
                        ? "the job went on by itself"
                        : same ? "restored from checkpoint " + restored.id() : "restored",
                (System.nanoTime() - began) / 1e9);
    }

    private Checkpoint restored() throws IOException, InterruptedException {
        return cluster.rest().restored(job);
    }

    private void awaitCheckpoint(long since) throws Exception {
        Waiting.until(
                "a checkpoint",
                () -> {
                    committed.read(POLL);
                    try {
                        checkAlive();
                        return cluster.rest().newest(job).triggeredAt() > since;
                    } catch (IOException e) {
                        return false;
                    }
                });
    }

    private void await(String what, Future<Long> feeding, Waiting.Question question)
            throws Exception {
        Waiting.until(
                what,
                () -> {
                    read(feeding);
                    try {
                        return question.ask();
                    } catch (IOException e) {
                        return false;
                    }
                });
    }

    private void checkAlive() throws IOException, InterruptedException {
        String status = cluster.rest().status(job);
        if (status.equals("FAILED") || status.equals("FINISHED") || status.equals("CANCELED")) {
            throw new IllegalStateException(
                    "the job must run until it is stopped, but it is %s: %s"
                            .formatted(status, cluster.rest().failure(job)));
        }
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
