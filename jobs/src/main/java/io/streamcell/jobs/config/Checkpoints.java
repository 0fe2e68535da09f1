package io.streamcell.jobs.config;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/** Finds completed checkpoints and savepoints by the file that Flink writes last. */
public final class Checkpoints {
    private static final String METADATA = "_metadata";
    private static final int DEEPEST = 3;

    private Checkpoints() {}

    /** A folder that holds one, and when it was completed. */
    public record Completed(String folder, Instant time) {}

    /**
     * The newest checkpoint or savepoint under the job's folders.
     *
     * @throws ConfigurationException if no folder is configured
     */
    public static Optional<Completed> latest(Configuration configuration) {
        List<Completed> found = new ArrayList<>();
        List<String> folders = new ArrayList<>();
        configuration
                .getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY)
                .ifPresent(folders::add);
        configuration.getOptional(CheckpointingOptions.SAVEPOINT_DIRECTORY).ifPresent(folders::add);
        if (folders.isEmpty()) {
            throw new ConfigurationException(
                    "--from latest needs option execution.checkpointing.dir, the folder of checkpoints; got none");
        }
        for (String folder : folders) {
            try {
                collect(new Path(folder), found);
            } catch (IOException e) {
                throw new ConfigurationException(
                        "execution.checkpointing.dir must be a readable folder, got %s: %s"
                                .formatted(folder, e.getMessage()),
                        e);
            }
        }
        return found.stream().max(Comparator.comparing(Completed::time));
    }

    /**
     * One checkpoint or savepoint by its folder.
     *
     * @param option that names it
     * @throws ConfigurationException if there is none
     */
    public static Completed at(String option, String folder) {
        Path path = new Path(folder);
        try {
            FileStatus metadata = path.getFileSystem().getFileStatus(new Path(path, METADATA));
            return new Completed(folder, Instant.ofEpochMilli(metadata.getModificationTime()));
        } catch (IOException e) {
            throw new ConfigurationException(
                    "%s must name a completed checkpoint or savepoint, got %s without a file %s"
                            .formatted(option, folder, METADATA),
                    e);
        }
    }

    /**
     * Refuses a checkpoint whose open transaction Kafka may have dropped.
     *
     * @param timeout of transactions
     */
    public static void checkAge(
            Completed checkpoint, Duration timeout, Configuration configuration, Instant now) {
        boolean exactlyOnce =
                configuration.get(JobOptions.OUTPUT_DELIVERY) == JobOptions.Delivery.EXACTLY_ONCE;
        boolean accepted =
                configuration.get(JobOptions.OUTPUT_ON_EXPIRED) == JobOptions.OnExpired.ACCEPT;
        Duration age = Duration.between(checkpoint.time(), now);
        if (exactlyOnce && !accepted && age.compareTo(timeout) > 0) {
            throw new ConfigurationException(
                    "a checkpoint must be younger than the transaction timeout of %d s, got one of %d s in %s: Kafka may have dropped the scores of its open transaction; output.on-expired=accept restores it nevertheless"
                            .formatted(timeout.toSeconds(), age.toSeconds(), checkpoint.folder()));
        }
    }

    /** What a folder holds; nothing where a job that runs removed it meanwhile. */
    private static FileStatus[] entries(FileSystem files, Path folder) throws IOException {
        try {
            FileStatus[] entries = files.listStatus(folder);
            return entries == null ? new FileStatus[0] : entries;
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }

    private static void collect(Path root, List<Completed> found) throws IOException {
        FileSystem files = root.getFileSystem();
        if (!files.exists(root)) {
            return;
        }
        Deque<Path> folders = new ArrayDeque<>(List.of(root));
        while (!folders.isEmpty()) {
            Path folder = folders.pop();
            for (FileStatus entry : entries(files, folder)) {
                if (entry.isDir() && entry.getPath().depth() - root.depth() < DEEPEST) {
                    folders.push(entry.getPath());
                } else if (entry.getPath().getName().equals(METADATA)) {
                    found.add(
                            new Completed(
                                    folder.toString(),
                                    Instant.ofEpochMilli(entry.getModificationTime())));
                }
            }
        }
    }
}
