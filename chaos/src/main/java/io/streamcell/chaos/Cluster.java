package io.streamcell.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A standalone Flink cluster: ZooKeeper, a JobManager and two TaskManagers, a process each. Owns
 * them.
 */
final class Cluster implements AutoCloseable {
    private static final int TASK_MANAGERS = 2;
    private static final Pattern SUBMITTED =
            Pattern.compile("Job has been submitted with JobID ([0-9a-f]{32})");

    private final FlinkInstallation flink;
    private final FlinkRest rest;
    private final ChildJvm zooKeeper;
    private final ChildJvm[] taskManagers = new ChildJvm[TASK_MANAGERS];
    private final String[] ids = new String[TASK_MANAGERS];
    private ChildJvm jobManager;
    private int started;

    private Cluster(FlinkInstallation flink) throws IOException {
        this.flink = flink;
        this.rest = new FlinkRest(flink.restPort());
        this.zooKeeper = flink.zooKeeper();
        startJobManager();
        for (int k = 0; k < TASK_MANAGERS; k++) {
            startTaskManager(k);
        }
    }

    static Cluster start(FlinkInstallation flink) throws IOException {
        return new Cluster(flink);
    }

    FlinkRest rest() {
        return rest;
    }

    void startJobManager() throws IOException {
        jobManager = flink.jobManager();
    }

    void startTaskManager(int number) throws IOException {
        ids[number] = "taskmanager%d-%d".formatted(number + 1, ++started);
        taskManagers[number] = flink.taskManager(ids[number]);
    }

    /** Waits until every TaskManager that was started is registered. */
    void awaitReady() throws Exception {
        Waiting.until("the cluster", this::ready);
    }

    private boolean ready() throws Exception {
        zooKeeper.checkAlive();
        jobManager.checkAlive();
        for (ChildJvm taskManager : taskManagers) {
            taskManager.checkAlive();
        }
        try {
            return rest.taskManagers().containsAll(Arrays.asList(ids));
        } catch (IOException e) {
            return false;
        }
    }

    /** Kills the JobManager with -9; gives its process id. */
    long killJobManager() throws InterruptedException {
        jobManager.kill();
        return jobManager.pid();
    }

    /** Kills a TaskManager with -9; gives its process id. */
    long killTaskManager(int number) throws InterruptedException {
        taskManagers[number].kill();
        return taskManagers[number].pid();
    }

    /** The TaskManagers, by number, on which a job has tasks. */
    List<Integer> busy(String job) throws IOException, InterruptedException {
        List<Integer> busy = new ArrayList<>();
        var used = rest.taskManagers(job);
        for (int k = 0; k < TASK_MANAGERS; k++) {
            if (used.contains(ids[k])) {
                busy.add(k);
            }
        }
        return busy;
    }

    /**
     * {@code flink run -d}: gives the job's id.
     *
     * @param jar the job's
     * @param savepoint to go on from; null to start fresh
     */
    String submit(Path jar, Path jobFile, String savepoint) throws Exception {
        List<String> call = new ArrayList<>(List.of("run", "-d"));
        if (savepoint != null) {
            call.addAll(List.of("-s", savepoint));
        }
        call.addAll(List.of(jar.toString(), "--config", jobFile.toString()));
        Path log = flink.log("flink");
        Files.deleteIfExists(log);
        int status = flink.client(call).await();
        String said = Files.readString(log);
        Matcher submitted = SUBMITTED.matcher(said);
        if (status != 0 || !submitted.find()) {
            throw new IllegalStateException("flink run must submit the job, got " + said);
        }
        return submitted.group(1);
    }

    @Override
    public void close() {
        for (ChildJvm taskManager : taskManagers) {
            taskManager.close();
        }
        jobManager.close();
        zooKeeper.close();
    }
}
